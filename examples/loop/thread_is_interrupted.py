"""A thread that computes and is interrupted."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import threading
import time


def resize_all() -> None:
    end = time.perf_counter() + 0.4
    while time.perf_counter() < end:
        sum(range(1_000))
    print("all photos have been resized")


def remind() -> None:
    time.sleep(0.05)
    print("the tea is ready")


def main() -> None:
    threads = [threading.Thread(target=job) for job in (remind, resize_all)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
