"""Packers who go home when they find None in the queue."""

import asyncio


async def pack(queue: asyncio.Queue[str | None], packer: str) -> None:
    while (item := await queue.get()) is not None:
        await asyncio.sleep(0.45)
        print(f"{packer} packed the {item}")
    print(packer, "goes home")


async def main() -> None:
    queue: asyncio.Queue[str | None] = asyncio.Queue()
    packers = ("Ada", "Grace")
    async with asyncio.TaskGroup() as group:
        for packer in packers:
            group.create_task(pack(queue, packer), name=packer)
        for item in ("lamp", "chair", "carpet"):
            await queue.put(item)
            await asyncio.sleep(0.1)
        print("all orders are in, waiting:", queue.qsize())
        for _ in packers:
            await queue.put(None)


if __name__ == "__main__":
    asyncio.run(main())
