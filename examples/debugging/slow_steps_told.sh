# Both programs in debug mode.
# sed drops the middle of each line, and the digits that vary.
for program in slow_steps.py slow_steps_stricter.py; do
    echo "$program:"
    python -X dev $program 2>&1 >/dev/null |
        sed -E "s/ coro=.* took 0[0-9.]+/ … took 0.…/"
done
