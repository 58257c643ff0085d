"""An object that asks for the loop when it needs it."""

import asyncio


class Reminder:
    def remind(self, text: str) -> None:
        asyncio.get_running_loop().call_later(0.5, print, text)


async def make_reminder() -> Reminder:
    return Reminder()


async def main(reminder: Reminder) -> None:
    reminder.remind("the tea is ready")
    await asyncio.sleep(1)


if __name__ == "__main__":
    reminder = asyncio.run(make_reminder())
    asyncio.run(main(reminder))
