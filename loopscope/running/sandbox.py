"""Puts bubblewrap around an interpreter that runs strangers' programs.

Inside the sandbox there is nothing of the machine but the system's programs and libraries, the
interpreters, and what programs may read, none of it writable. It has a small /tmp and /dev/shm, and
its own process ids and loopback interface. What the process inside gives up besides is in
`confine`.
"""

from __future__ import annotations

import functools
import itertools
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from .sandbox_layout import WRITABLE, Layout, is_within

# user ids that by convention no system gives to anybody (systemd.io/UIDS-GIDS)
_USERS = range(60_578, 61_184)
# Builds that run at the same time have process ids close to each other; this keeps their users
# apart.
_FIRST = os.getpid() * 377 % len(_USERS)
_users = itertools.cycle([*_USERS[_FIRST:], *_USERS[:_FIRST]])

_SYSTEM = (
    *("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"),
    # where Nix, Guix and Homebrew install on every machine that has them
    *("/nix/store", "/gnu/store", "/home/linuxbrew/.linuxbrew"),
)
# /etc may hold keys, so only the files that libraries look up and anybody may know
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
# the only parts to show of an interpreter's folder that also holds private files
_INTERPRETER_PARTS = ("bin", "include", "lib", "lib64", "pyvenv.cfg")

_PACKAGE = Path(__file__).resolve().parent.parent
_PREFIXES_SCRIPT = """\
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
    """What programs may read besides the system and the interpreter that runs them.

    Attributes:
        read: Files and folders that they may read.
        hide: Files and folders that are not shown, even inside a folder that is.
        pythons: Other interpreters that they may start.
    """

    read: tuple[str, ...]
    hide: tuple[str, ...] = ()
    pythons: tuple[str, ...] = (sys.executable,)

    def command(self, python: str) -> tuple[list[str], int | None, tuple[str, ...]]:
        """Return how to start an interpreter in the sandbox.

        Args:
            python: Path of the interpreter.

        Returns:
            The beginning of the command line; the user that the process must become before anything
            else, or None if it is the right one already; and the folders that can be written into.

        Raises:
            FileNotFoundError: Bubblewrap is not installed.
        """
        bwrap = shutil.which("bwrap")
        if bwrap is None:
            raise FileNotFoundError("bubblewrap is not installed")
        user = next(_users) if os.geteuid() == 0 else None
        # Root in a user namespace would still own the machine's /proc/sys, so root becomes another
        # user for good.
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
def why_unavailable(sandbox: Sandbox) -> str | None:
    """Try the sandbox once with this process's interpreter.

    Returns:
        None if it works, otherwise the reason why it does not, as bubblewrap reports it.
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
    result = subprocess.run(
        [*command, sys.executable, "-I", "-S", "-c", code, *paths],
        capture_output=True,
        text=True,
        env={},
    )
    if result.returncode == 0:
        return None
    return next(
        reversed(result.stderr.strip().splitlines()),
        f"bwrap: it ended with status {result.returncode}",
    )


@functools.cache
def _files(sandbox: Sandbox, python: str) -> tuple[str, ...]:
    """Return bubblewrap's options that put all files in their places."""
    hide = [os.path.realpath(path) for path in sandbox.hide]
    # a home folder that is `/` would hide everything
    hide = [path for path in hide if not is_within("/usr", path)]
    secrets = []  # they may hold the password of a package index
    layout = Layout()
    for path in (*_SYSTEM, *(f"/etc/{name}" for name in _ETC), str(_PACKAGE), *sandbox.read):
        layout.add(path)
    for interpreter in {python, *sandbox.pythons}:
        layout.add(interpreter)
        for prefix in _prefixes(interpreter):
            private = any(
                is_within(path, os.path.realpath(prefix)) for path in hide
            ) and not is_within(prefix, "/usr")
            for path in (
                (f"{prefix}/{part}" for part in _INTERPRETER_PARTS) if private else (prefix,)
            ):
                layout.add(path)
            secrets.append(os.path.realpath(f"{prefix}/pip.conf"))
    return tuple(layout.options([*hide, *secrets]))


def _folders(package: Path) -> list[str]:
    """Return the folder of a package and all folders below it that hold modules."""
    return sorted({str(module.parent) for module in package.rglob("*.py")})


@functools.cache
def _prefixes(python: str) -> tuple[str, ...]:
    """Return the folders in which an interpreter is installed.

    An interpreter other than ours also compiles our modules now, which it could not store from
    inside the sandbox.
    """
    if python == sys.executable:
        return tuple({sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix})
    result = subprocess.run(
        [python, "-I", "-c", _PREFIXES_SCRIPT, *_folders(_PACKAGE)], capture_output=True, text=True
    )
    return tuple(dict.fromkeys(result.stdout.splitlines()))
