"""Leaves quietly from inside a callback."""

import asyncio


def leave():
    raise SystemExit


loop = asyncio.new_event_loop()
loop.call_later(0.01, leave)
loop.run_forever()
