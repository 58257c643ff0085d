"""MkDocs, which ends when the process that started it does, or when it takes too long.

    python -m sitebuild.commands.engine DESCRIPTOR SECONDS …

In:  the number of a descriptor, the reading end of a pipe whose other end only that process holds;
     seconds of CPU, 0 for as many as it takes; and MkDocs's own arguments. Out: what MkDocs does,
     or that SIGXCPU ended it.

The kernel says that the other end is gone, however it went, and ends this process by the signal for
it: no thread of ours has to get a turn, which it would not while MkDocs is busy with a page for
ever.
"""

from __future__ import annotations

import fcntl
import os
import resource
import select
import signal
import sys


def end_with(descriptor: int) -> None:
    """From now on, end as soon as nobody holds the other end of a pipe."""
    os.set_inheritable(descriptor, False)
    if hasattr(os, "O_ASYNC"):
        signal.signal(signal.SIGIO, signal.SIG_DFL)
        fcntl.fcntl(descriptor, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(descriptor, fcntl.F_SETFL, fcntl.fcntl(descriptor, fcntl.F_GETFL) | os.O_ASYNC)
    if select.select([descriptor], [], [], 0)[0]:  # it happened before
        sys.exit(1)


if __name__ == "__main__":
    end_with(int(sys.argv.pop(1)))
    seconds = int(sys.argv.pop(1))
    if seconds:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    from mkdocs.__main__ import cli

    cli(prog_name="mkdocs")
