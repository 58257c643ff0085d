# ruff sees nothing; debug mode does.
# sed leaves out what differs from run to run: the middle and the digits.
ruff check --isolated --select ASYNC,RUF006 blocking_one_call_deeper.py
PYTHONASYNCIODEBUG=1 python blocking_one_call_deeper.py 2>&1 >/dev/null |
    sed -E 's/ coro=.* took 0[0-9.]+/ … took 0.…/'
