"""Ctrl-C, and nobody listens."""

import os
import signal

print("before")
os.kill(os.getpid(), signal.SIGINT)
print("not printed")
