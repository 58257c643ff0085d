"""`python -m sitebuild build | serve | update | run`: what the Makefile calls."""

from __future__ import annotations

import argparse
import signal
import sys
import time

from .commands import addresses, build, update
from .content import examples
from .content.files import ProjectError
from .project import current_project
from .rendering import articles


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m sitebuild", description="Build the site of Awaited."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("build", help="build site/ from nothing, or from what is still true")
    serving = commands.add_parser("serve", help="show the site while you write")
    serving.add_argument("--port", type=int, default=8000, help="default: 8000")
    updating = commands.add_parser("update", help="record the examples' outputs anew")
    updating.add_argument(
        "names", nargs="*", help="only these (default: all), like tasks/two_tasks"
    )
    updating.add_argument(
        "--this-python",
        action="store_true",
        help="where this Python prints something else, keep that beside, in NAME.3.x.out",
    )
    updating.add_argument(
        "--python",
        metavar="3.x",
        help="keep beside what that Python prints, where it prints something else",
    )
    args = parser.parse_args(argv)
    project = current_project()
    everything = args.command == "update" and not (args.names or args.python)
    try:
        if args.command == "serve":
            return build.serve(project, args.port)
        if args.command == "update":
            for line in [
                *update.update(project, args.names, args.this_python, args.python),
                *articles.write(project),
            ]:
                print(line)
        began = time.monotonic()
        # Updating all of it lists new addresses too, and these are known once the site is built.
        problems = build.build(project) if args.command == "build" or everything else []
        if everything and not problems:
            print(f"addresses.txt: {addresses.add_new(project, project.site)} added")
    except (ProjectError, OSError) as wrong:
        problems = build.problems_of(wrong, project)
    except KeyboardInterrupt:
        print(
            "interrupted; what was recorded by then is kept, and the site is as it was",
            file=sys.stderr,
        )
        return 128 + signal.SIGINT
    for problem in problems:
        print(problem, file=sys.stderr)
    if args.command == "update" and not problems:
        return 0
    if problems:
        print(
            f"{len(problems)} problem{'s' * (len(problems) != 1)}; nothing was built",
            file=sys.stderr,
        )
        return 1
    pages = len(list(project.site.rglob("index.html")))
    print(
        f"site/: {pages} pages, {len(examples.find(project))} examples,"
        f" {time.monotonic() - began:.1f} s"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
