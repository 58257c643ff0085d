"""gather() instead of a group, which older Pythons have too."""

import asyncio


async def send_letter(name: str) -> None:
    await asyncio.sleep(0.5)
    print("sent to", name)


async def main() -> None:
    await asyncio.gather(send_letter("Ada"), send_letter("Grace"))


if __name__ == "__main__":
    asyncio.run(main())
