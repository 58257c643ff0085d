"""A cache of tasks that holds on to a failure."""

import asyncio

profiles: dict[int, asyncio.Task[str]] = {}
answers: list[ConnectionError | str] = [
    ConnectionError("the database is restarting"),
    "profile of user 7",
]


async def fetch_profile(user: int) -> str:
    await asyncio.sleep(0.5)
    answer = answers.pop(0)
    if isinstance(answer, ConnectionError):
        raise answer
    return answer


async def profile(user: int) -> str:
    if user not in profiles:
        profiles[user] = asyncio.create_task(fetch_profile(user))
    return await asyncio.shield(profiles[user])


async def main() -> None:
    for attempt in (1, 2, 3):
        try:
            print(f"attempt {attempt}:", await profile(7))
        except ConnectionError as error:
            print(f"attempt {attempt} fails:", error)
        await asyncio.sleep(1)


if __name__ == "__main__":
    asyncio.run(main())
