"""One loop after another, in every way there is."""

import asyncio
import warnings


async def main(number):
    await asyncio.sleep(0.001)
    print("run", number, asyncio.current_task().get_name())


asyncio.run(main(1))
asyncio.run(main(2))
if hasattr(asyncio, "Runner"):
    with asyncio.Runner() as runner:
        runner.run(main(3))
        runner.run(main(4))
loop = asyncio.new_event_loop()
print(
    loop.run_until_complete(
        asyncio.gather(main(5), main(6), return_exceptions=True) if False else main(5)
    )
)
print(loop)
loop.close()
print(loop)
asyncio.run(main(6), debug=True)


async def nested():
    inside = main(7)
    try:
        asyncio.run(inside)
    except RuntimeError as problem:
        print(problem)
    inside.close()


asyncio.run(nested())
