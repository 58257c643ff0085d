"""`python -m loopscope PROGRAM.py`: run a program, record what its event loop did, show the record."""

from __future__ import annotations

import sys

if __name__ == "__main__" and not getattr(sys.flags, "safe_path", False):
    # Python looks for modules in the current folder first. What lies there (`json.py`) must not hide what we import.
    sys.path.append(sys.path.pop(0))

import argparse
import contextlib
import os
import resource
import signal
import zipfile
from collections.abc import Iterator
from pathlib import Path

from . import __version__
from .limits import UNLIMITED, Limits
from .running import signals
from .running.destination import Destination, to_standard_output
from .running.launch import find, supervise
from .running.program import Program
from .trace.model import Trace
from .views import page, timeline, transcript

_EPILOG = """\
The exit status is the program's own, and a signal that ends the program ends the command too; 124 when it ran out of time, 125 when it
was ended for another reason, 2 when the command was not used as it can be. Files are UTF-8, and so is what goes to standard output.

The command is for programs of your own. It is NOT a sandbox: the program runs with all your rights.

What recording changes: the program's standard output and error are pipes, also on a terminal (no colours, no width), and its lines
come out one by one, with or without -u; settrace, cProfile and the like see frames of loopscope's between those of the program;
processes that it leaves behind are ended. A loopscope that is killed itself (SIGKILL) takes the program along, but not its processes.
"""


def arguments() -> argparse.ArgumentParser:
    """Our own options; what to run comes after them."""
    parser = argparse.ArgumentParser(
        prog="python -m loopscope",
        description="Run a Python program and record what its asyncio event loop did.",
        epilog=_EPILOG,
        usage="python -m loopscope [--clock real|virtual] [--timeout S] [--format text|json|svg|html] [-o FILE] "
        "(PROGRAM.py | FOLDER | -m MODULE) [ARGS ...]",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--clock", choices=("real", "virtual"), default="real", help="virtual: sleeping takes no time (default: real)")
    parser.add_argument(
        "--timeout",
        type=_positive,
        default=None,
        metavar="S",
        help="end it after so many seconds, on the virtual clock seconds of CPU (default: never)",
    )
    parser.add_argument("--format", choices=("text", "json", "svg", "html"), default="text", help="default: text")
    parser.add_argument("-o", "--output", metavar="FILE", help="where the record goes (default: standard output; text: standard error)")
    parser.add_argument("--version", action="version", version=f"loopscope {__version__} (Python {sys.version.split()[0]})")
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
        if not word.startswith("-") or word == "-":
            break
        place += 2 if word in ("--clock", "--timeout", "--format", "--output", "-o") else 1
    return argv[:place], False, argv[place:]


def _positive(text: str) -> float:
    value = float(text)
    if not value > 0:
        raise argparse.ArgumentTypeError("the time must be more than 0 seconds")
    return value


def main(argv: list[str]) -> int:
    """Run the command; gives the exit status. A program that a signal ended ends this process by the same signal."""
    parser = arguments()
    own, module, target = _split(argv)
    told = parser.parse_args(own)
    if not target:
        parser.error("which program? Give a file, or -m MODULE")
    _open_standard_descriptors()
    program = Program(target[0], tuple(target[1:]), told.clock, module=module, stdin=True)
    limits = Limits(seconds=told.timeout or float("inf"), output=UNLIMITED, memory=UNLIMITED, processes=UNLIMITED, file=UNLIMITED)
    live = told.format == "text" or told.output is not None
    try:
        find(program)
        destination = _destination(told.output)
        trace = supervise(program, limits, echo=_echo if live else None)
        text = _render(told.format, trace)
        if destination is not None:
            destination.write(text)
        elif told.format != "text":
            to_standard_output(text)
        else:
            _tell(text)
        if told.format != "text":
            _tell("".join(f"loopscope: {trace.file}: {line}\n" for line in (*([trace.stopped] if trace.stopped else []), *trace.notes)))
    except BrokenPipeError:  # whoever read what it prints has gone, as with `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 128 + signal.SIGPIPE
    except KeyboardInterrupt:  # while the record was being written
        signals.die_of(signal.SIGINT)
        return 128 + signal.SIGINT
    except OSError as problem:
        _tell(f"loopscope: {_sentence(problem)}\n")
        return 2
    if isinstance(trace.exit, int):
        return trace.exit
    number = signal.Signals[trace.exit] if trace.exit in signal.Signals.__members__ else int(trace.exit.rpartition(" ")[2])
    for stream in filter(None, (sys.stdout, sys.stderr)):
        stream.flush()
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    signals.die_of(number)
    return 128 + number


def _destination(path: str | None) -> Destination | None:
    try:
        return None if path is None else Destination(path)
    except OSError as problem:
        reason = f"the record cannot be written to {path} ({problem.strerror}), so the program was not run; give -o another file"
        raise OSError(reason) from None


def _sentence(problem: OSError) -> str:
    return str(problem) if problem.strerror is None else f"{problem.filename}: {problem.strerror}" if problem.filename else problem.strerror


def _open_standard_descriptors() -> None:
    """Where this process was started without standard input, output or error, no pipe of ours may take its number."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        continue
    os.close(descriptor)


def _echo(stream: str, data: bytes) -> None:
    target = sys.stdout if stream == "stdout" else sys.stderr
    if target is not None:
        with _errors_kept_from_status() if stream == "stderr" else contextlib.nullcontext():
            target.buffer.write(data)
            target.buffer.flush()


def _tell(text: str) -> None:
    if sys.stderr is not None and text:
        with _errors_kept_from_status():
            sys.stderr.write(text)
            sys.stderr.flush()


@contextlib.contextmanager
def _errors_kept_from_status() -> Iterator[None]:
    """What cannot be written to standard error (its disk is full) is lost, but the exit status is still the program's."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # for what is still in the buffer


def _render(form: str, trace: Trace) -> str:
    if form == "text":
        return ("" if not trace.output or trace.output[-1].text.endswith("\n") else "\n") + transcript.summary(trace)
    if form == "json":
        return trace.to_json() + "\n"
    if form == "svg":
        return timeline.draw(trace, alone=True) + "\n"
    return page.render(trace, _source(trace.file))


def _source(file: str) -> str:
    try:
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as archive:
                return archive.read("__main__.py").decode("utf-8", "replace")
        return Path(file).read_text(encoding="utf-8", errors="replace")
    except (OSError, KeyError, zipfile.BadZipFile) as problem:
        return f"(its source cannot be read: {getattr(problem, 'strerror', None) or problem})"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
