"""Two processes that append to a list."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

from multiprocessing import Process

areas: list[int] = []


def measure(width: int, height: int) -> None:
    areas.append(width * height)


def main() -> None:
    processes = [
        Process(target=measure, args=size) for size in ((2, 3), (4, 5))
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    print("areas:", areas)


if __name__ == "__main__":
    main()
