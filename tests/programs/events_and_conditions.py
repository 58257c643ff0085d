"""An event wakes all, a condition some."""

import asyncio


async def main():
    event, condition, seen = asyncio.Event(), asyncio.Condition(), []

    async def on_event(name):
        await event.wait()
        seen.append(name)

    async def on_condition(name):
        async with condition:
            await condition.wait_for(lambda: len(seen) > 2)
            print("condition", name)

    tasks = [asyncio.create_task(on_event(n)) for n in range(3)] + [
        asyncio.create_task(on_condition(n)) for n in range(2)
    ]
    await asyncio.sleep(0.01)
    event.set()
    await asyncio.sleep(0.01)
    async with condition:
        condition.notify_all()
    await asyncio.gather(*tasks)
    print(seen)


asyncio.run(main())
