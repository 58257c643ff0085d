# clock: real
"""Other programs, read and killed."""

import asyncio
import sys


async def main():
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-S", "-c", "print(6 * 7)", stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    print(output, process.returncode)
    shell = await asyncio.create_subprocess_shell("echo from the shell; echo complaint >&2; exit 3")
    print(await shell.wait())
    sleeper = await asyncio.create_subprocess_exec("sleep", "30")
    sleeper.kill()
    print(await sleeper.wait())


asyncio.run(main())
