"""A connection that is closed where it was opened."""

import asyncio
from contextlib import closing


class Connection:
    is_open = True

    def close(self) -> None:
        self.is_open = False


async def fetch_orders(connection: Connection) -> None:
    await asyncio.sleep(1)


def check_login() -> None:
    raise PermissionError("login rejected")


async def main() -> None:
    try:
        with closing(Connection()) as connection:
            async with asyncio.TaskGroup() as group:
                group.create_task(fetch_orders(connection))
                check_login()
    except* PermissionError:
        print("login rejected")
    print("the connection is open:", connection.is_open)


if __name__ == "__main__":
    asyncio.run(main())
