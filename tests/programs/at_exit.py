"""What runs after the end."""

import asyncio
import atexit


class Leaver:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print(self.name, "deleted")
        if self.name == "bad":
            raise RuntimeError("in __del__")


atexit.register(lambda: print("registered first"))
atexit.register(asyncio.run, asyncio.sleep(0.001, print("registered last")))
keep = Leaver("at shutdown")


async def main():
    bad = Leaver("bad")
    await asyncio.sleep(0)
    del bad


asyncio.run(main())
print("end")
