"""The process behind `make serve`: serves the site, and rebuilds what was saved.

    python -m sitebuild.commands.serving DESCRIPTOR PORT FOLDER

DESCRIPTOR is the read end of a pipe that closes when the parent ends (`mkdocs_child.end_with`).
PORT is the port to serve on, and FOLDER a folder to build in.
"""

from __future__ import annotations

import logging
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from mkdocs.livereload import LiveReloadServer

from ..content.files import ProjectError
from ..problem import Problem
from ..project import Project, current_project
from ..records import sandbox_policy
from ..records.server_pool import ServerPools
from .build import problems_of
from .course import CodeChangedError, Course
from .mkdocs_child import end_with
from .serve import AGAIN

_POLL = 0.1  # seconds between two looks at the files
_SETTLE = 0.05  # seconds without another change before a rebuild begins


def main(port: int, folder: Path) -> int:
    """Serve the project in the current folder until interrupted.

    Args:
        port: The port to serve on.
        folder: The folder to build in.

    Returns:
        An exit status.
    """
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    project = current_project()
    with ServerPools(sandbox_policy.choose(project)) as pools:
        course = Course(project, folder, pools)
        problems = _attempt(course.build, project)
        if course.site is None:
            _report(problems)
            return 1
        return _Server(course, port).run()


def _attempt(build: Callable[[], list[Problem]], project: Project) -> list[Problem]:
    """Build, and return the problems; errors that have no problems are printed."""
    try:
        return build()
    except (ProjectError, OSError) as error:
        return problems_of(error, project)
    except CodeChangedError:
        raise
    except Exception:
        # An unfinished template, for instance. The site is left as it was.
        traceback.print_exc()
        return []


def _report(problems: list[Problem]) -> None:
    """Print problems to standard error."""
    for problem in problems:
        print(problem, file=sys.stderr, flush=True)


class _Server:
    """MkDocs's server for live reload, which serves a course.

    Args:
        course: The course; it has been built.
        port: The port to serve on.
    """

    def __init__(self, course: Course, port: int) -> None:
        self._course = course
        self._status = 0
        self._server = LiveReloadServer(
            self._update,
            "127.0.0.1",
            port,
            root=str(course.site),
            polling_interval=_POLL,
            shutdown_delay=_POLL,
        )
        self._server.build_delay = _SETTLE
        self._server.error_handler = self._error_page
        for path in course.watched:
            self._server.watch(str(path))

    def run(self) -> int:
        """Serve until interrupted or until the code changes, and return an exit status."""
        print(f"serving on {self._server.url}", file=sys.stderr, flush=True)
        try:
            self._server.serve()  # type: ignore[no-untyped-call]  # MkDocs has no type for it
        except KeyboardInterrupt:
            pass
        finally:
            self._server.shutdown()
        return self._status

    def _update(self) -> None:
        """Rebuild what was saved; MkDocs's server calls this after a change."""
        try:
            _report(_attempt(self._course.update, self._course.project))
        except CodeChangedError:
            self._status = AGAIN
            self._server._shutdown = True  # this runs inside the server's loop, which checks it
        self._server.root = str(self._course.site)

    def _error_page(self, code: int) -> bytes | None:
        """Return the site's own page for an HTTP error, if it has one."""
        assert self._course.site is not None
        page = self._course.site / f"{code}.html"
        return page.read_bytes() if page.is_file() else None


if __name__ == "__main__":
    end_with(int(sys.argv[1]))
    try:
        sys.exit(main(int(sys.argv[2]), Path(sys.argv[3])))
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
