"""A client that outlives its event loop."""

import asyncio


class PriceClient:
    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()

    async def fetch(self, item: str) -> str:
        answer: asyncio.Future[str] = self.loop.create_future()
        self.loop.call_later(0.2, answer.set_result, f"{item}: 42")
        return await answer


async def connect() -> PriceClient:
    return PriceClient()


async def main(client: PriceClient) -> None:
    try:
        print(await client.fetch("lamp"))
    except RuntimeError as error:
        print(type(error).__name__, error, sep=": ")


if __name__ == "__main__":
    client = asyncio.run(connect())
    asyncio.run(main(client))
