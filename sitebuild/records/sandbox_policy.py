"""Whether examples run in a sandbox: always, where the machine can.

In:  a project, and the environment variable AWAITED_SANDBOX: `required` (what CI sets), `off`, or
     not set. Out: the sandbox, or None and one line on stderr that says why not.
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

_REMEDIES = {  # what stands in the way, as bubblewrap says it: what helps
    "not installed": "install bubblewrap 0.8 or later (`apt-get install bubblewrap`)",
    "Unknown option": "install bubblewrap 0.8 or later",
    "uid map": (
        "let bubblewrap make user namespaces (`sysctl -w"
        " kernel.apparmor_restrict_unprivileged_userns=0`)"
    ),
    "RTM_NEWADDR": (
        "let bubblewrap make user namespaces (`sysctl -w"
        " kernel.apparmor_restrict_unprivileged_userns=0`)"
    ),
    "namespace": (
        "let this machine make namespaces; a container needs CAP_SYS_ADMIN, or to be run by an"
        " ordinary user who may"
    ),
    "PermissionError": (
        "let others read the folder and what is in it (`chmod -R go+rX`): root's programs are run"
        " as another user"
    ),
}


def choose(project: Project) -> Sandbox | None:
    """The sandbox for a project's examples, with this process closed to them, too.

    Raises:
        ExampleError: AWAITED_SANDBOX requires one and there is none, or it has a value that means
            nothing.
    """
    confine.set_dumpable(False)
    wanted = os.environ.get(VARIABLE, "")
    if wanted not in ("", "required", "off"):
        raise ExampleError(
            f"{VARIABLE}={wanted}: it means nothing; set `required` or `off`, or leave it out"
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
            (remedy for sign, remedy in _REMEDIES.items() if sign in reason),
            "see `Reviewing a stranger's pull request` in CONTRIBUTING.md",
        )
        raise ExampleError(
            f"{VARIABLE}=required: examples cannot be run in a sandbox here ({reason}); {remedy}"
        )
    _warn_once(reason)
    return None


@cache
def _warn_once(reason: str) -> None:
    print(f"examples run with less protection: {reason}", file=sys.stderr)
