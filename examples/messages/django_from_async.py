"""A query in an async function."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["django"]
# [tool.loopscope]
# clock = "real"
# ///

import asyncio

import django
from django.conf import settings
from django.core.exceptions import SynchronousOnlyOperation
from django.db import connection

DATABASE = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}


def count_orders() -> int:
    with connection.cursor() as cursor:
        return int(cursor.execute("SELECT 7").fetchone()[0])


async def main() -> None:
    settings.configure(DATABASES={"default": DATABASE})
    django.setup()
    try:
        print("orders:", count_orders())
    except SynchronousOnlyOperation as error:
        print(type(error).__name__, error, sep=": ")


if __name__ == "__main__":
    asyncio.run(main())
