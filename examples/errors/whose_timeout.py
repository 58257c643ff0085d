"""A TimeoutError that is not the limit's own."""

import asyncio


async def read_meter() -> int:
    await asyncio.sleep(0.1)
    raise TimeoutError("the meter's own clock says: too slow")


async def main() -> None:
    try:
        async with asyncio.timeout(5) as limit:
            print("meter:", await read_meter())
    except TimeoutError as error:
        print("caught:", repr(error))
        print("limit expired:", limit.expired())


if __name__ == "__main__":
    asyncio.run(main())
