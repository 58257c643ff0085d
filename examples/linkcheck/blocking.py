"""Four links, checked with calls that block."""

import time

DELAYS = {"docs": 0.3, "blog": 1.2, "shop": 0.5, "wiki": 0.8}


def check(page: str) -> None:
    print(f"{page}: asking")
    time.sleep(DELAYS[page])
    print(f"{page}: ok")


def main() -> None:
    for page in DELAYS:
        check(page)


if __name__ == "__main__":
    main()
