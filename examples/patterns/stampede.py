"""A cache of values, empty for everyone who arrives at the same time."""

import asyncio

profiles: dict[int, str] = {}


async def fetch_profile(user: int) -> str:
    print("querying the database for user", user)
    await asyncio.sleep(0.5)
    return f"profile of user {user}"


async def profile(user: int) -> str:
    if user not in profiles:
        profiles[user] = await fetch_profile(user)
    return profiles[user]


async def show_page(page: str) -> None:
    print(f"{page} shows the {await profile(7)}")


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        for page in ("header", "inbox", "settings"):
            group.create_task(show_page(page), name=page)


if __name__ == "__main__":
    asyncio.run(main())
