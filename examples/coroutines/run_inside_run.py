"""asyncio.run() where a loop is already running."""

import asyncio


async def fetch_profile() -> str:
    await asyncio.sleep(1)
    return "profile of ada"


async def main() -> None:
    profile = fetch_profile()
    try:
        print(asyncio.run(profile))
    except RuntimeError as error:
        print(type(error).__name__, error, sep=": ")
    print(await profile)


if __name__ == "__main__":
    asyncio.run(main())
