"""What is finalized, and who stands on the stack then."""

import asyncio
import gc
import sys
import traceback
import warnings

warnings.simplefilter("always")


class Watched:
    def __init__(self, name):
        self.name = name
        self.me = self

    def __del__(self):
        frame, files = sys._getframe(1) if sys._getframe().f_back else None, set()
        while frame:
            files.add(frame.f_code.co_filename.rpartition("/")[2])
            frame = frame.f_back
        print(
            self.name,
            "goes",
            sorted(files & {"recorder.py", "inside.py", "warm.py", "supervisor.py"}),
        )


class Result(Exception):
    def __init__(self, name):
        super().__init__(name)
        self.watched = Watched(name)
        self.watched.me = None


async def give(name):
    return Result(name)


async def fail(name):
    raise Result(name)


async def never():
    print("not printed")


async def main():
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(
        lambda loop, context: print(context["message"], len(traceback.extract_stack()) < 12)
    )
    for number in range(3):
        asyncio.create_task(give(f"result {number}"))
        asyncio.create_task(fail(f"failure {number}"))
    await asyncio.sleep(0)
    await asyncio.sleep(0.001)
    gc.collect()
    for _ in range(300):
        Watched("cycle").me.name = "cycle"
        await asyncio.sleep(0)
    gc.collect()
    loop.call_soon(never)


loop = asyncio.new_event_loop()
loop.run_until_complete(main())
loop.create_task(never(), name="left")
loop.close()
gc.collect()
print("end")
