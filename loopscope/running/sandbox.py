"""Bubblewrap around an interpreter that runs strangers' programs.

In:  an interpreter, and what programs may read. Out: the beginning of a command line, or why there
     is no sandbox on this machine.

Inside there is nothing of the machine but the system's programs and libraries, the interpreters,
and what may be read, none of it writable; a small /tmp and /dev/shm, process ids and a loopback
interface of its own. What the process in there gives up besides is in `confine`.
"""

from __future__ import annotations

import functools
import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

WRITABLE = ("/tmp", "/dev/shm")
"""The folders that programs in a sandbox may write into."""

SPACE = 256 << 20
"""Bytes that each of them holds."""

# by convention no system gives them to anybody (systemd.io/UIDS-GIDS)
_USERS = range(60_578, 61_184)
# builders side by side have numbers close to each other: they take users far apart
_FIRST = os.getpid() * 377 % len(_USERS)
_users = itertools.cycle([*_USERS[_FIRST:], *_USERS[:_FIRST]])

_SYSTEM = (
    *("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"),
    # Where Nix, Guix and Homebrew install on every machine that has them.
    *("/nix/store", "/gnu/store", "/home/linuxbrew/.linuxbrew"),
)
# Of /etc only what libraries look up and anybody may know: it may hold keys.
_ETC = (
    *(
        "alternatives",
        "bash.bashrc",
        "group",
        "hosts",
        "inputrc",
        "ld.so.cache",
        "ld.so.conf",
        "ld.so.conf.d",
    ),
    *(
        "localtime",
        "mime.types",
        "nsswitch.conf",
        "passwd",
        "pki/tls/certs",
        "protocols",
        "services",
    ),
    *("ssl/certs", "ssl/openssl.cnf", "timezone"),
)
# of an interpreter's folder that holds private things too
_PARTS = ("bin", "include", "lib", "lib64", "pyvenv.cfg")

_PACKAGE = Path(__file__).resolve().parent.parent
_ASK = """\
import importlib.util, os, sys
print(sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix, sep="\\n")
for folder in sys.argv[1:]:
    for name in filter(lambda name: name.endswith(".py"), os.listdir(folder)):
        source = os.path.join(folder, name)
        compiled = importlib.util.cache_from_source(source)
        if not os.path.exists(compiled) or os.path.getmtime(compiled) < os.path.getmtime(source):
            import py_compile
            py_compile.compile(source, doraise=True)
"""


@dataclass(frozen=True)
class Sandbox:
    """What programs may read, beside the system's programs and libraries and the interpreter that
    runs them.
    """

    read: tuple[str, ...]  # files and folders
    # files and folders of which nothing else shows, even where they lie in one that is needed
    hide: tuple[str, ...] = ()
    pythons: tuple[str, ...] = (sys.executable,)  # other interpreters that programs may start

    def command(self, python: str) -> tuple[list[str], int | None, tuple[str, ...]]:
        """How `python` is started in it.

        Returns:
            The beginning of the command line; the user that the process must become before anything
            else, None where it is the right one already; and the folders that can be written into.

        Raises:
            FileNotFoundError: bubblewrap is not installed.
        """
        bwrap = shutil.which("bwrap")
        if bwrap is None:
            raise FileNotFoundError("bubblewrap is not installed")
        user = next(_users) if os.geteuid() == 0 else None
        # Root of a user namespace would still be the owner of the machine's /proc/sys: root becomes
        # somebody else for good.
        rights = (
            ("--unshare-user", "--disable-userns")
            if user is None
            else ("--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID")
        )
        return (
            [
                *(
                    bwrap,
                    "--die-with-parent",
                    "--new-session",
                    "--as-pid-1",
                    "--hostname",
                    "sandbox",
                ),
                *(
                    "--unshare-ipc",
                    "--unshare-pid",
                    "--unshare-net",
                    "--unshare-uts",
                    "--unshare-cgroup-try",
                ),
                *(
                    "--cap-drop",
                    "ALL",
                    *rights,
                    *_files(self, python),
                    "--chdir",
                    WRITABLE[0],
                    "--",
                ),
            ],
            user,
            WRITABLE,
        )


@functools.cache
def why_not(sandbox: Sandbox) -> str | None:
    """Try the sandbox once with this process's interpreter.

    Returns:
        None where it works, otherwise what stood in the way, as bubblewrap says it.
    """
    if sys.platform != "linux":
        return f"bubblewrap is for Linux, and this is {sys.platform}"
    try:
        command, user, _ = sandbox.command(sys.executable)
    except FileNotFoundError as problem:
        return str(problem)
    code = "import os, sys\n"
    if user is not None:
        code += "os.setgroups([])\n"
        code += f"os.setresgid({user}, {user}, {user})\n"
        code += f"os.setresuid({user}, {user}, {user})\n"
    code += "for path in sys.argv[1:]:\n"
    code += "    os.listdir(path) if os.path.isdir(path) else open(path).close()\n"
    paths = [str(_PACKAGE), *sandbox.read]
    tried = subprocess.run(
        [*command, sys.executable, "-I", "-S", "-c", code, *paths],
        capture_output=True,
        text=True,
        env={},
    )
    if tried.returncode == 0:
        return None
    return next(
        reversed(tried.stderr.strip().splitlines()),
        f"bwrap: it ended with status {tried.returncode}",
    )


# What stands where


@functools.cache
def _files(sandbox: Sandbox, python: str) -> tuple[str, ...]:
    """Bubblewrap's options that put all files in their places."""
    hide = [os.path.realpath(path) for path in sandbox.hide]
    # a home folder `/` hides nothing
    hide = [path for path in hide if not _is_within("/usr", path)]
    secrets = []  # an index's password, say
    layout = _Layout()
    for path in (*_SYSTEM, *(f"/etc/{name}" for name in _ETC), str(_PACKAGE), *sandbox.read):
        layout.add(path)
    for interpreter in {python, *sandbox.pythons}:
        layout.add(interpreter)
        for prefix in _prefixes(interpreter):
            private = any(
                _is_within(path, os.path.realpath(prefix)) for path in hide
            ) and not _is_within(prefix, "/usr")
            for path in (f"{prefix}/{part}" for part in _PARTS) if private else (prefix,):
                layout.add(path)
            secrets.append(os.path.realpath(f"{prefix}/pip.conf"))
    return tuple(layout.options([*hide, *secrets]))


def _folders(package: Path) -> list[str]:
    """A package's own folder and all below it that hold modules."""
    return sorted({str(module.parent) for module in package.rglob("*.py")})


@functools.cache
def _prefixes(python: str) -> tuple[str, ...]:
    """The folders in which an interpreter lives. Another than ours compiles our modules meanwhile:
    inside it could not keep them.
    """
    if python == sys.executable:
        return tuple({sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix})
    asked = subprocess.run(
        [python, "-I", "-c", _ASK, *_folders(_PACKAGE)], capture_output=True, text=True
    )
    return tuple(dict.fromkeys(asked.stdout.splitlines()))


def _is_within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


class _Layout:
    """Paths that are to be there: where each really is, and the links that lead to it."""

    def __init__(self) -> None:
        self._operations: dict[str, tuple[str, ...]] = {"/proc": ("--proc",), "/dev": ("--dev",)}
        # It reads as zeros, too, and cannot be mapped: shared memory of /dev/zero is seen by no
        # limit.
        self._operations["/dev/zero"] = ("--dev-bind", "/dev/full")
        for path in WRITABLE:
            self._operations[path] = ("--perms", "1777", "--size", str(SPACE), "--tmpfs")

    def add(self, path: str) -> None:
        """Have a file or folder there, if the machine has it."""
        if not os.path.exists(path):
            return
        place, ahead = "/", [part for part in os.path.abspath(path).split("/") if part]
        while ahead:
            part = ahead.pop(0)
            if part == "..":
                place = os.path.dirname(place)
                continue
            if os.path.islink(here := os.path.join(place, part)):
                target = os.readlink(here)
                self._operations[here] = ("--symlink", target)
                place = "/" if target.startswith("/") else place
                ahead = [part for part in target.split("/") if part not in ("", ".")] + ahead
            else:
                place = here
        if place != "/":
            self._operations[place] = ("--ro-bind", place)

    def options(self, hide: Iterable[str]) -> Iterator[str]:
        """All of it, outer before inner, with the folders that lead there; nothing but /tmp and
        /dev/shm stays writable.
        """
        operations = dict(self._operations)
        empty, blank = ("--perms", "0755", "--tmpfs"), ("--ro-bind", os.devnull)
        for path in hide:
            if operations.get(_nearest(path, operations), ("",))[
                0
            ] == "--ro-bind" and os.path.exists(path):
                operations.setdefault(path, empty if os.path.isdir(path) else blank)
        # what lies in a writable folder stands in one that is not, which cannot be moved away
        for path in list(operations):
            for folder in WRITABLE:
                if _is_within(path, folder) and path != folder:
                    operations.setdefault("/".join(path.split("/")[: folder.count("/") + 2]), empty)
        done: dict[str, tuple[str, ...]] = {}
        for path in sorted(operations, key=lambda path: path.count("/")):
            options, around = operations[path], _nearest(path, done)
            if around != "/" and done[around][0] == "--ro-bind" and options not in (empty, blank):
                continue  # it is there already
            yield from _parents(path, around, done)
            yield from (*options, path)
            done[path] = options
        for path, options in done.items():
            # settings of the sandbox's own namespaces would be left to the next program
            if options == empty or path in ("/dev", "/proc"):
                yield from ("--remount-ro", path)
        yield from ("--remount-ro", "/")


def _nearest(path: str, operations: Iterable[str]) -> str:
    """The innermost of some folders in which a path lies; "/" where there is none."""
    return max(
        (other for other in operations if other != path and _is_within(path, other)),
        key=len,
        default="/",
    )


def _parents(path: str, around: str, done: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """The folders between. Bubblewrap would make them for itself only."""
    between = os.path.dirname(path)
    made = []
    while between != around and between not in done:
        made.append(between)
        between = os.path.dirname(between)
    for folder in reversed(made):
        done[folder] = ("--perms", "0755", "--dir")
        yield from (*done[folder], folder)
