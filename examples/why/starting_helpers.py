"""What it takes to start a thread, and to start a process."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import multiprocessing
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from threading import Thread


def do_nothing() -> None:
    pass


def processor_seconds() -> float:
    used = getrusage(RUSAGE_SELF), getrusage(RUSAGE_CHILDREN)
    return sum(one.ru_utime + one.ru_stime for one in used)


def cost_of_two(kind: type) -> float:
    before = processor_seconds()
    helpers = [kind(target=do_nothing) for _ in range(2)]
    for helper in helpers:
        helper.start()
    for helper in helpers:
        helper.join()
    return processor_seconds() - before


def main() -> None:
    threads = cost_of_two(Thread)
    processes = cost_of_two(multiprocessing.get_context("spawn").Process)
    far_more = processes > 5 * threads
    print(
        "two new processes cost over 5 times as much as two threads:", far_more
    )
    print("new processes are created by", multiprocessing.get_start_method())


if __name__ == "__main__":
    main()
