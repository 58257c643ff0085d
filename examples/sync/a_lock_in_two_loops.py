"""One lock in four event loops."""

import asyncio

printer = asyncio.Lock()


async def print_label(item: str) -> None:
    async with printer:
        await asyncio.sleep(0.2)
        print("label for", item)


async def main(items: list[str]) -> None:
    async with asyncio.TaskGroup() as group:
        for item in items:
            group.create_task(print_label(item), name=item)


if __name__ == "__main__":
    for items in (["lamp"], ["chair", "desk"], ["rug"], ["sofa", "shelf"]):
        try:
            asyncio.run(main(items))
        except* RuntimeError as group_error:
            print(*group_error.exceptions)
