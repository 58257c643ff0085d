# /// script
# [tool.loopscope]
# exit = {"3.10" = 0, "3.14" = 1}
# ///

"""A future that's created before a loop is running."""

import asyncio


class Order:
    def __init__(self) -> None:
        self.paid: asyncio.Future[None] = asyncio.Future()


if __name__ == "__main__":
    order = Order()
    print("the order has a future:", not order.paid.done())
