"""`make serve`: the site while somebody writes, in a process of its own (`serving`).

In:  a project and a port. Out: a server on it, until it is interrupted.

The process is started anew when our own code changes, as a module cannot be taken back.
"""

from __future__ import annotations

import errno
import signal
import socket
import subprocess
import sys
import time

from ..content.files import ProjectError
from ..project import Project
from ..rendering import kept
from . import publish
from .mkdocs_process import environment, lifeline
from .sources import check_sources

AGAIN = 75
"""The status of a process that ended because our code changed."""

_POLL = 0.2  # seconds


def serve(project: Project, port: int) -> int:
    """Show the site with live reload, also where an example's `.out` does not agree yet.

    Args:
        project: What is shown.
        port: On which it is served, on this machine alone.

    Returns:
        An exit status.

    Raises:
        ProjectError: The port cannot be had, or a file is not as it must be.
    """
    _try_port(port)
    check_sources(project)
    try:
        status = _run(project, port)
        while status == AGAIN:
            code = kept.sources()
            status = _run(project, port)
            if status not in (0, AGAIN, 128 + signal.SIGINT):
                print("the server is started again once its code changes", file=sys.stderr)
                while kept.sources() == code:
                    time.sleep(_POLL)
                status = AGAIN
        return status
    except KeyboardInterrupt:
        return 0


def _run(project: Project, port: int) -> int:
    """Serve until it ends, or our code changes. Gives its status."""
    with publish.build_folder(project) as folder, lifeline() as descriptor:
        module = "sitebuild.commands.serving", str(descriptor), str(port), str(folder.path)
        variables = {"AWAITED_DRAFT": "1", "AWAITED_SITE": f"http://127.0.0.1:{port}/"}
        return subprocess.run(
            [sys.executable, "-m", *module],
            cwd=project.root,
            env=environment() | variables,
            pass_fds=(folder.descriptor, descriptor),
        ).returncode


def _try_port(port: int) -> None:
    """Raises ProjectError where nothing can be served at a port."""
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            free.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as problem:
            cause = (
                "it is in use"
                if isinstance(problem, OSError) and problem.errno == errno.EADDRINUSE
                else "it cannot be used"
            )
            raise ProjectError(
                f"--port {port}: {cause}; name another: `make serve ARGS='--port 8001'`"
            ) from problem
