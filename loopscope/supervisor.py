"""Runs one program in a process of its own, under limits, and hears what its recording sends.

In:  a `Program`, `Limits`. Out: a `Trace`; nothing that the program started is left running.

On Linux this process becomes the one to which orphans fall, so that a process that left the program's group is found and ended too.
Therefore: one recording at a time in a process.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import platform
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from . import processes
from .inside import Plan
from .limits import STOPPED, TIMED_OUT, Limits
from .trace import Trace, assemble

_QUIET = 0.02  # seconds without an event, after which the program's pipes are read from here
_DUMP_SIGNAL = getattr(signal, "SIGRTMAX", 1) - 1 if hasattr(signal, "SIGRTMAX") else 0
_BOOT = str(Path(__file__).parent / "_boot")


@dataclass(frozen=True)
class Program:
    """What to run. `path` is a file, or with `module` a module's name."""

    path: str
    args: tuple[str, ...] = ()
    clock: str = "real"
    module: bool = False
    shell: bool = False  # a session for bash: no interpreter of ours inside, no steps
    environment: dict[str, str] | None = None  # None: this process's own
    directory: str | None = None  # where it runs; None: here
    stdin: bool = False  # may it read ours?
    name: str | None = None  # what the trace calls it; default: path


@dataclass
class _Pipes:
    """Read ends stay here (and, but for events and dump, in the program too); write ends go to the program."""

    events: tuple[int, int]
    stdout: tuple[int, int]
    stderr: tuple[int, int]
    dump: tuple[int, int]

    @classmethod
    def make(cls) -> _Pipes:
        pipes = cls(*(os.pipe() for _ in range(4)))
        for read, _ in (pipes.events, pipes.stdout, pipes.stderr, pipes.dump):
            os.set_blocking(read, False)
        return pipes

    def plan(self, program: Program) -> Plan:
        path = "" if program.module else os.path.abspath(program.path)
        return Plan(path, program.clock, self.events[1], self.stdout[0], self.stderr[0], self.dump[1], _DUMP_SIGNAL)

    def close(self, ends: int) -> None:
        for pair in (self.events, self.stdout, self.stderr, self.dump):
            os.close(pair[ends])


Start = Callable[[Program, _Pipes, Limits], int]
"""Starts the program with the pipes in place, in a process group of its own; gives its process id."""


def spawn(program: Program, pipes: _Pipes, limits: Limits) -> int:
    """Start with a new interpreter, in which `_boot/sitecustomize.py` begins the recording before the program does."""
    environment = dict(os.environ if program.environment is None else program.environment)
    if program.shell:
        command = ["bash", program.path, *program.args]
        kept: tuple[int, ...] = ()
    else:
        plan = pipes.plan(program)
        told = {"plan": asdict(plan), "pythonpath": environment.get("PYTHONPATH")}
        environment["LOOPSCOPE_PLAN"] = json.dumps(told)
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (_BOOT, environment.get("PYTHONPATH"))))
        target = ["-m", program.path] if program.module else [os.path.abspath(program.path)]
        command = [sys.executable, *subprocess._args_from_interpreter_flags(), *target, *program.args]
        kept = (plan.events, plan.stdout, plan.stderr, plan.dump)
    process = subprocess.Popen(
        command, env=environment, cwd=program.directory, stdin=None if program.stdin else subprocess.DEVNULL, stdout=pipes.stdout[1],
        stderr=pipes.stdout[1] if program.shell else pipes.stderr[1], pass_fds=kept, preexec_fn=lambda: processes.prepare(limits),
    )
    process.returncode = 0  # it is waited for here, not by Popen
    return process.pid


def record(program: Program, limits: Limits = Limits(), *, start: Start = spawn, echo: Callable[[str, bytes], None] | None = None) -> Trace:
    """Run `program` and give its trace. `echo` is called with (stream, bytes) as output arrives.

    Raises FileNotFoundError where there is no such program. Whatever the program does is told in the trace, not raised.
    """
    if not program.module and not os.path.isfile(program.path):
        raise FileNotFoundError(f"{program.path}: there is no such program")
    others = processes.become_reaper()
    pipes = _Pipes.make()
    try:
        pid = start(program, pipes, limits)
    except Exception:
        pipes.close(0)
        pipes.close(1)
        raise
    pipes.close(1)
    watch = _Watch(program, pid, pipes, limits, echo)
    try:
        with processes.foreground(pid, program.stdin):
            watch.until_it_ends()
    finally:
        left = processes.end_all(pid, others, watch.reaped)
        watch.drain_all()
        pipes.close(0)
    return watch.trace(left)


@dataclass
class _Watch:
    """One program being watched."""

    program: Program
    pid: int
    pipes: _Pipes
    limits: Limits
    echo: Callable[[str, bytes], None] | None
    events: list[dict] = field(default_factory=list)
    status: int | None = None  # as waitstatus_to_exitcode gives it
    stopped: str | None = None
    stopped_by_program: bool = False
    exited: dict | None = None
    written: int = 0
    _partial: bytes = b""
    _began: float = field(default_factory=time.monotonic)
    _last: float = 0.0
    _checked: float = 0.0

    @property
    def reaped(self) -> bool:
        return self.status is not None

    def until_it_ends(self) -> None:
        started = time.monotonic()
        pidfd = processes.pidfd(self.pid)
        poll = select.poll()
        poll.register(self.pipes.events[0], select.POLLIN)
        if pidfd is not None:
            poll.register(pidfd, select.POLLIN)
        try:
            while True:
                try:
                    ready = poll.poll(_QUIET * 1000)
                except KeyboardInterrupt:
                    self._signal(signal.SIGINT)
                    continue
                heard = self._hear()
                if not heard:
                    self._read_pipes()
                if not ready or any(descriptor == pidfd for descriptor, _ in ready):
                    done, status = os.waitpid(self.pid, os.WNOHANG)
                    if done:
                        self.status = os.waitstatus_to_exitcode(status)
                        return
                why = self._over_a_limit(time.monotonic() - started)
                if why:
                    self.stopped = why
                    return
        finally:
            if pidfd is not None:
                os.close(pidfd)

    def _over_a_limit(self, elapsed: float) -> str | None:
        if elapsed > self.limits.seconds:
            return f"it ran out of time: stopped after {self.limits.seconds:g} s{self._doing()}"
        if self.written > self.limits.output:
            return f"it printed more than {self.limits.output:,} bytes{self._doing()}"
        if elapsed - self._checked > 0.05:
            self._checked = elapsed
            if processes.memory(self.pid) > self.limits.memory:
                return f"it used more than {self.limits.memory // 1_000_000:,} MB of memory{self._doing()}"
        return None

    def _doing(self) -> str:
        """At which line it is, asked of the interpreter itself (faulthandler, by signal)."""
        if self.program.shell or not any(event["k"] == "start" for event in self.events) or not _DUMP_SIGNAL:
            return ""
        self._signal(_DUMP_SIGNAL, group=False)
        path = os.path.abspath(self.program.path)
        deadline = time.monotonic() + 0.3
        text = ""
        while time.monotonic() < deadline and "\n\n" not in text + "\n":
            time.sleep(0.01)
            with contextlib.suppress(BlockingIOError):
                text += os.read(self.pipes.dump[0], 65_536).decode(errors="replace")
        for line in text.splitlines():
            if f'File "{path}", line ' in line:
                number = line.split(", line ", 1)[1].split(" ", 1)[0]
                return f", at line {number}"
        return ""

    def _signal(self, number: int, group: bool = True) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            (os.killpg if group else os.kill)(self.pid, number)

    def _hear(self) -> bool:
        """Take in the events that are there. False: there were none."""
        try:
            data = os.read(self.pipes.events[0], 1_048_576)
        except BlockingIOError:
            return False
        if not data:
            time.sleep(0.002)  # closed by the program; it is about to end
            return False
        *lines, self._partial = (self._partial + data).split(b"\n")
        for line in lines:
            self._take(json.loads(line))
        return True

    def _take(self, event: dict) -> None:
        self._last = max(self._last, event["at"]) if "at" in event and event["k"] != "start" else self._last
        if event["k"] == "start":
            self._began = event["at"]
        elif event["k"] == "exit":
            self.exited = event
        elif event["k"] == "stopped":
            self.stopped, self.stopped_by_program = event["text"], True
        elif event["k"] == "out":
            self.written += len(event["data"])
            if self.echo:
                self.echo(event["stream"], event["data"].encode("latin-1"))
        self.events.append(event)

    def _read_pipes(self) -> None:
        """Read what the program did not read itself: it is busy, waiting, gone, or no Python."""
        now = self._last if self.program.clock == "virtual" else round(time.monotonic() - self._began, 6)
        for stream, (read, _) in (("stdout", self.pipes.stdout), ("stderr", self.pipes.stderr)):
            while True:
                try:
                    data = os.read(read, 65_536)
                except BlockingIOError:
                    break
                if not data:
                    break
                self._take({"k": "out", "at": now, "stream": stream, "task": None, "line": None, "data": data.decode("latin-1"), "thread": 0})
                if self.written > self.limits.output:
                    return

    def drain_all(self) -> None:
        while self._hear():
            pass
        self._read_pipes()

    def trace(self, left: int) -> Trace:
        """The whole story, once nothing runs any more."""
        notes = []
        real = round(time.monotonic() - self._began, 6)
        duration = self.exited["at"] if self.exited else self._last if self.program.clock == "virtual" else max(real, self._last)
        if self.stopped and not self.stopped_by_program:
            code: int | str = TIMED_OUT if "out of time" in self.stopped else STOPPED
        elif self.status is not None and self.status < 0:
            code = signal.Signals(-self.status).name
        else:
            code = self.status or 0
            if not self.exited and not self.stopped and not self.program.shell:
                notes.append(f"it ended itself without the interpreter's clean-up (os._exit({code}))")
        if left:
            notes.append(f"it left {left} process{'es' if left > 1 else ''} running; {'they were' if left > 1 else 'it was'} ended")
        if self.written > self.limits.output:
            notes.append("its output is cut off")
        found = (self.exited or {}).get("file") if self.program.module else None
        file = self.program.name or found or self.program.path
        trace = assemble(
            self.events, python=platform.python_version(), file=file, clock=self.program.clock, duration=duration, exit=code,
            stopped=self.stopped, notes=notes,
        )
        if "\\x" in trace.text() and _not_utf8(self.events):
            trace = dataclasses.replace(trace, notes=(*trace.notes, "it wrote bytes that are not UTF-8; they are shown as \\x…"))
        errors = trace.text("stderr")
        if code != 0 and "Traceback (most recent call last)" in errors:
            trace = dataclasses.replace(trace, error=errors.strip().splitlines()[-1])
        return trace


def _not_utf8(events: list[dict]) -> bool:
    for stream in ("stdout", "stderr"):
        try:
            b"".join(event["data"].encode("latin-1") for event in events if event["k"] == "out" and event["stream"] == stream).decode()
        except UnicodeDecodeError:
            return True
    return False
