"""A pause that asyncio doesn't understand."""

import asyncio
from collections.abc import Generator


class Question:
    def __await__(self) -> Generator[str, str, str]:
        answer = yield "Which drink?"
        return answer


async def main() -> None:
    try:
        drink = await Question()
        print(f"a cup of {drink}")
    except RuntimeError as error:
        print("RuntimeError:", error)


if __name__ == "__main__":
    asyncio.run(main())
