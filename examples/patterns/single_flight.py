"""A cache of tasks: the work is done once."""

import asyncio

profiles: dict[int, asyncio.Task[str]] = {}


async def fetch_profile(user: int) -> str:
    print("querying the database for user", user)
    await asyncio.sleep(0.5)
    return f"profile of user {user}"


async def profile(user: int) -> str:
    if user not in profiles:
        profiles[user] = asyncio.create_task(fetch_profile(user))
    return await profiles[user]


async def show_page(page: str) -> None:
    print(f"{page} shows the {await profile(7)}")


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        for page in ("header", "inbox", "settings"):
            group.create_task(show_page(page), name=page)
    await show_page("a later page")


if __name__ == "__main__":
    asyncio.run(main())
