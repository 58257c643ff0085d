"""The commands that the Makefile calls: `python -m sitebuild build | serve | update | …`."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from .commands import addresses, build, new, offline, record, serve, update
from .content import examples
from .content.files import ProjectError
from .problem import Problem
from .project import Project, current_project
from .records.shares import Part
from .rendering import api_index, articles, error_pages


def main(argv: Sequence[str]) -> int:
    """Run a command and print its problems.

    Args:
        argv: The command and its options, without the program's name.

    Returns:
        The exit status: 0; 1 if there are problems; 130 after an interruption.
    """
    args = _parser().parse_args(argv)
    project = current_project()
    began = time.monotonic()
    try:
        if args.command == "serve":
            return serve.serve(project, args.port)
        problems = _run(project, args)
    except (ProjectError, OSError) as error:
        problems = build.problems_of(error, project)
    except KeyboardInterrupt:
        print(
            "interrupted; the records made so far are kept, and the site is unchanged",
            file=sys.stderr,
        )
        return 128 + signal.SIGINT
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        count = f"{len(problems)} problem{'s' * (len(problems) != 1)}"
        builds = args.command in ("build", "update", "offline")
        print(count + "; nothing was built" * builds, file=sys.stderr)
        return 1
    if args.command == "offline":
        print(project.relative(offline.pack(project)))
    if args.command == "build":
        pages = len(list(project.site.rglob("index.html")))
        print(
            f"site/: {pages} pages, {len(examples.find(project))} examples,"
            f" {time.monotonic() - began:.1f} s"
        )
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sitebuild", description="Build the site of Awaited."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    building = commands.add_parser(
        "build", help="build site/, running only examples that have changed"
    )
    building.add_argument(
        "--shares",
        nargs="+",
        type=Path,
        default=[],
        metavar="FOLDER",
        help="shares of the records, made by `record` on other machines",
    )
    commands.add_parser("offline", help="build site/, and pack it into a zip that opens from disk")
    recording = commands.add_parser("record", help="run a share of the examples for another build")
    recording.add_argument(
        "--shard",
        type=_part,
        default=Part(1, 1),
        metavar="K/N",
        help="which share, like 3/8 (default: 1/1, all of them)",
    )
    recording.add_argument(
        "--into",
        type=Path,
        metavar="FOLDER",
        help="where to write the records (default: share-K-of-N)",
    )
    making = commands.add_parser("new", help="lay out a new example or page")
    making.add_argument("kind", choices=("example", "page"))
    making.add_argument("name", help="like tasks/my_example or tasks/my-page")
    serving = commands.add_parser("serve", help="show the site while you write")
    serving.add_argument("--port", type=int, default=8000, help="default: 8000")
    updating = commands.add_parser("update", help="record the examples' outputs again")
    updating.add_argument(
        "names", nargs="*", help="only these (default: all), like tasks/two_tasks"
    )
    updating.add_argument(
        "--this-python",
        action="store_true",
        help="where this Python prints something different, write it to NAME.3.x.out",
    )
    updating.add_argument(
        "--python",
        metavar="3.x",
        help="run the examples that pages show on that Python, and write what differs to"
        " NAME.3.x.out",
    )
    return parser


def _part(text: str) -> Part:
    try:
        return Part.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _run(project: Project, args: argparse.Namespace) -> list[Problem]:
    """Run a command other than `serve`, and print what it did."""
    if args.command == "update":
        return _update(project, args)
    if args.command == "new":
        print(new.new(project, args.kind, args.name))
        return []
    if args.command == "record":
        part = args.shard
        folder = args.into or Path(f"share-{part.number}-of-{part.count}")
        problems, written = record.record(project, part, folder.absolute())
        print(written)
        return problems
    shares = args.shares if args.command == "build" else []
    return build.build(project, share_folders=[folder.absolute() for folder in shares])


def _update(project: Project, args: argparse.Namespace) -> list[Problem]:
    """Update what is generated; if that is everything, also list the site's new addresses."""
    for line in [
        *update.update(project, args.names, args.this_python, args.python),
        *articles.write(project),
        *api_index.write(project),
        *error_pages.write(project),
    ]:
        print(line)
    if args.names or args.python:
        return []
    problems = build.build(project)  # the addresses are known once the site is built
    if not problems:
        print(f"addresses.txt: {addresses.add_new(project, project.site)} added")
    return problems


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
