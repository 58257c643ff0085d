"""A context variable that another task resets."""

import asyncio
from contextvars import ContextVar, Token

user: ContextVar[str] = ContextVar("user")


async def log_out(token: Token[str]) -> None:
    try:
        user.reset(token)
    except ValueError as error:
        print(type(error).__name__, error, sep=": ")


async def main() -> None:
    token = user.set("ada")
    await asyncio.create_task(log_out(token))
    print("user:", user.get("nobody"))


if __name__ == "__main__":
    asyncio.run(main())
