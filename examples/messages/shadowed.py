"""A program that's saved as asyncio.py."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAM = """\
import asyncio

async def main() -> None:
    print("hello")

asyncio.run(main())
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "asyncio.py").write_text(PROGRAM)
        ran = subprocess.run(
            [sys.executable, "asyncio.py"],
            capture_output=True,
            text=True,
            cwd=folder,
        )
        last = (ran.stdout + ran.stderr).splitlines()[-1]
        print(last.replace(str(Path(folder).resolve()), "…"))


if __name__ == "__main__":
    main()
