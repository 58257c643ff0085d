# What ruff says about the two programs
ruff check --isolated --select RUF006 --output-format concise \
    lost_in_the_background.py
echo "ruff exited with $?"
ruff check --isolated --select RUF006 --output-format concise kept_in_a_set.py
echo "ruff exited with $?"
