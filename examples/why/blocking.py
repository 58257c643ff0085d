"""One thing after another."""

import time


def fetch_weather() -> str:
    print("weather: asking the server")
    time.sleep(2)
    return "sunny"


def add_up_bill() -> int:
    return 12 + 30


def main() -> None:
    print("weather:", fetch_weather())
    print("bill:", add_up_bill())


if __name__ == "__main__":
    main()
