# ruff on the program with five mistakes, and on the mended one
ruff check --isolated --select ASYNC,RUF006 --output-format concise \
    five_mistakes.py
ruff check --isolated --select ASYNC,RUF006 --output-format concise \
    five_mended.py
