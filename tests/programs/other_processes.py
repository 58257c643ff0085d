# clock: real
"""multiprocessing: a child by fork, whose output and end are its own."""

import asyncio
import multiprocessing
import os
import sys


def child(number):
    print("child", number)
    sys.stdout.flush()
    asyncio.run(asyncio.sleep(0.001))
    return number * 2


async def main():
    context = multiprocessing.get_context("fork")
    process = context.Process(target=child, args=(1,))
    process.start()
    process.join()
    print(process.exitcode)


asyncio.run(main())
pid = os.fork()
if not pid:
    print("forked")
    sys.exit(5)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
