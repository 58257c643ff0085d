# /// script
# requires-python = ">=3.11"
# dependencies = ["django"]
# [tool.loopscope]
# clock = "real"
# ///

"""Django's own async queries."""

import asyncio

import django
from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.exceptions import SynchronousOnlyOperation
from django.db import connection, models


def open_shop() -> type[models.Model]:
    class Order(models.Model):
        item = models.CharField(max_length=20)

        class Meta:
            app_label = "shop"

    with connection.schema_editor() as editor:
        editor.create_model(Order)
    return Order


async def main() -> None:
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
    settings.configure(DATABASES={"default": database})
    django.setup()
    orders = (await sync_to_async(open_shop)()).objects
    await orders.acreate(item="lamp")
    print("acount():", await orders.acount())
    try:
        print("count():", orders.count())
    except SynchronousOnlyOperation as error:
        print("count():", error)


if __name__ == "__main__":
    asyncio.run(main())
