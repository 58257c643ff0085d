"""Three coroutines in one gather()."""

import asyncio


async def shop(name: str) -> None:
    task = asyncio.current_task()
    print(f"{name} begins, in {task.get_name() if task else 'no task'}")


async def main() -> None:
    shops = [shop("Ada"), shop("Grace"), shop("Edsger")]
    print("tasks before gather():", len(asyncio.all_tasks()))
    everybody = asyncio.gather(*shops)
    print("tasks after gather():", len(asyncio.all_tasks()))
    await everybody


if __name__ == "__main__":
    asyncio.run(main())
