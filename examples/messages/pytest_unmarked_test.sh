# An async test that is not marked for any plugin.
cat > test_orders.py <<'END'
async def count_orders() -> int:
    return 12


async def test_count() -> None:
    assert await count_orders() == 12
END
pytest -q -rN test_orders.py -p no:cacheprovider | sed "s/ in .*s$//"
