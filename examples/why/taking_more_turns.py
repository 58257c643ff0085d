"""One clerk, two customers, and one more pause."""

import asyncio


async def fetch_parcel(customer: str, seconds: float) -> None:
    print(f"{customer}: asks for a parcel")
    await asyncio.sleep(0)
    print(f"{customer}: steps aside")
    await asyncio.sleep(seconds)
    print(f"{customer}: has the parcel")


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(fetch_parcel("Ada", 0.5), name="Ada")
        group.create_task(fetch_parcel("Ben", 0.3), name="Ben")


if __name__ == "__main__":
    asyncio.run(main())
