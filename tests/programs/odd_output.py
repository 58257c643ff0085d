"""Pieces of lines, raw bytes, big ones, and other line ends."""

import asyncio
import os
import sys


async def main():
    print("no end", end="")
    await asyncio.sleep(0.001)
    print(" ... end\r\ncarriage\rreturn")
    sys.stdout.flush()
    sys.stdout.buffer.write(b"caf\xe9 \xff\xfe\n")
    sys.stdout.buffer.flush()
    print("h\u00e9llo \U0001f600", "\x1b[1mbold\x1b[0m", "\x00")
    os.write(1, "h\u00e9".encode()[:2])
    os.write(1, "h\u00e9".encode()[2:] + b"\n")
    print("x" * 200_000)
    sys.stdout.writelines(f"{n}\n" for n in range(3))
    os.write(2, b"direct\n")
    try:
        print("\udc80")
    except UnicodeEncodeError as problem:
        print(problem)
    for thing in ("text", 1, None, memoryview(b"abcdef")[::2]):
        try:
            sys.stdout.buffer.write(thing)
        except (TypeError, BufferError) as problem:
            print(type(problem).__name__, "bytes-like" in str(problem) and problem)
    sys.stdout.buffer.write(bytearray(b"bytes\n"))
    sys.stdout.buffer.write(memoryview(b"view\n"))
    sys.stdout.buffer.flush()
    print("\udc80", file=sys.stderr)
    print(sys.stdout.encoding, sys.stdout.errors, sys.stderr.errors, sys.stdout)


asyncio.run(main())
