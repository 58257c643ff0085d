"""Records the examples' outputs anew.

In:  examples. Out: their `.out` files, written only where they differ, a line for each that was, and `examples/verified.json`.
"""

from __future__ import annotations

import platform
from collections.abc import Iterable

from . import examples, records, verified
from .judge import printed
from .project import Project


def update(project: Project, names: Iterable[str] = (), this_python: bool = False) -> list[str]:
    """Run and write. With `this_python`, `NAME.out` stays, and `NAME.3.x.out` holds what this Python prints where it differs.

    Raises ExampleError for a name that is not there. An example that does not end as it declares is told of, and its file stays.
    """
    every = examples.find(project)
    chosen = list(names) or list(every)
    for name in chosen:
        if name not in every:
            raise examples.ExampleError(f"examples/{name}: there is no such example")
    records.run([every[name] for name in chosen if records.load(every[name], project) is None], project)
    version = ".".join(platform.python_version_tuple()[:2])
    said, held = [], verified.load(project)
    for name in chosen:
        example = every[name]
        trace = records.load(example, project)
        if trace is None:
            said.append(f"{project.relative(example.path)}: no Python here is new enough; left as it is")
            continue
        if trace.exit != example.exit:
            said.append(f"{project.relative(example.path)}: it ended with exit {trace.exit}, not {example.exit}; left as it is")
            continue
        text = printed(trace, project)
        general = example.path.with_suffix(".out")
        own = example.path.with_name(f"{example.path.stem}.{version}.out")
        target = own if (this_python or own.exists()) and general.exists() else general
        if target is own and general.read_text(encoding="utf-8") == text:
            if own.exists():
                own.unlink()
                said.append(f"{project.relative(own)}: gone; this Python prints what the others print")
        elif not target.exists() or target.read_text(encoding="utf-8") != text:
            target.write_text(text, encoding="utf-8")
            said.append(f"{project.relative(target)}: recorded")
        verified.note(held, example, trace.python)
    if verified.store(project, held, every):
        said.append("examples/verified.json: brought up to date")
    return said or ["every output is as it was"]
