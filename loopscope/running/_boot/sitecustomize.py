"""Imported by a new interpreter before the program that it is to run: starts the recording, then
steps aside.

`supervisor.spawn` puts this folder on PYTHONPATH and the plan into LOOPSCOPE_PLAN. Both are gone
before the program can see them, and so is loopscope: the program finds the modules that it would
find without us.
"""

import gc
import os
import sys

_KNOWN = set(sys.modules)  # what an interpreter has loaded by now without us


def _begin() -> None:
    here = os.path.dirname(__file__)
    sys.path.remove(here)
    if "LOOPSCOPE_PLAN" not in os.environ:
        return  # one more interpreter in the process that is recorded already
    path = sys.path[:]
    library = os.path.dirname(os.__file__)
    first = path[: path.index(library)] if library in path else []
    # A whole asyncio on PYTHONPATH (another version of it) is this interpreter's own.
    others = [
        entry
        for entry in first
        if os.access(os.path.join(entry, "asyncio", "base_events.py"), os.R_OK)
    ]
    standard = [
        entry
        for entry in path
        if entry.startswith(library) and "-packages" not in entry or entry.endswith("lib-dynload")
    ]
    sys.path[:] = [*others, *standard]
    text = os.environ.pop("LOOPSCOPE_PLAN")
    try:
        import asyncio  # noqa: F401  # unused: imported to see which modules it loads

        asyncios = set(sys.modules) - _KNOWN  # what the program gets, too, when it imports asyncio
        told = _read(text)
        _load_ourselves(os.path.dirname(os.path.dirname(here)))
        from loopscope.recording import shadows
        from loopscope.recording.in_process import begin
        from loopscope.recording.plan import Plan
    except Exception as problem:
        version = ".".join(map(str, sys.version_info[:3]))
        _go_without_us(
            _read(text)["plan"],
            f"loopscope could not be loaded on Python {version}: {type(problem).__name__}:"
            f" {problem}; so it ran unrecorded",
        )
    finally:
        sys.path[:] = path
    plan, folder = Plan(**told["plan"]), told["folder"]
    before = [
        *([] if getattr(sys.flags, "safe_path", False) else [folder]),
        *(entry for entry in first if entry not in others),
    ]
    names = {
        name
        for name in (module.partition(".")[0] for module in asyncios)
        if name not in _KNOWN and shadows.replaceable(name)
    }
    if hiding := shadows.hidden(names, before):
        _go_without_us(told["plan"], shadows.note(hiding, folder, told["file"], plan.clock))
    begin(plan)
    ours = set(sys.modules) - _KNOWN - asyncios
    shadows.forget(
        shadows.hidden(
            {name.partition(".")[0] for name in ours if shadows.replaceable(name)}, before
        ),
        ours,
    )
    shadows.leave()


def _load_ourselves(package: str) -> None:
    """Load loopscope from where this file lies, whatever else there may be of that name."""
    import importlib.util

    spec = importlib.util.spec_from_file_location(
        "loopscope", os.path.join(package, "__init__.py"), submodule_search_locations=[package]
    )
    assert spec is not None and spec.loader is not None
    sys.modules["loopscope"] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)


def _read(text: str) -> dict:
    """What the supervisor said. The environment is as the program must see it from here on."""
    import json

    told = json.loads(text)
    if told["pythonpath"] is None:
        os.environ.pop("PYTHONPATH", None)
    else:
        os.environ["PYTHONPATH"] = told["pythonpath"]
    return told


def _go_without_us(plan: dict, why: str) -> None:
    """Begin again without us: there is no way to have both the module that we need and the one that
    the program gets.
    """
    import json

    events = [["unrecorded"], ["note", why]]  # as `trace.events` would encode them
    os.write(plan["events"], json.dumps(events).encode() + b"\n")
    for name in ("events", "stdout", "stderr", "dump"):
        os.set_inheritable(plan[name], False)
    os.execv(sys.executable, [sys.orig_argv[0], "-u", *sys.orig_argv[1:]])


def _step_aside() -> None:
    """Run the machine's own sitecustomize, if it has one; otherwise fail to import, as if this one
    did not exist.
    """
    from importlib.machinery import PathFinder
    from importlib.util import module_from_spec

    modules = sys.modules
    # or this module, whose functions hold it, would be garbage for the program's own gc.collect()
    # to count
    globals().clear()
    spec = PathFinder.find_spec("sitecustomize")
    if spec is None or spec.loader is None:
        # which `site` knows, and keeps silent about
        raise ImportError("No module named 'sitecustomize'", name="sitecustomize")
    modules["sitecustomize"] = module = module_from_spec(spec)
    spec.loader.exec_module(module)


_begin()
gc.collect()  # the same goes for what loading us has left
_step_aside()
