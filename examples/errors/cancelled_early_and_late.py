"""Two tasks are cancelled, one of them right away."""

import asyncio


async def fetch_mail(account: str) -> None:
    try:
        print(f"{account}: logged in")
        await asyncio.sleep(10)
        print(f"{account}: mail fetched")
    finally:
        print(f"{account}: logged out")


async def main() -> None:
    ada = asyncio.create_task(fetch_mail("ada"), name="ada")
    ada.cancel()
    grace = asyncio.create_task(fetch_mail("grace"), name="grace")
    await asyncio.sleep(1)
    grace.cancel()
    print("main() cancelled both")
    await asyncio.wait([ada, grace])
    print("cancelled:", ada.cancelled(), grace.cancelled())


if __name__ == "__main__":
    asyncio.run(main())
