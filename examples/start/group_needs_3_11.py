"""A program that needs Python 3.11."""

# /// script
# [tool.loopscope]
# exit = {"3.10" = 1, "3.11" = 0}
# ///

import asyncio


async def send_letter(name: str) -> None:
    await asyncio.sleep(0.5)
    print("sent to", name)


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(send_letter("Ada"), name="Ada")
        group.create_task(send_letter("Grace"), name="Grace")


if __name__ == "__main__":
    asyncio.run(main())
