"""What a program may use up before its recording is ended, all in one place."""

from __future__ import annotations

from dataclasses import dataclass

STEPS = 20_000
"""Steps that a record holds; later ones run unrecorded, and a note says so."""

TASKS = 10_000
"""Tasks that a record holds; later ones run unrecorded, and a note says so."""

PIECES = 20_000
"""Pieces of output that a record holds; later ones are added to the last piece of their stream."""

QUEUE_SHOWN = 20
"""Entries of the ready queue and of the timers that a step holds."""

EVENTS = 500_000
"""Events from which a record is made: more than a program can cause that holds to the limits above.
Who sends more forges them.
"""

RECORD = 50_000_000
"""Characters of JSON that a record may be long; what is longer is no record of what a program did.
"""

TIMED_OUT = 124
"""Exit status of a program that ran out of time or could never have ended (as of the `timeout`
command).
"""

STOPPED = 125
"""Exit status of a program that was ended for another reason (a limit, or what the virtual clock
cannot do).
"""


UNLIMITED = 1 << 62


@dataclass(frozen=True)
class Limits:
    """One program's limits. Crossing one ends the program and is said in `Trace.stopped`."""

    seconds: float = 10.0  # of real time
    output: int = 1_000_000  # bytes, stdout and stderr together
    memory: int = 1_500_000_000  # bytes resident, of the program and the processes it started
    processes: int = 64  # at once, of the program and what it started
    # at once, of all these processes; elsewhere than in a sandbox nobody can count them
    threads: int = UNLIMITED
    file: int = 100_000_000  # bytes that one file it writes may hold


DEFAULT = Limits()
