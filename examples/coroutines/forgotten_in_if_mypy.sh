# mypy on a condition that is always true
mypy --pretty --no-color-output forgotten_in_if.py
mypy --pretty --no-color-output --enable-error-code truthy-bool \
    forgotten_in_if.py
echo "mypy exited with $?"
