"""How a task answers in each of its states."""

import asyncio


async def fetch_price(item: str, seconds: float) -> int:
    await asyncio.sleep(seconds)
    return {"lamp": 19, "chair": 45}[item]


def ask(state: str, task: asyncio.Task[int]) -> None:
    for question in (task.done, task.cancelled, task.result, task.exception):
        try:
            answer = repr(question())
        except (Exception, asyncio.CancelledError) as error:
            answer = f"raises {error!r}"
        print(f"{state:<10} {question.__name__ + '()':<12} {answer}")


async def main() -> None:
    tasks = {
        "pending": asyncio.create_task(fetch_price("lamp", 10)),
        "returned": asyncio.create_task(fetch_price("chair", 0.2)),
        "raised": asyncio.create_task(fetch_price("carpet", 0.2)),
        "cancelled": asyncio.create_task(fetch_price("lamp", 10)),
    }
    await asyncio.sleep(0.5)
    tasks["cancelled"].cancel()
    await asyncio.sleep(0.5)
    for state, task in tasks.items():
        ask(state, task)


if __name__ == "__main__":
    asyncio.run(main())
