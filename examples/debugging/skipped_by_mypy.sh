# mypy on a forgotten await in a function without type hints
mypy --no-color-output forgotten_without_hints.py
mypy --no-color-output --check-untyped-defs forgotten_without_hints.py
echo "mypy exited with $?"
