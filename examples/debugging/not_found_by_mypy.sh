# mypy sees nothing; Python warns twice.
mypy --no-color-output --strict --enable-error-code unused-awaitable \
    forgotten_where_anything_goes.py
python forgotten_where_anything_goes.py 2>&1 | grep --count "never awaited"
