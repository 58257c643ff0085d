"""What it takes to start a thread, and to start a process."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import multiprocessing
import time
from threading import Thread


def do_nothing() -> None:
    pass


def seconds_for_two(kind: type) -> float:
    before = time.perf_counter()
    helpers = [kind(target=do_nothing) for _ in range(2)]
    for helper in helpers:
        helper.start()
    for helper in helpers:
        helper.join()
    return time.perf_counter() - before


def main() -> None:
    threads = seconds_for_two(Thread)
    processes = seconds_for_two(multiprocessing.get_context("spawn").Process)
    print("two new processes took over 5 times as long as two threads:", processes > 5 * threads)
    print("new processes are made by", multiprocessing.get_start_method())


if __name__ == "__main__":
    main()
