"""Runs MkDocs in a process that ends when its parent does, or when it takes too long.

    python -m sitebuild.commands.mkdocs_child DESCRIPTOR SECONDS …

DESCRIPTOR is the read end of a pipe whose write end only the parent has. SECONDS limits the CPU
time; SIGXCPU ends the process when it is used up, and 0 sets no limit. MkDocs's own arguments
follow.

When the parent ends, in whatever way, the kernel closes the write end and ends this process by a
signal. A thread that watched the pipe would not do: it may get no turn while MkDocs is stuck in a
page.
"""

from __future__ import annotations

import fcntl
import os
import resource
import select
import signal
import sys


def end_with(descriptor: int) -> None:
    """End this process as soon as the write end of a pipe is closed.

    Args:
        descriptor: The read end of the pipe.

    Raises:
        SystemExit: The write end is closed already.
    """
    os.set_inheritable(descriptor, False)
    if hasattr(os, "O_ASYNC"):
        signal.signal(signal.SIGIO, signal.SIG_DFL)
        fcntl.fcntl(descriptor, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(descriptor, fcntl.F_SETFL, fcntl.fcntl(descriptor, fcntl.F_GETFL) | os.O_ASYNC)
    if select.select([descriptor], [], [], 0)[0]:  # closed already
        sys.exit(1)


if __name__ == "__main__":
    end_with(int(sys.argv.pop(1)))
    seconds = int(sys.argv.pop(1))
    if seconds:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    from mkdocs.__main__ import cli

    cli(prog_name="mkdocs")
