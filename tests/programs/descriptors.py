# clock: real
"""Descriptor 1 leads into a file for a while."""

import asyncio
import os
import sys
import tempfile


async def main():
    print("before", sys.stdout.fileno(), sys.stderr.fileno(), sys.stdout.isatty())
    saved = os.dup(1)
    with tempfile.TemporaryFile() as file:
        os.dup2(file.fileno(), 1)
        print("into the file")
        os.write(1, b"raw\n")
        await asyncio.sleep(0.001)
        os.dup2(saved, 1)
        file.seek(0)
        print(file.read(), saved)
    with open(__file__) as source:
        print(source.fileno(), source.readline().strip())


asyncio.run(main())
