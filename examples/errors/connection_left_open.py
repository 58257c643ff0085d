"""A connection, and a task that is meant to close it."""

import asyncio


class Connection:
    is_open = True

    def close(self) -> None:
        self.is_open = False


async def fetch_orders(connection: Connection) -> None:
    try:
        await asyncio.sleep(1)
    finally:
        connection.close()


def check_login() -> None:
    raise PermissionError("login rejected")


async def main() -> None:
    connection = Connection()
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(fetch_orders(connection))
            check_login()
    except* PermissionError:
        print("login rejected")
    print("the connection is open:", connection.is_open)


if __name__ == "__main__":
    asyncio.run(main())
