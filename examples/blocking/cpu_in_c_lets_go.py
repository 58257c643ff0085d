"""A call into C that lets go of the GIL, in a thread."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
import hashlib
import time


async def tick(ticks: list[float]) -> None:
    while True:
        await asyncio.sleep(0.01)
        ticks.append(time.perf_counter())


def hash_password(password: bytes) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", password, b"salt", 1_000_000)


async def main() -> None:
    ticks: list[float] = []
    ticking = asyncio.create_task(tick(ticks))
    await asyncio.sleep(0.05)
    before = len(ticks)
    hashed = await asyncio.to_thread(hash_password, b"secret")
    meanwhile = len(ticks) - before
    ticking.cancel()
    print(len(hashed), "bytes")
    print("the loop kept ticking:", meanwhile > 5)


if __name__ == "__main__":
    asyncio.run(main())
