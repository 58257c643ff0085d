"""`python -m loopscope PROGRAM.py`: run a program, record what its event loop did, show the record."""

from __future__ import annotations

import argparse
import os
import resource
import signal
import sys
from pathlib import Path

from . import page, signals, timeline, transcript
from .limits import UNLIMITED, Limits
from .program import Program
from .supervisor import supervise
from .trace import Trace


def arguments() -> argparse.ArgumentParser:
    """Our own options; what to run comes after them."""
    parser = argparse.ArgumentParser(
        prog="python -m loopscope",
        description="Run a Python program and record what its asyncio event loop did.",
        epilog="The exit status is the program's own; 124 when it ran out of time.",
        usage="python -m loopscope [--clock real|virtual] [--timeout S] [--format text|json|svg|html] [-o FILE] "
        "(PROGRAM.py | -m MODULE) [ARGS ...]",
        allow_abbrev=False,
    )
    parser.add_argument("--clock", choices=("real", "virtual"), default="real", help="virtual: sleeping takes no time (default: real)")
    parser.add_argument("--timeout", type=_positive, default=None, metavar="S", help="stop it after so many seconds (default: never)")
    parser.add_argument("--format", choices=("text", "json", "svg", "html"), default="text", help="default: text")
    parser.add_argument("-o", "--output", metavar="FILE", help="where the record goes (default: standard output; text: standard error)")
    return parser


def _split(argv: list[str]) -> tuple[list[str], bool, list[str]]:
    """Our options; whether a module is to run; and what is to run with its arguments, of which none is ours, whatever it looks like."""
    place = 0
    while place < len(argv):
        word = argv[place]
        if word == "--":
            return argv[:place], False, argv[place + 1 :]
        if word.startswith("-m"):
            return argv[:place], True, [*([word[2:]] if word != "-m" else []), *argv[place + 1 :]]
        if not word.startswith("-"):
            break
        place += 2 if word in ("--clock", "--timeout", "--format", "--output", "-o") else 1
    return argv[:place], False, argv[place:]


def _positive(text: str) -> float:
    value = float(text)
    if not value > 0:
        raise argparse.ArgumentTypeError("the time must be more than 0 seconds")
    return value


def main(argv: list[str]) -> int:
    """Run the command; gives the exit status."""
    parser = arguments()
    own, module, target = _split(argv)
    told = parser.parse_args(own)
    if not target:
        parser.error("which program? Give a file, or -m MODULE")
    program = Program(target[0], tuple(target[1:]), told.clock, module=module, stdin=True)
    limits = Limits(seconds=told.timeout or float("inf"), output=UNLIMITED, memory=UNLIMITED, processes=UNLIMITED, file=UNLIMITED)
    live = told.format == "text" or told.output is not None
    try:
        trace = supervise(program, limits, echo=_echo if live else None)
        _write(told.format, told.output, trace)
    except BrokenPipeError:  # whoever read what it prints has gone, as with `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 128 + signal.SIGPIPE
    except OSError as problem:
        print(f"loopscope: {problem}", file=sys.stderr)
        return 2
    if trace.stopped and told.format != "text":
        print(f"loopscope: {trace.file}: {trace.stopped}", file=sys.stderr)
    if isinstance(trace.exit, int):
        return trace.exit
    number = signal.Signals[trace.exit] if trace.exit in signal.Signals.__members__ else int(trace.exit.rpartition(" ")[2])
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    signals.die_of(number)
    return 128 + number


def _echo(stream: str, data: bytes) -> None:
    target = sys.stdout.buffer if stream == "stdout" else sys.stderr.buffer
    target.write(data)
    target.flush()


def _write(form: str, file: str | None, trace: Trace) -> None:
    if form == "text":
        text = ("" if not trace.output or trace.output[-1].text.endswith("\n") else "\n") + transcript.summary(trace)
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
