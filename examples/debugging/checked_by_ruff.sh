# ruff on the program with five mistakes, and on the fixed one
ruff check --isolated --select ASYNC,RUF006 --output-format concise \
    five_mistakes.py
ruff check --isolated --select ASYNC,RUF006 --output-format concise \
    five_mended.py
