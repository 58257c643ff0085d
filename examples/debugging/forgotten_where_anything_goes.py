"""Two forgotten awaits in places that accept any type."""

import asyncio


async def fetch_price(name: str) -> int:
    await asyncio.sleep(0.1)
    return len(name)


async def main() -> None:
    print("tea costs", fetch_price("tea"))
    bread = f"bread costs {fetch_price('bread')}"
    print("the label says:", bread.partition(" at ")[0])


if __name__ == "__main__":
    asyncio.run(main())
