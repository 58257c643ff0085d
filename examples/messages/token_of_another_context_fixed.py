"""A context variable that the same task resets."""

import asyncio
from contextvars import ContextVar, Token

user: ContextVar[str] = ContextVar("user")


async def log_out(token: Token[str]) -> None:
    user.reset(token)


async def main() -> None:
    token = user.set("ada")
    await log_out(token)
    print("user:", user.get("nobody"))


if __name__ == "__main__":
    asyncio.run(main())
