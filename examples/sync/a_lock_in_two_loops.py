"""One lock in four event loops."""

import asyncio

printer = asyncio.Lock()


async def print_label(article: str) -> None:
    async with printer:
        await asyncio.sleep(0.2)
        print("label for", article)


async def main(articles: list[str]) -> None:
    async with asyncio.TaskGroup() as group:
        for article in articles:
            group.create_task(print_label(article), name=article)


if __name__ == "__main__":
    for articles in (["lamp"], ["chair", "desk"], ["rug"], ["sofa", "shelf"]):
        try:
            asyncio.run(main(articles))
        except* RuntimeError as group_error:
            print(*group_error.exceptions)
