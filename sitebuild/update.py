"""Records the examples' outputs anew.

In:  examples. Out: their `.out` files, written only where they differ, a line for each that was, and `examples/verified.json`.
"""

from __future__ import annotations

from collections.abc import Iterable

from . import examples, pythons, records, verified
from .examples import Example, ExampleError
from .judge import printed
from .pages import shown_elsewhere
from .project import Project


def update(project: Project, names: Iterable[str] = (), this_python: bool = False, python: str | None = None) -> list[str]:
    """Run and write; also what pages show of them as they run on other Pythons.

    With `this_python`, `NAME.out` stays, and `NAME.3.x.out` holds what the running Python prints where it differs; with `python` ("3.14"),
    what that Python prints, of the examples that pages show on it where none is named.

    Raises ExampleError for a name or a Python that is not there. Of an example that does not end as it declares the file stays.
    """
    every = examples.find(project)
    named = set(names)
    for name in named - set(every):
        raise ExampleError(f"examples/{name}: there is no such example")
    if python is not None and pythons.python(int(python.partition(".")[2] or 0)) is None:
        raise ExampleError(f"--python {python}: there is no such Python here")
    if python is not None:
        shown = {name for name, on in shown_elsewhere(project) if on == python and name in every}
        targets = [pythons.on(every[name], python) for name in sorted(named or shown)]
    else:
        chosen = named or set(every)
        targets = [example for example in records.every(every, project) if example.name in chosen and not (this_python and example.on)]
    records.run([example for example in targets if records.is_stale(example, project)], project)
    said, held = [], verified.load(project)
    for example in targets:
        said += _write(example, project, held, beside=this_python)
    if verified.store(project, held, every):
        said.append("examples/verified.json: brought up to date")
    return said or ["every output is as it was"]


def _write(example: Example, project: Project, held: verified.Verified, *, beside: bool) -> list[str]:
    """Keep one output: in `NAME.out`, or beside it what one Python prints otherwise."""
    trace = records.load(example, project)
    where = project.relative(example.path)
    if trace is None:
        return [] if example.on else [f"{where}: no Python here is new enough; left as it is"]
    if trace.exit != example.exit(trace.python):
        return [f"{where}: it ended with exit {trace.exit} on Python {trace.python}, not {example.exit(trace.python)}; left as it is"]
    said = []
    text = printed(trace, project)
    general = example.path.with_suffix(".out")
    own = example.path.with_name(f"{example.path.stem}.{'.'.join(trace.python.split('.')[:2])}.out")
    target = own if (beside or example.on or own.exists()) and general.exists() else general
    if target is own and general.read_text(encoding="utf-8") == text:
        if own.exists():
            own.unlink()
            said.append(f"{project.relative(own)}: gone; this Python prints what the others print")
    elif not target.exists() or target.read_text(encoding="utf-8") != text:
        target.write_text(text, encoding="utf-8")
        said.append(f"{project.relative(target)}: recorded")
    verified.note(held, example, trace.python)
    return said
