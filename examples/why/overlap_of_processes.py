"""Do two processes ever compute at the same moment?"""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import time
from multiprocessing import Barrier, Process, Queue, queues, synchronize


def knead() -> tuple[float, float]:
    began = time.monotonic()
    sum(number * number for number in range(2_500_000))
    return began, time.monotonic()


def baker(both_are_here: synchronize.Barrier, times: queues.Queue) -> None:
    both_are_here.wait()
    times.put(knead())


def main() -> None:
    both_are_here = Barrier(2)
    times = Queue()
    for _ in range(2):
        Process(target=baker, args=(both_are_here, times)).start()
    ada, ben = times.get(), times.get()
    later_start, earlier_end = max(ada[0], ben[0]), min(ada[1], ben[1])
    print("both were kneading at the same moment:", later_start < earlier_end)


if __name__ == "__main__":
    main()
