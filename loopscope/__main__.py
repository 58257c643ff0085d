"""`loopscope PROGRAM.py`: runs a program, records what its event loop does, shows the record."""

from __future__ import annotations

import sys

if __name__ == "__main__" and not getattr(sys.flags, "safe_path", False):
    # Python looks for modules in the current folder first, where a file like `json.py` must not
    # hide what we import.
    sys.path.append(sys.path.pop(0))

try:
    # Not used, but on a system where programs cannot be recorded this import raises the reason.
    from . import running  # noqa: F401
except ImportError as problem:
    print(f"loopscope: {problem}", file=sys.stderr)
    sys.exit(2)

import contextlib
import dataclasses
import os
import resource
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

from .command_line import FORMATS, build_parser, split
from .limits import UNLIMITED, Limits
from .recording.plan import DECLARE_REAL
from .running import signals
from .running.destination import Destination, to_standard_output
from .running.launch import check_exists, supervise
from .running.program import Program
from .trace.events import Clock
from .trace.model import Trace


def _program(kind: str, target: list[str], clock: Clock) -> Program:
    """Return the program that is to run.

    Args:
        kind: "-m", "-c" or "", as returned by `split`.
        target: What is to run, with its arguments.
        clock: The clock to run it on.
    """
    first, *others = target
    args = tuple(others)
    if kind == "-c":
        return Program("-c", args, clock, source=first, stdin=True)
    if first == "-" and not kind:
        text = b"" if sys.stdin is None else sys.stdin.buffer.read()
        return Program("-", args, clock, source=text.decode("utf-8", "surrogateescape"), stdin=True)
    return Program(first, args, clock, module=kind == "-m", stdin=True)


def _default_format(is_opened: bool, output: str | None) -> str:
    """Return the format of a record for which none was chosen: that of the file's name, or text."""
    suffix = "" if output is None else Path(output).suffix.lower().removeprefix(".")
    return "html" if is_opened else suffix if suffix in FORMATS else "text"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: The command's arguments; None for those of this process.

    Returns:
        The exit status. If a signal ended the program, this process ends by the same signal.
    """
    parser = build_parser()
    words, kind, target = split(sys.argv[1:] if argv is None else argv)
    options = parser.parse_args(words)
    if not target:
        parser.error("which program? Give a file, -m MODULE, -c CODE or -")
    output_format = options.format or _default_format(options.open, options.output)
    if options.open and output_format != "html":
        parser.error(
            f"--open shows a page in the browser, which is --format html and not {output_format}"
        )
    _open_standard_descriptors()
    limits = Limits(
        seconds=options.timeout or float("inf"),
        output=UNLIMITED,
        memory=UNLIMITED,
        processes=UNLIMITED,
        file=UNLIMITED,
    )
    live = output_format == "text" or options.open or options.output is not None
    try:
        program = dataclasses.replace(_program(kind, target, options.clock), lines=options.lines)
        check_exists(program)
        destination = _destination(options.output)
        trace = supervise(program, limits, echo=_echo if live else None)
        if trace.stopped and trace.stopped.endswith(DECLARE_REAL):
            advice = "run it without --clock virtual"
            stopped = trace.stopped.removesuffix(DECLARE_REAL) + advice
            trace = dataclasses.replace(trace, stopped=stopped)
        text = _render(output_format, trace, program.source)
        if destination is not None:
            destination.write(text)
        elif options.open:
            options.output = _write_temporary_page(text)
        elif output_format != "text":
            to_standard_output(text)
        else:
            _write_stderr(text)
        if output_format != "text":
            messages = [*([trace.stopped] if trace.stopped else []), *trace.notes]
            _write_stderr("".join(f"loopscope: {trace.file}: {line}\n" for line in messages))
        if options.open:
            _open_in_browser(options.output)
    except BrokenPipeError:  # the reader of its output has ended, as with `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 128 + signal.SIGPIPE
    except KeyboardInterrupt:  # while the program's text was read, or the record written
        signals.die_by(signal.SIGINT)
        return 128 + signal.SIGINT
    except OSError as problem:
        _write_stderr(f"loopscope: {_describe(problem)}\n")
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
    signals.die_by(number)
    return 128 + number


def _destination(path: str | None) -> Destination | None:
    """Return where the record goes; None for standard output or standard error.

    Raises:
        OSError: It cannot be written there; the message is the one that the command prints.
    """
    try:
        return None if path is None else Destination(path)
    except OSError as problem:
        reason = (
            f"the record cannot be written to {path} ({problem.strerror}), so the program was not"
            " run; give -o another file"
        )
        raise OSError(reason) from None


def _write_temporary_page(text: str) -> str:
    """Write a page to a temporary file that is not removed, and return its path."""
    import tempfile  # as with `webbrowser`: few calls need it, and it brings a dozen modules along

    with tempfile.NamedTemporaryFile(prefix="loopscope-", suffix=".html", delete=False) as file:
        file.write(text.encode("utf-8", "backslashreplace"))
    return file.name


def _open_in_browser(file: str) -> None:
    """Open a page in the browser, and report where it is."""
    import webbrowser

    try:
        opened = webbrowser.open(Path(file).resolve().as_uri())
    except webbrowser.Error:
        opened = False
    _write_stderr(
        f"loopscope: the page is {file}{'' if opened else '; no browser here could open it'}\n"
    )


def _describe(problem: OSError) -> str:
    """Return an error as a sentence, without its number."""
    return (
        str(problem)
        if problem.strerror is None
        else f"{problem.filename}: {problem.strerror}"
        if problem.filename
        else problem.strerror
    )


def _open_standard_descriptors() -> None:
    """Open standard descriptors that are closed, so that none of our pipes takes their numbers."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        continue
    os.close(descriptor)


def _echo(stream: str, data: bytes) -> None:
    """Write a piece of the program's output to the same stream of this process."""
    target = sys.stdout if stream == "stdout" else sys.stderr
    if target is not None:
        with _stderr_errors_ignored() if stream == "stderr" else contextlib.nullcontext():
            target.buffer.write(data)
            target.buffer.flush()


def _write_stderr(text: str) -> None:
    """Write a text to standard error, if this process has one."""
    if sys.stderr is not None and text:
        with _stderr_errors_ignored():
            sys.stderr.write(text)
            sys.stderr.flush()


@contextlib.contextmanager
def _stderr_errors_ignored() -> Iterator[None]:
    """Ignore errors in writing to standard error (its disk is full).

    The text is lost, but the exit status is still the program's.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # takes what is still in the buffer


def _render(output_format: str, trace: Trace, source: str | None) -> str:
    """Return a record in one of the formats.

    Args:
        output_format: "text", "json", "svg" or "html".
        trace: The record.
        source: The program's text, if it is not in a file.
    """
    # Each view is imported where it is shown: most calls show text.
    if output_format == "text":
        from .views import transcript

        separator = "" if not trace.output or trace.output[-1].text.endswith("\n") else "\n"
        return separator + transcript.summary(trace)
    if output_format == "json":
        return trace.to_json() + "\n"
    if output_format == "svg":
        from .views import timeline

        return timeline.draw(trace, alone=True) + "\n"
    from .views import page

    if source is None:
        return page.render(trace, _source(trace.file))
    return page.render(trace, source.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))


def _source(file: str) -> str:
    """Return the text of a program's file, or why it cannot be read."""
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
