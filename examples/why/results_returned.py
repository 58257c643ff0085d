"""Two processes that return what they found."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

from concurrent.futures import ProcessPoolExecutor


def measure(width: int, height: int) -> int:
    return width * height


def main() -> None:
    with ProcessPoolExecutor(2) as pool:
        areas = list(pool.map(measure, [2, 4], [3, 5]))
    print("areas:", areas)


if __name__ == "__main__":
    main()
