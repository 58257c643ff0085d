"""Two couriers share five parcels."""

import asyncio


async def deliver(queue: asyncio.Queue[int | None], courier: str) -> None:
    while (parcel := await queue.get()) is not None:
        await asyncio.sleep(0.5)
        print(f"{courier} delivered parcel {parcel}")
    print(f"{courier} goes home")


async def main() -> None:
    queue: asyncio.Queue[int | None] = asyncio.Queue()
    async with asyncio.TaskGroup() as group:
        for courier in ("Ada", "Grace"):
            group.create_task(deliver(queue, courier), name=courier)
        for parcel in range(1, 6):
            await queue.put(parcel)
        for _ in range(2):
            await queue.put(None)


if __name__ == "__main__":
    asyncio.run(main())
