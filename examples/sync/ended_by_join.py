"""Packers who are sent home when everything is packed."""

import asyncio


async def pack(queue: asyncio.Queue[str], packer: str) -> None:
    try:
        while True:
            item = await queue.get()
            await asyncio.sleep(0.45)
            print(f"{packer} packed the {item}")
            queue.task_done()
    finally:
        print(packer, "goes home")


async def main() -> None:
    queue: asyncio.Queue[str] = asyncio.Queue()
    async with asyncio.TaskGroup() as group:
        packers = [
            group.create_task(pack(queue, name), name=name)
            for name in ("Ada", "Grace")
        ]
        for item in ("lamp", "chair", "carpet"):
            await queue.put(item)
            await asyncio.sleep(0.1)
        print("all orders are in, waiting:", queue.qsize())
        await queue.join()
        print("everything is packed")
        for packer in packers:
            packer.cancel()


if __name__ == "__main__":
    asyncio.run(main())
