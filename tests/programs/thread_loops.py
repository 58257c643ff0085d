# clock: real
"""A loop in another thread, called into."""

import asyncio
import threading

loop = asyncio.new_event_loop()
thread = threading.Thread(target=loop.run_forever)
thread.start()


async def answer():
    await asyncio.sleep(0.01)
    return threading.current_thread() is thread


print(asyncio.run_coroutine_threadsafe(answer(), loop).result())


async def main():
    return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(answer(), loop))


print(asyncio.run(main()))
loop.call_soon_threadsafe(loop.stop)
thread.join()
loop.close()
print(loop.is_closed(), loop)
