"""`python -m loopscope PROGRAM.py`: run a program, record what its event loop did, show the record."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from . import page, timeline, transcript
from .limits import Limits
from .supervisor import Program, record
from .trace import Trace


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m loopscope",
        description="Run a Python program and record what its asyncio event loop did.",
        epilog="The exit status is the program's own; 124 when it ran out of time.",
        usage="python -m loopscope [--clock real|virtual] [--timeout S] [--format text|json|svg|html] [-o FILE] (PROGRAM.py | -m MODULE) [ARGS ...]",
    )
    parser.add_argument("--clock", choices=("real", "virtual"), default="real", help="virtual: sleeping takes no time (default: real)")
    parser.add_argument("--timeout", type=_positive, default=None, metavar="S", help="stop it after so many seconds (default: never)")
    parser.add_argument("--format", choices=("text", "json", "svg", "html"), default="text", help="default: text")
    parser.add_argument("-o", "--output", metavar="FILE", help="where the record goes (default: standard output; text: standard error)")
    parser.add_argument("-m", dest="module", nargs=argparse.REMAINDER, metavar="MODULE", help="run a module, as python -m does")
    parser.add_argument("program", nargs="?", metavar="PROGRAM.py")
    parser.add_argument("args", nargs=argparse.REMAINDER, metavar="ARGS")
    return parser


def _positive(text: str) -> float:
    value = float(text)
    if not value > 0:
        raise argparse.ArgumentTypeError("the time must be more than 0 seconds")
    return value


def main(argv: list[str]) -> int:
    """Run the command; gives the exit status."""
    parser = arguments()
    told = parser.parse_args(argv)
    target, *rest = told.module or ([told.program, *told.args] if told.program else [None])
    if target is None:
        parser.error("which program? Give a file, or -m MODULE")
    program = Program(target, tuple(rest), told.clock, module=bool(told.module), stdin=True)
    limits = Limits(seconds=told.timeout or float("inf"), output=1 << 30, memory=1 << 62, file=-1)
    live = told.format == "text" or told.output is not None
    try:
        trace = record(program, limits, echo=_echo if live else None)
    except FileNotFoundError as problem:
        print(f"loopscope: {problem}", file=sys.stderr)
        return 2
    _write(told.format, told.output, trace)
    if trace.stopped and told.format != "text":
        print(f"loopscope: {trace.file}: {trace.stopped}", file=sys.stderr)
    return 128 + signal.Signals[trace.exit] if isinstance(trace.exit, str) else trace.exit


def _echo(stream: str, data: bytes) -> None:
    target = sys.stdout.buffer if stream == "stdout" else sys.stderr.buffer
    target.write(data)
    target.flush()


def _write(form: str, file: str | None, trace: Trace) -> None:
    if form == "text":
        text = transcript.summary(trace)
    elif form == "json":
        text = trace.to_json() + "\n"
    elif form == "svg":
        text = timeline.draw(trace, alone=True) + "\n"
    else:
        try:
            source = Path(trace.file).read_text(encoding="utf-8", errors="replace")
        except OSError as problem:
            source = f"(its source cannot be read: {problem.strerror})"
        text = page.render(trace, source)
    if file is not None:
        Path(file).write_text(text, encoding="utf-8")
    else:
        (sys.stderr if form == "text" else sys.stdout).write(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
