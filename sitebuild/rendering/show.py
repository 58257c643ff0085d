"""The function that pages call to show an example.

    ```python exec="on" html="on"
    from sitebuild import show

    print(show("tasks/two_tasks"))
    ```

With `html="on"`, its HTML bypasses the Markdown parser. In a build, `show` returns only a stand-in
for the panel (see `stand_ins`), so MkDocs's process need not import what draws panels.
"""

from __future__ import annotations

from markupsafe import Markup

from ..content import examples
from ..content.examples import Example, ExampleError
from ..content.show_calls import ShowCall
from ..content.show_options import ShowOptions
from ..project import Project, current_project
from . import stand_ins


def show(name: str, **options: object) -> Markup:
    """Return the HTML that shows an example.

    Args:
        name: The name of the example, "chapter/name".
        options: The fields of `ShowOptions`; `light` may be a single string.

    Raises:
        ExampleError: There is no such example or option, the example lacks what an option names,
            or its run is not as expected.
    """
    project = current_project()
    try:
        chosen = ShowOptions.parse(options)
    except ValueError as error:
        raise ExampleError(f"show({name!r}): {error}") from None
    example = _read(name, name, project)
    secret = stand_ins.secret()
    if secret is not None:
        return stand_ins.stand_in(secret, ShowCall(name, chosen, 0))

    from ..records import pythons, runner
    from .panel import panel
    from .run_pictures import Run

    earlier = None
    if chosen.compared_with is not None:
        other = _read(name, chosen.compared_with, project)
        trace = None if chosen.beside is None else runner.get_or_run(other, project)
        earlier = Run(other, trace, project)
    if chosen.python is not None:
        example = pythons.pin(example, chosen.python)
    return panel(example, runner.get_or_run(example, project), project, chosen, earlier=earlier)


def _read(shown: str, name: str, project: Project) -> Example:
    """Read an example that a call of `show` names.

    Args:
        shown: The example that the call shows, for messages.
        name: The example to read.
        project: The project that it belongs to.

    Raises:
        ExampleError: There is no such example, or its file is invalid.
    """
    if not examples.NAME.fullmatch(name):
        raise ExampleError(
            f'show({shown!r}): that is no example\'s name; it is "chapter/name", in a to z, 0 to 9'
            " and _"
        )
    for suffix in (".py", ".sh"):
        path = project.examples / f"{name}{suffix}"
        if path.is_file():
            return examples.read(path, project)
    raise ExampleError(f"show({shown!r}): there is no such example; examples/{name}.py is missing")
