"""Who awaits whom, through a TaskGroup and through gather()."""

# /// script
# requires-python = ">=3.14"
# ///

import asyncio


async def query(table: str) -> None:
    await asyncio.sleep(2)


async def load_profile() -> None:
    await asyncio.gather(
        asyncio.create_task(query("names"), name="name"),
        asyncio.create_task(query("photos"), name="photo"),
    )


async def show_page() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(load_profile(), name="profile")
        group.create_task(query("orders"), name="orders")


async def main() -> None:
    page = asyncio.create_task(show_page(), name="page")
    await asyncio.sleep(1)
    for task in sorted(asyncio.all_tasks(), key=asyncio.Task.get_name):
        for waiter in asyncio.capture_call_graph(task).awaited_by:
            name = waiter.future.get_name()
            place = waiter.call_stack[0].frame.f_code.co_qualname
            print(f"{name:<7} awaits {task.get_name():<7} in {place}()")
    await page


if __name__ == "__main__":
    asyncio.run(main())
