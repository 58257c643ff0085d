"""A cache of tasks that forgets a failure."""

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


def forget_failure(user: int, task: asyncio.Task[str]) -> None:
    if task.cancelled() or task.exception():
        del profiles[user]


async def profile(user: int) -> str:
    if user not in profiles:
        profiles[user] = task = asyncio.create_task(fetch_profile(user))
        task.add_done_callback(lambda task: forget_failure(user, task))
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
