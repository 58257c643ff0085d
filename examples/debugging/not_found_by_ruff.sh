# ruff sees nothing; debug mode does.
# sed drops the middle of each line, and the digits that vary.
for program in blocking_one_call_deeper.py blocking_not_listed.py; do
    echo "$program:"
    ruff check --isolated --select ASYNC,RUF006 $program
    PYTHONASYNCIODEBUG=1 python $program 2>&1 >/dev/null |
        sed -E 's/ coro=.* took [0-9.]+/ … took …/'
done
