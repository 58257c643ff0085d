"""A call that runs nothing yet."""

import asyncio


async def fetch_profile(user: str) -> str:
    print("asking the server for", user)
    await asyncio.sleep(1)
    return f"profile of {user}"


async def main() -> None:
    profile = fetch_profile("ada")
    print("called:", profile)
    print("awaited:", await profile)


if __name__ == "__main__":
    asyncio.run(main())
