# The same test, marked for anyio's plugin.
cat > test_orders.py <<'END'
import pytest


async def count_orders() -> int:
    return 12


@pytest.mark.anyio
async def test_count() -> None:
    assert await count_orders() == 12


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
END
pytest -q -rN test_orders.py -p no:cacheprovider | sed "s/ in .*s$//"
