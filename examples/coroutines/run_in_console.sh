# asyncio.run() in Python's own asyncio console: two lines of its output
python -m asyncio 2>&1 <<'TYPED' | grep -e '^Use' -e '^RuntimeError'
asyncio.run(asyncio.sleep(1))
TYPED
