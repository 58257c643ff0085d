"""Looking inside a program whose tasks are waiting for each other."""

# /// script
# requires-python = ">=3.14"
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
import subprocess
import sys


async def wait_for(name: str, tasks: dict[str, asyncio.Task[None]]) -> None:
    await tasks[name]


async def restaurant() -> None:
    tasks: dict[str, asyncio.Task[None]] = {}
    tasks["cook"] = asyncio.create_task(wait_for("waiter", tasks), name="cook")
    tasks["waiter"] = asyncio.create_task(
        wait_for("cook", tasks), name="waiter"
    )
    asyncio.get_running_loop().call_later(0.1, print, "the restaurant is open")
    await asyncio.sleep(30)


def look_inside_the_restaurant() -> None:
    python = [sys.executable, "-u"]
    child = subprocess.Popen(
        [*python, __file__, "restaurant"], stdout=subprocess.PIPE, text=True
    )
    with child:
        assert child.stdout
        print(child.stdout.readline().rstrip())
        tool = [*python, "-m", "asyncio", "pstree", str(child.pid)]
        print(
            subprocess.run(tool, capture_output=True, text=True).stderr.rstrip()
        )
        child.kill()


if __name__ == "__main__":
    if sys.argv[1:] == ["restaurant"]:
        asyncio.run(restaurant())
    else:
        look_inside_the_restaurant()
