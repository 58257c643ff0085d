"""A reply that's dropped if it comes too late."""

import asyncio

Reply = asyncio.Future[str]


def deliver(reply: Reply, text: str) -> None:
    if not reply.done():
        reply.set_result(text)


async def main() -> None:
    loop = asyncio.get_running_loop()
    reply: Reply = loop.create_future()
    loop.call_later(1, deliver, reply, "42 degrees")
    try:
        print(await asyncio.wait_for(reply, 0.5))
    except TimeoutError:
        print("no reply within half a second")
    await asyncio.sleep(1)


if __name__ == "__main__":
    asyncio.run(main())
