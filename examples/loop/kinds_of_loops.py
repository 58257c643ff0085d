"""The kinds of loops that come with asyncio."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio


def main() -> None:
    for name in ("SelectorEventLoop", "ProactorEventLoop", "EventLoop"):
        kind = getattr(asyncio, name, None)
        print(f"asyncio.{name}:", kind.__name__ if kind else "not available")
    loop = asyncio.new_event_loop()
    print("new_event_loop() creates a", type(loop).__name__)
    loop.close()


if __name__ == "__main__":
    main()
