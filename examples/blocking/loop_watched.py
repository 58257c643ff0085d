"""A task that measures how late the event loop is."""

import asyncio
import time


async def watch_loop() -> None:
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + 0.2
        await asyncio.sleep(0.2)
        late = loop.time() - due
        if late > 0.1:
            print(f"the loop was {late:.1f} s late")


async def save_order(number: int) -> None:
    print("saving order", number)
    time.sleep(0.6)
    print("order", number, "is saved")


async def main() -> None:
    watching = asyncio.create_task(watch_loop())
    await asyncio.sleep(0.3)
    await save_order(17)
    await asyncio.sleep(0.25)
    watching.cancel()


if __name__ == "__main__":
    asyncio.run(main())
