"""A reply that comes after the limit."""

import asyncio

Reply = asyncio.Future[str]


def deliver(reply: Reply, text: str) -> None:
    try:
        reply.set_result(text)
    except asyncio.InvalidStateError as error:
        print(type(error).__name__, error, sep=": ")


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
