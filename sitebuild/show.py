"""One example on a page.

In:  an example's name and what to show of it. Out: HTML, handed past the Markdown parser (`html="on"` on the block).

    ```python exec="on" html="on"
    from sitebuild import show

    print(show("tasks/two_tasks"))
    ```
"""

from __future__ import annotations

from html import escape

from loopscope import timeline, transcript
from loopscope.trace import Output, Trace
from loopscope.words import seconds

from . import examples, highlighting, records, stepping
from .examples import Example, ExampleError
from .judge import judge, masked
from .project import BASE, DRAFT, Project, here


def show(
    name: str,
    *,
    part: str | None = None,
    light: str | tuple[str, ...] = (),
    source: bool = True,
    output: bool = True,
    picture: bool | None = None,
) -> str:
    """HTML of one example.

    `part`: only the function, class or statement that begins at the line with this text.
    `light`: light up the lines that have this text (or these).
    `source`, `output`: leave one of them out.
    `picture`: the timeline; None shows it where more than one task, or any waiting, makes it worth looking at.

    Raises ExampleError where there is no such example or text, or where the example is not in order.
    """
    project = here()
    path = next((path for suffix in (".py", ".sh") if (path := project.examples / f"{name}{suffix}").is_file()), None)
    if path is None:
        raise ExampleError(f"show({name!r}): there is no such example; examples/{name}.py is missing")
    example = examples.read(path, project)
    trace = records.of(example, project)
    lit = (light,) if isinstance(light, str) else light
    return panel(example, trace, project, part=part, light=lit, source=source, output=output, picture=picture)


def panel(
    example: Example,
    trace: Trace | None,
    project: Project,
    *,
    part: str | None = None,
    light: tuple[str, ...] = (),
    source: bool = True,
    output: bool = True,
    picture: bool | None = None,
    link: bool = True,
) -> str:
    """As `show`, of an example and its trace. `link`: say where the example's own page is."""
    problem = None if trace is None else judge(example, trace, project)
    if problem is not None and not DRAFT:
        raise ExampleError(str(problem))
    trace = None if trace is None else masked(trace, project)
    parts = []
    if source:
        parts.append(_source(example, part, light))
    if output:
        parts.append(_output(example, trace))
        if trace is not None and (worth_a_picture(trace) if picture is None else picture):
            parts.append(f'<figure class="run-picture" tabindex="0">{timeline.draw(trace)}</figure>')
            if stepping.can_be_stepped(example, trace):
                parts.append(stepping.element(example))
        parts.append(_quiet_line(example, trace, link))
    if problem is not None:
        parts.append(f'<p class="run-exit">Not in order yet: {escape(problem.cause)}</p>')
    shows = "source output" if source and output else "source" if source else "output"
    return f'<div class="run" data-example="{example.name}" data-shows="{shows}">{"".join(parts)}</div>\n'


def worth_a_picture(trace: Trace) -> bool:
    """More than one task, or one that waits. Of a loop that is not asyncio's own (uvloop) there are no steps to draw."""
    if not trace.steps:
        return False
    tasks = [task for task in trace.tasks if not task.internal]
    return len(tasks) > 1 or any(step.waits and step.waits != "its next turn" for step in trace.steps if step.task == 1)


def _source(example: Example, part: str | None, light: tuple[str, ...]) -> str:
    where = f"examples/{example.name}{example.path.suffix}"
    language = "bash" if example.shell else "python"
    if part is None:
        coloured, plain = highlighting.lines(example.source, language), example.source.splitlines()
        html, text = ([lines[number - 1] for number in example.shown_lines] for lines in (coloured, plain))
    else:
        source = examples.statement(example.shown, part, where)
        html, text = list(highlighting.lines(source, language)), source.splitlines()
    for wanted in light:
        if not any(wanted in line for line in text):
            raise ExampleError(f"{where}: no line of what is shown has {wanted!r} to light up")
    return highlighting.block(html, [any(wanted in line for wanted in light) for line in text], where)


def _output(example: Example, trace: Trace | None) -> str:
    if trace is None:
        text = example.path.with_suffix(".out").read_text(encoding="utf-8")
        rows = "".join(f"<span>{escape(line)}\n</span>" for line in text.splitlines())
        return f'<div class="run-output"><span class="run-label">Output, as recorded</span><pre><code>{rows}</code></pre></div>'
    rows = "".join(_row(line, example.shell) for line in transcript.lines(trace))
    if not rows:
        rows = '<span class="run-nothing">(it prints nothing)\n</span>'
    ended = ""
    if trace.stopped:
        ended = f'<p class="run-exit">loopscope ended it: {escape(trace.stopped)}</p>'
    elif trace.exit != 0:
        ended = f'<p class="run-exit">exit status {trace.exit}</p>'
    timed = "" if example.shell else " run-timed"
    return f'<div class="run-output{timed}"><span class="run-label">Output</span><pre><code>{rows}</code></pre>{ended}</div>'


def _row(line: Output, shell: bool) -> str:
    text = escape(line.text.rstrip("\n"), quote=False)
    stream = ' class="run-stderr"' if line.stream == "stderr" else ""
    time = "" if shell else f' data-time="{seconds(line.time)}"'
    return f"<span{time}{stream}>{text}\n</span>"


def _quiet_line(example: Example, trace: Trace | None, link: bool) -> str:
    if trace is not None:
        clock = "a session in a shell" if example.shell else f"{trace.clock} clock, {seconds(trace.duration)}"
        facts = f"Ran on Python {trace.python}, {clock}"
    else:
        version = ".".join(map(str, example.requires or ()))
        facts = f"Recorded on Python {version} or later; the Python that built this page is older"
    home = f"{BASE}examples/{example.name}"
    own = f' · <a href="{home}/">a page of its own</a>' if link else ""
    return f'<p class="run-facts">{facts} · <a href="{home}{example.path.suffix}" download>{example.path.name}</a>{own}</p>'
