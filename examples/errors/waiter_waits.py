"""A waiter that lets its own cancellation through."""

import asyncio


async def write_backup() -> None:
    try:
        await asyncio.sleep(10)
    finally:
        await asyncio.sleep(0.5)
        print("the backup is closed")


async def stop_backup(backup: asyncio.Task[None]) -> None:
    backup.cancel()
    await asyncio.wait([backup])
    print("stop_backup() says: the backup was cancelled")
    await asyncio.sleep(1)
    print("stop_backup() is still running")


async def main() -> None:
    backup = asyncio.create_task(write_backup())
    await asyncio.sleep(0)
    stopping = asyncio.create_task(stop_backup(backup))
    await asyncio.sleep(0.2)
    stopping.cancel()
    await asyncio.wait([stopping])
    print(
        "cancelled:", stopping.cancelled(), "requests:", stopping.cancelling()
    )
    await asyncio.wait([backup])


if __name__ == "__main__":
    asyncio.run(main())
