"""A task is cancelled after its first turn."""

import asyncio


async def fetch_mail(account: str) -> None:
    try:
        print(f"{account}: logged in")
        await asyncio.sleep(10)
        print(f"{account}: mail fetched")
    finally:
        print(f"{account}: logged out")


async def main() -> None:
    ada = asyncio.create_task(fetch_mail("ada"))
    await asyncio.sleep(0)
    ada.cancel()
    await asyncio.wait([ada])
    print("cancelled:", ada.cancelled())


if __name__ == "__main__":
    asyncio.run(main())
