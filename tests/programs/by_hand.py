"""A coroutine driven without any loop."""

import asyncio


class Pause:
    def __await__(self):
        return (yield "paused")


async def talk():
    answer = await Pause()
    print("told", answer)
    try:
        await Pause()
    except KeyError as problem:
        print("thrown", problem)
    return "result"


coroutine = talk()
print(coroutine.send(None))
print(coroutine.send("hello"))
try:
    coroutine.throw(KeyError("in"))
except StopIteration as end:
    print(end.value)


async def main():
    other = talk()
    print(other.send(None))
    other.close()
    try:
        await Pause()
    except RuntimeError as problem:
        print(problem)


asyncio.run(main())
