# mypy on both programs at once
mypy --no-color-output --enable-error-code unused-awaitable \
    five_mistakes.py five_mended.py
echo "mypy exited with $?"
