"""Exceptions with causes and contexts, to the very end."""

import asyncio


class Trouble(Exception):
    def __str__(self):
        return "trouble over\nseveral lines"


async def first():
    raise OSError(2, "no such thing", "here")


async def main():
    try:
        await first()
    except OSError as problem:
        try:
            {}["key"]
        except KeyError:
            raise Trouble("x") from problem


try:
    asyncio.run(main())
except Trouble as problem:
    raise RuntimeError("at last")
