# Python and mypy on the same file
python forgotten_await.py 2>/dev/null
echo "python ends with $?"

python -W error forgotten_await.py 2>/dev/null
echo "python -W error ends with $?"

mypy --pretty --no-color-output forgotten_await.py
echo "mypy ends with $?"
