"""A loop class of one's own, and the policy."""

import asyncio
import warnings

warnings.simplefilter("ignore")


class Loop(asyncio.SelectorEventLoop):
    def __init__(self):
        super().__init__()
        print("made")

    def close(self):
        print("closing")
        super().close()


async def main():
    await asyncio.sleep(0.001)
    print(type(asyncio.get_running_loop()).__name__)


class Policy(asyncio.DefaultEventLoopPolicy):
    _loop_factory = Loop


asyncio.set_event_loop_policy(Policy())
asyncio.run(main())
asyncio.set_event_loop_policy(None)
loop = Loop()
asyncio.set_event_loop(loop)
print(asyncio.get_event_loop() is loop)
loop.run_until_complete(main())
loop.run_until_complete(loop.shutdown_asyncgens())
loop.close()
