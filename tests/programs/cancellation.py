"""Before the first step, in a wait, swallowed, with a message."""

import asyncio


async def work(name):
    print(name, "starts")
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError as problem:
        print(name, "cancelled", problem.args)
        if name == "deaf":
            return "went on"
        raise


async def main():
    early = asyncio.create_task(work("early"))
    early.cancel()
    others = [asyncio.create_task(work(name)) for name in ("deaf", "obedient")]
    await asyncio.sleep(0.01)
    for task in others:
        task.cancel("stop it")
    print(await asyncio.gather(early, *others, return_exceptions=True))
    print([task.cancelled() for task in (early, *others)])
    asyncio.current_task().cancel()
    await asyncio.sleep(1)


asyncio.run(main())
