"""A shared task, cancelled when one of its callers gives up."""

import asyncio

profiles: dict[int, asyncio.Task[str]] = {}


async def fetch_profile(user: int) -> str:
    await asyncio.sleep(0.5)
    return f"profile of user {user}"


async def profile(user: int) -> str:
    if user not in profiles:
        profiles[user] = asyncio.create_task(fetch_profile(user))
    return await profiles[user]


async def show_page(page: str, patience: float) -> None:
    try:
        async with asyncio.timeout(patience):
            print(f"{page} shows the {await profile(7)}")
    except TimeoutError:
        print(f"{page} ran out of patience")
    except asyncio.CancelledError:
        print(f"{page} was cancelled")
        raise


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(show_page("header", 0.2), name="header")
        group.create_task(show_page("inbox", 2.0), name="inbox")


if __name__ == "__main__":
    asyncio.run(main())
