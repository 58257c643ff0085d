# Python and mypy on the same file
python forgotten_await.py 2>/dev/null
echo "python exited with $?"

python -W error forgotten_await.py 2>/dev/null
echo "python -W error exited with $?"

mypy --pretty --no-color-output forgotten_await.py
echo "mypy exited with $?"
