# Debug mode, switched on from the outside.
# sed leaves out what differs from run to run: the middle and the digits.
PYTHONASYNCIODEBUG=1 python awaitable_and_blocking.py 2>&1 >/dev/null |
    sed -E 's/ wait_for=.* took 0[0-9.]+/ … took 0.…/'
