# /// script
# [tool.loopscope]
# exit = {"3.10" = 0, "3.14" = 1}
# ///

"""get_event_loop(), called in a module that the script imports."""

import asyncio


class Reminder:
    def __init__(self) -> None:
        self.loop = asyncio.get_event_loop()


def main() -> None:
    import called_in_a_module as reminders  # this file, as a module

    reminder = reminders.Reminder()
    print("created for", reminder.__module__)
    reminder.loop.close()


if __name__ == "__main__":
    main()
