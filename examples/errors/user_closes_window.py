"""A download is cancelled because nobody wants the film anymore."""

import asyncio


async def download(film: str) -> None:
    print("downloading", film)
    try:
        await asyncio.sleep(10)
        print("download finished")
    finally:
        print("half a film deleted from disk")


async def main() -> None:
    film = asyncio.create_task(download("Metropolis"), name="film")
    await asyncio.sleep(1)
    print("the user closes the window")
    film.cancel()
    print("main() called cancel()")
    await asyncio.wait([film])
    print("cancelled:", film.cancelled())


if __name__ == "__main__":
    asyncio.run(main())
