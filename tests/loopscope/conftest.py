"""What the tests of this folder share: programs recorded side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from recording import Recorded, Recorders


@pytest.fixture(scope="session")
def recorders() -> Iterator[Recorders]:
    recorders = Recorders()
    yield recorders
    recorders.close()


@pytest.fixture(scope="session")
def recorded(recorders: Recorders, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Recorded]:
    return lambda: Recorded(recorders, tmp_path_factory.mktemp("programs"))
