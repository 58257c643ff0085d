"""An object that holds on to its loop, and two runs on that loop."""

import asyncio


class Reminder:
    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()

    def remind(self, text: str) -> None:
        self.loop.call_later(0.5, print, text)


async def make_reminder() -> Reminder:
    return Reminder()


async def main(reminder: Reminder) -> None:
    try:
        reminder.remind("the tea is ready")
    except RuntimeError as error:
        print("RuntimeError:", error)
    await asyncio.sleep(1)


if __name__ == "__main__":
    with asyncio.Runner() as runner:
        reminder = runner.run(make_reminder())
        runner.run(main(reminder))
