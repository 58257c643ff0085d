# /// script
# requires-python = ">=3.11"
# dependencies = ["django"]
# [tool.loopscope]
# clock = "real"
# ///

"""A plain view and two async views in Django."""

import asyncio

from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.exceptions import SynchronousOnlyOperation
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path


def count_orders() -> int:
    with connection.cursor() as cursor:
        return int(cursor.execute("SELECT 7").fetchone()[0])


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{count_orders()} orders")


async def asks_directly(request: HttpRequest) -> HttpResponse:
    try:
        return HttpResponse(f"{count_orders()} orders")
    except SynchronousOnlyOperation as error:
        return HttpResponse(error)


async def asks_in_a_thread(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{await sync_to_async(count_orders)()} orders")


views = plain, asks_directly, asks_in_a_thread
urlpatterns = [path(view.__name__, view) for view in views]


async def main() -> None:
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
    settings.configure(ROOT_URLCONF=__name__, DATABASES={"default": database})
    app = get_asgi_application()
    for url in "/plain", "/asks_directly", "/asks_in_a_thread":
        scope = {"type": "http", "method": "GET", "path": url, "headers": []}
        visit = ApplicationCommunicator(app, scope)
        await visit.send_input({"type": "http.request"})
        await visit.receive_output()
        print(url, (await visit.receive_output())["body"], sep=": ")
        await visit.wait()


if __name__ == "__main__":
    asyncio.run(main())
