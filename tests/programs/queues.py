"""Producer and consumer, with a priority queue besides."""

import asyncio


async def producer(queue):
    for number in range(5):
        await queue.put(number)
        print("put", number)


async def consumer(queue):
    while True:
        number = await queue.get()
        await asyncio.sleep(0.01)
        print("got", number)
        queue.task_done()


async def main():
    queue = asyncio.Queue(maxsize=2)
    worker = asyncio.create_task(consumer(queue), name="worker")
    await producer(queue)
    await queue.join()
    worker.cancel()
    ordered = asyncio.PriorityQueue()
    for number in (3, 1, 2):
        ordered.put_nowait(number)
    print([ordered.get_nowait() for _ in range(3)], worker)


asyncio.run(main())
