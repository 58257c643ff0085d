#!/usr/bin/env bash
# The same await, typed into Python's own console, in greeting.py's folder
python -m asyncio 2>/dev/null <<'TYPED'
from greeting import fetch_greeting
await fetch_greeting()
TYPED
