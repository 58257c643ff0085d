"""A record with lines and values, written by hand: two tasks, of which each awaits a call."""

from __future__ import annotations

import html
from typing import Any

SOURCE = """\
import asyncio


async def fetch(url: str) -> int:
    await asyncio.sleep(1)
    return len(url)


async def download(name: str) -> None:
    print("downloading", name)
    size = await fetch(f"https://example.com/{name}")
    sizes[name] = size


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(download("tea"))
        group.create_task(download("coffee"))
    print(sizes)


sizes: dict[str, int] = {}
asyncio.run(main())
"""

TEA, COFFEE = "Task-2 (`download()`)", "Task-3 (`download()`)"
SLEEP = "at `await asyncio.sleep(1)`"
_WAKE = ["start", 1.0, "asyncio's own callback `_wake` runs.", "_wake", None, None, True]

EVENTS: list[list[Any]] = [
    ["start", 0.0, "`main()` starts.", 1, 15, 10, False, False, [], None, 0, [], None, 1, [[0, "sizes", "{}"]]],
    ["line", 16, 1],
    ["line", 17, 1, None, [[1, "group", "TaskGroup"]]],
    ["line", 18, 1],
    ["stop", 0.0, f"`main()` creates {TEA}, {COFFEE} and waits for its TaskGroup.", 16, 20, False, "TaskGroup", None, None, [2, 3]],
    ["start", 0.0, f"{TEA} starts.", 2, 9, 20, False, False, [], None, 0, [], None, 2, [[2, "name", "'tea'"]]],
    ["line", 10, 2],
    ["line", 11, 2, 1],
    ["line", 5, 3, None, [[3, "url", "'https://example.com/tea'"]]],
    ["stop", 0.0, f"{TEA} prints `downloading tea` and waits for 1 s to pass {SLEEP}.", 5, 30, False, "sleep 1 s", None, [[1.0, 2]]],
    ["start", 0.0, f"{COFFEE} starts.", 3, 9, 30, False, False, [], None, 0, [], None, 4, [[4, "name", "'coffee'"]]],
    ["line", 10, 4],
    ["line", 11, 4, 2],
    ["line", 5, 5, None, [[5, "url", "'https://example.com/coffee'"]]],
    ["stop", 0.0, f"{COFFEE} prints `downloading coffee` and waits for 1 s to pass {SLEEP}.", 5, 40, False, "sleep 1 s", None, [[1.0, 2], [1.0, 3], [7.5, "log"]]],
    ["sleep", 0.0, "Nothing is ready. The loop waits until 1.000 s.", 300],
    [*_WAKE, False, [], ["_wake"]],
    ["stop", 1.0, f"{TEA} becomes ready: its sleep is over.", None, None, True, None, None, [[7.5, "log"]], [2]],
    _WAKE,
    ["stop", 1.0, f"{COFFEE} becomes ready: its sleep is over.", None, None, True, None, None, None, [3]],
    ["start", 1.0, f"{TEA} resumes {SLEEP}: its sleep is over.", 2, 5, 600, False, False, [], None, 0, [], None, 3],
    ["line", 6, 3],
    ["line", 12, 2, None, [[3, "url", None], [2, "size", "23"]]],
    ["stop", 1.0, f"{TEA} returns.", None, 610, False, None, None, None, [], [[2, "returned"]], None, 0, [[0, "sizes", "{'tea': 23}"], [2, "name", None], [2, "size", None]]],
    ["start", 1.0, f"{COFFEE} resumes {SLEEP}: its sleep is over.", 3, 5, 610, False, False, [], None, 0, [], None, 5],
    ["line", 6, 5],
    ["line", 12, 4, None, [[5, "url", None], [4, "size", "26"]]],
    ["stop", 1.0, f"{COFFEE} returns.", None, 620, False, None, None, None, [1], [[3, "returned"]], None, 0, [[0, "sizes", "{'tea': 23, 'coffee': 26}"]]],
    ["start", 1.0, "`main()` resumes: its group is done.", 1, 16, 620, False, False, [], None, 0, [], None, 1],
    ["line", 19, 1],
    ["stop", 1.0, "`main()` prints the sizes and returns.", None, 630, False, None, 3, [], [], [[1, "returned"]]],
    ["end", 1.0, "The program ends with exit status 0.", [[1, "returned"], [2, "returned"], [3, "returned"]]],
]  # fmt: skip

RECORD: dict[str, Any] = {
    "file": "downloads.py",
    "labels": ["`main()`", TEA, COFFEE],
    "output": [
        [0.0, "stdout", 10, "downloading tea"],
        [0.0, "stdout", 10, "downloading coffee"],
        [1.0, "stderr", 19, "{'tea': 23, 'coffee': 26}"],
    ],
    "events": EVENTS,
    "left_out": 0,
    "cut": "",
    "frames": [
        ["<module>", None, None],
        ["main", None, 1],
        ["download", None, 2],
        ["fetch", 2, 2],
        ["download", None, 3],
        ["fetch", 4, 3],
    ],
    "source": [[number, html.escape(line)] for number, line in enumerate(SOURCE.splitlines(), 1)],
    "picture": (
        '<svg viewBox="0 0 640 182" width="640" height="182" role="img" aria-label="Timeline">'
        + "".join(f'<g><rect y="{40 + 52 * row}" width="640" height="30"/></g>' for row in range(3))
        + "</svg>"
    ),
}
