"""Two ways to take time: waiting and computing."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import time
from collections.abc import Callable


def wait_for_server() -> None:
    time.sleep(0.2)


def add_squares() -> None:
    sum(number * number for number in range(1_500_000))


def processor_seconds(work: Callable[[], None]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


def main() -> None:
    waiting = processor_seconds(wait_for_server)
    computing = processor_seconds(add_squares)
    print(
        "waiting used the processor for less than 0.02 seconds:", waiting < 0.02
    )
    print(
        "computing used it for more than 5 times as long:", computing > 5 * waiting
    )


if __name__ == "__main__":
    main()
