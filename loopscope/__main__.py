"""`loopscope PROGRAM.py`: run a program, record what its event loop did, show the record."""

from __future__ import annotations

import sys

if __name__ == "__main__" and not getattr(sys.flags, "safe_path", False):
    # Python looks for modules in the current folder first. What lies there (`json.py`) must not
    # hide what we import.
    sys.path.append(sys.path.pop(0))

try:
    # Unused: where programs cannot be recorded, importing it raises the reason.
    from . import running  # noqa: F401
except ImportError as problem:
    print(f"loopscope: {problem}", file=sys.stderr)
    sys.exit(2)

import argparse
import contextlib
import os
import resource
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

from . import __version__
from .limits import UNLIMITED, Limits
from .running import signals
from .running.destination import Destination, to_standard_output
from .running.launch import find, supervise
from .running.program import Program
from .trace.events import Clock
from .trace.model import Trace

_DESCRIPTION = """\
Run a Python program and record what its asyncio event loop does.

PROGRAM is a file, a folder or zip archive with a __main__.py, -m MODULE,
-c CODE, or - for the text on standard input. All that follows it is its own.
"""
_EPILOG = """\
The exit status is the program's own; 124: it ran out of time; 125: it was
ended for another reason; 2: there was nothing to run. Its output goes through
pipes, also on a terminal. The command is for programs of your own, and NOT a
sandbox: they run with all your rights.
"""


def arguments() -> argparse.ArgumentParser:
    """Our own options; what to run comes after them."""
    parser = argparse.ArgumentParser(
        prog="loopscope",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        usage="loopscope [OPTION ...] PROGRAM [ARGUMENT ...]",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "--clock",
        choices=("real", "virtual"),
        default="real",
        metavar="CLOCK",
        help="real (default), or virtual: sleeping takes no time",
    )
    parser.add_argument(
        "--timeout",
        type=_positive,
        default=None,
        metavar="S",
        help="end it after S seconds; with a virtual clock, of CPU",
    )
    parser.add_argument(
        "--format",
        choices=("text", "json", "svg", "html"),
        metavar="FORMAT",
        help="text (default), json, svg or html",
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="where the record goes (default: standard output; text: standard error)",
    )
    parser.add_argument("--open", action="store_true", help="show the HTML page in the browser")
    version = f"loopscope {__version__} (Python {sys.version.split()[0]})"
    parser.add_argument(
        "--version", action="version", version=version, help="show the version and exit"
    )
    return parser


def _split(argv: Sequence[str]) -> tuple[Sequence[str], str, list[str]]:
    """Tell our own options from what is to run.

    Returns:
        Our options; "-m" or "-c", where a module or code is to run; and what is to run with its
        arguments, none of which is ours, whatever it looks like.
    """
    place = 0
    while place < len(argv):
        word = argv[place]
        if word == "--":
            return argv[:place], "", [*argv[place + 1 :]]
        if (kind := word[:2]) in ("-m", "-c"):
            return argv[:place], kind, [*([word[2:]] if word != kind else []), *argv[place + 1 :]]
        if not word.startswith("-") or word == "-":
            break
        place += 2 if word in ("--clock", "--timeout", "--format", "--output", "-o") else 1
    return argv[:place], "", [*argv[place:]]


def _positive(text: str) -> float:
    value = float(text)
    if not value > 0:
        raise argparse.ArgumentTypeError("the time must be more than 0 seconds")
    return value


def _program(kind: str, target: list[str], clock: Clock) -> Program:
    """What is to run, of `kind` "-m", "-c" or "" (as `_split` tells it), with its text where it is
    no file.
    """
    first, *others = target
    args = tuple(others)
    if kind == "-c":
        return Program("-c", args, clock, source=first, stdin=True)
    if first == "-" and not kind:
        text = b"" if sys.stdin is None else sys.stdin.buffer.read()
        return Program("-", args, clock, source=text.decode("utf-8", "surrogateescape"), stdin=True)
    return Program(first, args, clock, module=kind == "-m", stdin=True)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: Its arguments; default: those of this process.

    Returns:
        The exit status. A program that a signal ended ends this process by the same signal.
    """
    parser = arguments()
    own, kind, target = _split(sys.argv[1:] if argv is None else argv)
    told = parser.parse_args(own)
    if not target:
        parser.error("which program? Give a file, -m MODULE, -c CODE or -")
    form = told.format or ("html" if told.open else "text")
    if told.open and form != "html":
        parser.error(f"--open shows a page in the browser, which is --format html and not {form}")
    _open_standard_descriptors()
    limits = Limits(
        seconds=told.timeout or float("inf"),
        output=UNLIMITED,
        memory=UNLIMITED,
        processes=UNLIMITED,
        file=UNLIMITED,
    )
    live = form == "text" or told.open or told.output is not None
    try:
        program = _program(kind, target, told.clock)
        find(program)
        destination = _destination(told.output)
        trace = supervise(program, limits, echo=_echo if live else None)
        text = _render(form, trace, program.source)
        if destination is not None:
            destination.write(text)
        elif told.open:
            told.output = _page_that_lasts(text)
        elif form != "text":
            to_standard_output(text)
        else:
            _tell(text)
        if form != "text":
            said = [*([trace.stopped] if trace.stopped else []), *trace.notes]
            _tell("".join(f"loopscope: {trace.file}: {line}\n" for line in said))
        if told.open:
            _open_in_browser(told.output)
    except BrokenPipeError:  # whoever read what it prints has gone, as with `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 128 + signal.SIGPIPE
    except KeyboardInterrupt:  # while its text was being read, or the record written
        signals.die_of(signal.SIGINT)
        return 128 + signal.SIGINT
    except OSError as problem:
        _tell(f"loopscope: {_sentence(problem)}\n")
        return 2
    if isinstance(trace.exit, int):
        return trace.exit
    number = (
        signal.Signals[trace.exit]
        if trace.exit in signal.Signals.__members__
        else int(trace.exit.rpartition(" ")[2])
    )
    for stream in filter(None, (sys.stdout, sys.stderr)):
        stream.flush()
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    signals.die_of(number)
    return 128 + number


def _destination(path: str | None) -> Destination | None:
    try:
        return None if path is None else Destination(path)
    except OSError as problem:
        reason = (
            f"the record cannot be written to {path} ({problem.strerror}), so the program was not"
            " run; give -o another file"
        )
        raise OSError(reason) from None


def _page_that_lasts(text: str) -> str:
    """Write a page to a temporary file that stays there, and give its path."""
    import tempfile  # as with `webbrowser`: few calls need it, and it brings a dozen modules along

    with tempfile.NamedTemporaryFile(prefix="loopscope-", suffix=".html", delete=False) as file:
        file.write(text.encode("utf-8", "backslashreplace"))
    return file.name


def _open_in_browser(file: str) -> None:
    import webbrowser

    try:
        opened = webbrowser.open(Path(file).resolve().as_uri())
    except webbrowser.Error:
        opened = False
    _tell(f"loopscope: the page is {file}{'' if opened else '; no browser here could open it'}\n")


def _sentence(problem: OSError) -> str:
    return (
        str(problem)
        if problem.strerror is None
        else f"{problem.filename}: {problem.strerror}"
        if problem.filename
        else problem.strerror
    )


def _open_standard_descriptors() -> None:
    """Where this process was started without standard input, output or error, no pipe of ours may
    take its number.
    """
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
    """What cannot be written to standard error (its disk is full) is lost, but the exit status is
    still the program's.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # for what is still in the buffer


def _render(form: str, trace: Trace, source: str | None) -> str:
    """A record in one of the formats. `source`: the program's text, where that is in no file."""
    # Each view is imported where it is shown: most calls show text.
    if form == "text":
        from .views import transcript

        separator = "" if not trace.output or trace.output[-1].text.endswith("\n") else "\n"
        return separator + transcript.summary(trace)
    if form == "json":
        return trace.to_json() + "\n"
    if form == "svg":
        from .views import timeline

        return timeline.draw(trace, alone=True) + "\n"
    from .views import page

    if source is None:
        return page.render(trace, _source(trace.file))
    return page.render(trace, source.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))


def _source(file: str) -> str:
    import zipfile

    try:
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as archive:
                return archive.read("__main__.py").decode("utf-8", "replace")
        return Path(file).read_text(encoding="utf-8", errors="replace")
    except (OSError, KeyError, zipfile.BadZipFile) as problem:
        return f"(its source cannot be read: {getattr(problem, 'strerror', None) or problem})"


if __name__ == "__main__":
    sys.exit(main())
