# /// script
# requires-python = ">=3.11"
# [tool.loopscope]
# exit = {"3.11" = 1, "3.14" = 0}
# # ruff: noqa: F821
# ///

"""A callback whose type was not imported."""


def work(when_done: Callable) -> None:
    print("working")
    when_done()
    print("the callback returned")


def note() -> None:
    print("the callback runs")


if __name__ == "__main__":
    work(note)
