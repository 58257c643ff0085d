# /// script
# [tool.loopscope]
# exit = {"3.10" = 0, "3.14" = 1}
# ///

"""An object that asks for its loop too early."""

import asyncio


class Reminder:
    def __init__(self) -> None:
        self.loop = asyncio.get_event_loop()

    def remind(self, text: str) -> None:
        self.loop.call_later(0.5, print, text)


async def main(reminder: Reminder) -> None:
    reminder.remind("the tea is ready")
    await asyncio.sleep(1)
    print("main() returns")


if __name__ == "__main__":
    asyncio.run(main(Reminder()))
