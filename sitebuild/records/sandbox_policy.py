"""Decides whether examples run in a sandbox: they do wherever the machine can provide one.

The environment variable AWAITED_SANDBOX changes that: with `required`, which CI sets, it is an
error if there is none; with `off` there never is one.
"""

from __future__ import annotations

import os
import sys
from functools import cache

from loopscope.running import confine
from loopscope.running.sandbox import Sandbox, why_unavailable

from ..content.examples import ExampleError
from ..project import Project

VARIABLE = "AWAITED_SANDBOX"
"""The environment variable: `required`, `off`, or not set."""

_USER_NAMESPACES = (
    "let bubblewrap create user namespaces (`sysctl -w"
    " kernel.apparmor_restrict_unprivileged_userns=0`)"
)
_REMEDIES = {  # part of bubblewrap's message -> what helps
    "not installed": "install bubblewrap 0.8 or later (`apt-get install bubblewrap`)",
    "Unknown option": "install bubblewrap 0.8 or later",
    "uid map": _USER_NAMESPACES,
    "RTM_NEWADDR": _USER_NAMESPACES,
    "namespace": (
        "allow namespaces on this machine; a container needs CAP_SYS_ADMIN, or to be run by an"
        " ordinary user who may create them"
    ),
    "PermissionError": (
        "let others read the folder and everything in it (`chmod -R go+rX`): root's programs run as"
        " another user"
    ),
}


def choose(project: Project) -> Sandbox | None:
    """Return the sandbox for a project's examples, and protect this process from them.

    Returns:
        The sandbox; None if there is none, after a message on stderr that says why.

    Raises:
        ExampleError: AWAITED_SANDBOX is `required` and there is no sandbox, or it has an unknown
            value.
    """
    confine.set_dumpable(False)
    wanted = os.environ.get(VARIABLE, "")
    if wanted not in ("", "required", "off"):
        raise ExampleError(
            f"{VARIABLE}={wanted}: the value is unknown; set `required` or `off`, or unset it"
        )
    if wanted == "off":
        _warn_once(f"{VARIABLE}=off")
        return None
    home = os.environ.get("HOME") or "/root"
    sandbox = Sandbox((str(project.examples.resolve()),), hide=(str(project.root), home))
    reason = why_unavailable(sandbox)
    if reason is None:
        return sandbox
    if wanted == "required":
        remedy = next(
            (remedy for part, remedy in _REMEDIES.items() if part in reason),
            "see `Reviewing a stranger's pull request` in CONTRIBUTING.md",
        )
        raise ExampleError(
            f"{VARIABLE}=required: examples cannot be run in a sandbox here ({reason}); {remedy}"
        )
    _warn_once(reason)
    return None


@cache
def _warn_once(reason: str) -> None:
    """Print why there is no sandbox, once for each reason."""
    print(f"examples run with less protection: {reason}", file=sys.stderr)
