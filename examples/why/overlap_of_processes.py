"""Do the computations of two processes overlap in time?"""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import time
from multiprocessing import Barrier, Process, Queue, queues, synchronize


def count_coins() -> tuple[float, float]:
    began = time.monotonic()
    sum(number * number for number in range(2_500_000))
    return began, time.monotonic()


def clerk(
    both_are_here: synchronize.Barrier,
    times: "queues.Queue[tuple[float, float]]",
) -> None:
    both_are_here.wait()
    times.put(count_coins())


def main() -> None:
    both_are_here = Barrier(2)
    times: queues.Queue[tuple[float, float]] = Queue()
    for _ in range(2):
        Process(target=clerk, args=(both_are_here, times)).start()
    ada, ben = times.get(), times.get()
    later_start, earlier_end = max(ada[0], ben[0]), min(ada[1], ben[1])
    print("their times overlapped:", later_start < earlier_end)


if __name__ == "__main__":
    main()
