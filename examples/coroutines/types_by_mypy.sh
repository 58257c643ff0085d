# What mypy calls the two things in function_and_coroutine.py
mypy --no-color-output --no-error-summary --command '
from function_and_coroutine import fetch_price
function = reveal_type(fetch_price)
price = reveal_type(fetch_price())
'
