"""What the tests of this folder share: programs recorded side by side."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator

import pytest
from recorders import Recorded, Recorders
from warm_command import WarmCommand

for _number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
    # A shell that starts pytest in the background ignores these, and what the tests start would,
    # too.
    if signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(
            _number, signal.default_int_handler if _number == signal.SIGINT else signal.SIG_DFL
        )


@pytest.fixture(scope="session")
def recorders() -> Iterator[Recorders]:
    recorders = Recorders()
    yield recorders
    recorders.close()


@pytest.fixture(scope="session")
def command() -> Iterator[WarmCommand]:
    command = WarmCommand()
    yield command
    command.close()


@pytest.fixture(scope="session")
def recorded(
    recorders: Recorders, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], Recorded]:
    return lambda: Recorded(recorders, tmp_path_factory.mktemp("programs"))
