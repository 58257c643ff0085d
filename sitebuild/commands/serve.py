"""`make serve`: shows the site with live reload, from a process of its own (`serving`).

When the code of sitebuild or loopscope changes, the process is replaced by a new one, because
modules that are loaded cannot be unloaded safely.
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
from ..rendering import render_cache
from . import publish
from .mkdocs_process import environment, lifeline
from .sources import check_sources

AGAIN = 75
"""The exit status of a process that ended because the code of sitebuild or loopscope changed."""

_POLL = 0.2  # seconds between two looks at the code


def serve(project: Project, port: int) -> int:
    """Serve the site with live reload until interrupted, even if examples have problems.

    Args:
        project: The project.
        port: The port to serve on; only this machine can connect to it.

    Returns:
        An exit status.

    Raises:
        ProjectError: The port cannot be used, or a source is wrong.
    """
    _try_port(port)
    check_sources(project)
    try:
        status = _run(project, port)
        while status == AGAIN:
            code = render_cache.sources()
            status = _run(project, port)
            if status not in (0, AGAIN, 128 + signal.SIGINT):
                print("the server is started again once its code changes", file=sys.stderr)
                while render_cache.sources() == code:
                    time.sleep(_POLL)
                status = AGAIN
        return status
    except KeyboardInterrupt:
        return 0


def _run(project: Project, port: int) -> int:
    """Run the process of the server until it ends, and return its exit status."""
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
    """Raise ProjectError if nothing can be served on a port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as problem:
            cause = (
                "it is in use"
                if isinstance(problem, OSError) and problem.errno == errno.EADDRINUSE
                else "it cannot be used"
            )
            raise ProjectError(
                f"--port {port}: {cause}; name another: `make serve ARGS='--port 8001'`"
            ) from problem
