"""A query in a thread, for an async function."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["django"]
# [tool.loopscope]
# clock = "real"
# ///

import asyncio

import django
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection

DATABASE = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}


def count_orders() -> int:
    with connection.cursor() as cursor:
        return int(cursor.execute("SELECT 7").fetchone()[0])


async def main() -> None:
    settings.configure(DATABASES={"default": DATABASE})
    django.setup()
    print("orders:", await sync_to_async(count_orders)())


if __name__ == "__main__":
    asyncio.run(main())
