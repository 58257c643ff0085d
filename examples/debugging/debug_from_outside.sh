# The same program, started three ways
python debug_on.py
PYTHONASYNCIODEBUG=1 python debug_on.py
python -X dev debug_on.py
