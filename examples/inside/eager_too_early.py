# /// script
# requires-python = ">=3.12"
# ///

"""An inbox that keeps its task in an attribute."""

import asyncio


class Inbox:
    def open(self) -> None:
        self.task = asyncio.create_task(self.read())

    async def read(self) -> None:
        print("reading in", self.task.get_name())


async def main() -> None:
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    inbox = Inbox()
    inbox.open()
    print("the inbox is open")
    try:
        await inbox.task
    except AttributeError as error:
        print("AttributeError:", error)


if __name__ == "__main__":
    asyncio.run(main())
