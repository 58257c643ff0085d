"""Runs one program, records what its event loop did, and draws the record.

    record(Program("two_tasks.py"))  ->  Trace  ->  transcript · timeline · steps in words

Standard library only, Python 3.10 to 3.15.
"""

from .trace import Output, Step, Task, Trace

__all__ = ["Output", "Step", "Task", "Trace"]
