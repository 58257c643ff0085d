"""print goes elsewhere for a while."""

import asyncio
import contextlib
import io
import sys


async def main():
    real, sys.stdout = sys.stdout, io.StringIO()
    print("kept")
    kept, sys.stdout = sys.stdout.getvalue(), real
    print(repr(kept))
    with contextlib.redirect_stdout(sys.stderr):
        print("to stderr")
    with contextlib.redirect_stdout(io.StringIO()) as text:
        await asyncio.sleep(0)
        print("caught")
    print(text.getvalue(), end="")
    sys.__stdout__.write("the original\n")


asyncio.run(main())
sys.stdout = None
print("nowhere")
