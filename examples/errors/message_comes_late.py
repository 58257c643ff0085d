"""A failed task that is still referred to by its own traceback."""

import asyncio
import gc


async def copy_orders() -> None:
    me = asyncio.current_task()
    await asyncio.sleep(0.1)
    raise ConnectionError(f"no answer for {me.get_name() if me else 'nobody'}")


async def main() -> None:
    copying = asyncio.create_task(copy_orders(), name="copy orders")
    await asyncio.sleep(1)
    del copying
    print("main() let go of the task")
    gc.collect()
    print("the garbage collector ran")


if __name__ == "__main__":
    asyncio.run(main())
