"""A loop before, during and after asyncio.run()."""

import asyncio


def loop_is_running() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


async def main() -> int:
    print("in main():", loop_is_running())
    await asyncio.sleep(1)
    return 17


if __name__ == "__main__":
    print("before:", loop_is_running())
    orders = asyncio.run(main())
    print("after:", loop_is_running())
    print("orders:", orders)
