# /// script
# requires-python = ">=3.12"
# ///

"""An eager task that asks who it is."""

import asyncio


class Inbox:
    def open(self) -> None:
        self.task = asyncio.create_task(self.read())

    async def read(self) -> None:
        task = asyncio.current_task()
        print("reading in", task.get_name() if task else "no task")


async def main() -> None:
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    inbox = Inbox()
    inbox.open()
    print("the inbox is open")
    await inbox.task


if __name__ == "__main__":
    asyncio.run(main())
