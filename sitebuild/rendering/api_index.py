"""Generates `docs/reference/api.md`, the index of asyncio's public names.

`make update` generates it from `api.toml` (what we say of each name), `api-facts.txt` (which
Pythons have it) and the examples (which of them use it). It is tracked, like the pages of the
articles, so that reviewers see what changes, and search, navigation and the checks of links treat
it like any other page; a test says when it is out of date.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ..content import api_names, api_uses, examples
from ..content.api_names import ApiNames, Member, Name
from ..content.examples import Example
from ..content.files import read_text, write_text
from ..content.pages import read, title_of
from ..project import NEWEST_MINOR, OLDEST_MINOR, Project
from ..records import api_facts
from ..records.api_facts import ApiFacts
from .templating import render

PAGE = "reference/api.md"
"""The page, in `docs/`."""

_FRONT_MATTER = """\
---
title: "asyncio API index: every name, and programs that use it"
description: Python's asyncio, name by name. Which Pythons have it, and which programs use it.
kind: reference
made_from: reference/api.toml
answers:
  - What functions and classes does asyncio have?
  - Which Python version added a function of asyncio?
  - Where can I find an example of an asyncio function?
---
"""

_SHOWN = 3
"""How many examples the page names for a name; the gallery has them all."""

_NO_EXAMPLE = "no example uses it yet"

Uses = dict[str, list[Example]]
"""The examples that use each name, by id."""


def find_uses(every: dict[str, Example], names: ApiNames) -> Uses:
    """Return the examples that use each name, in order of their names."""
    uses: Uses = {}
    for example in every.values():
        if not example.shell:
            for id in api_uses.find_uses(example.source, names):
                uses.setdefault(id, []).append(example)
    return uses


def generate(project: Project, names: ApiNames, facts: ApiFacts, uses: Uses) -> str:
    """Return the text of the page.

    Args:
        project: The project.
        names: What we say of each name.
        facts: Which Pythons have it.
        uses: The examples that use it.
    """
    writer = _Writer(project, names, facts, uses)
    return "\n".join(writer.lines())


def write(project: Project) -> list[str]:
    """Ask the Pythons, and write what is not up to date.

    Returns:
        A message for each file that was written.

    Raises:
        ProjectError: The data cannot be read, or is wrong.
    """
    names = api_names.load(project)
    if not names.groups:
        return []
    uses = find_uses(examples.find(project), names)
    facts = api_facts.find_out(api_facts.load(project), names, uses.keys())
    messages = []
    if api_facts.store(project, facts):
        messages.append(f"docs/{api_facts.FILE}: brought up to date")
    file, text = project.docs / PAGE, generate(project, names, facts, uses)
    if not file.exists() or read_text(project, file) != text:
        write_text(project, file, text)
        messages.append(f"docs/{PAGE}: made from api.toml")
    return messages


class _Writer:
    """Writes the page."""

    def __init__(self, project: Project, names: ApiNames, facts: ApiFacts, uses: Uses) -> None:
        self._project, self._names, self._facts, self._uses = project, names, facts, uses
        self._names_in = Counter(one.name for found in uses.values() for one in found)
        self._shown_on = {
            lesson: list(
                dict.fromkeys(call.name for call in read(project, project.docs / lesson).calls)
            )
            for lesson in {name.lesson for name in names.by_id.values() if name.lesson}
        }

    def lines(self) -> Iterator[str]:
        """Return the page, line by line."""
        yield _FRONT_MATTER
        count = len(self._names.by_id)
        members = len(self._names.ids) - count
        used = sum(id in self._uses for id in self._names.ids)
        yield (
            f"# asyncio's names, and programs that use them\n\nThe {count} public names of asyncio"
            f" and {members} of their methods and attributes, by what they are for. For each you'll"
            " find the Pythons that have it, the lesson that teaches it, and examples that use it"
            f" ({used} of the {count + members} are used by at least one).\n"
        )
        yield (
            f"Python 3.{OLDEST_MINOR} to 3.{NEWEST_MINOR} were asked on Linux what they have. On"
            " Windows, asyncio also has `ProactorEventLoop` and policies for the two kinds of"
            " loops, and it lacks what is for Unix; see [Python's reference]"
            "(https://docs.python.org/3/library/asyncio-platforms.html).\n"
        )
        yield '<div class="api-groups" markdown>\n'
        for group in self._names.groups:
            links = ", ".join(f"[`{_label(name)}`](#asyncio.{name.id})" for name in group.names)
            yield f"- [{group.title}](#{group.id}): {links}"
        yield "\n</div>\n"
        for group in self._names.groups:
            yield f"## {group.title} {{ #{group.id} }}\n"
            for name in group.names:
                yield from self._name(name)

    def _name(self, name: Name) -> Iterator[str]:
        yield f"### `asyncio.{_label(name)}` {{ #asyncio.{name.id} }}\n"
        yield f"{name.line}\n"
        facts = [_versions(self._facts.pythons[name.id])]
        if name.lesson:
            facts.append(f"lesson: [{self._title(name.lesson)}](../{name.lesson})")
        if name.extends:
            bases = ", ".join(f"[`{base}`](#asyncio.{base})" for base in name.extends)
            facts.append(f"extends {bases}")
        if name.reference:
            facts.append(f"[Python's reference]({_reference(name, name.id)})")
        facts.append(self._examples(name.id, name.lesson))
        yield f"{' · '.join(facts)}\n{{ .api-facts }}\n"
        for member in name.members:
            yield from self._member(name, member)

    def _member(self, name: Name, member: Member) -> Iterator[str]:
        yield f"`{member.name}{'()' if member.is_method else ''}` {{ #asyncio.{member.id} }}"
        facts = [self._count(member.id)]
        if (pythons := self._facts.pythons[member.id]) != self._facts.pythons[name.id]:
            facts.insert(0, _versions(pythons))
        yield f":   {member.line} *{' · '.join(facts)}*\n"

    def _examples(self, id: str, lesson: str | None) -> str:
        """Return links to a few of the examples that use a name; the lesson's come first."""
        found = self._uses.get(id, [])
        if not found:
            return _NO_EXAMPLE
        shown = self._shown_on.get(lesson or "", [])
        place = {name: place for place, name in enumerate(shown)}
        chosen = sorted(
            found,
            key=lambda one: (place.get(one.name, len(place)), self._names_in[one.name], one.name),
        )[:_SHOWN]
        links = [_example_link(one) for one in chosen]
        if len(found) > _SHOWN:
            links.append(_uses_link(id, f"all {len(found)} examples"))
        return f"in use: {', '.join(links)}"

    def _count(self, id: str) -> str:
        """Return a link to the only example that uses a name, or to all of them in the gallery."""
        found = self._uses.get(id, [])
        if not found:
            return _NO_EXAMPLE
        if len(found) == 1:
            return _example_link(found[0])
        return _uses_link(id, f"{len(found)} examples")

    def _title(self, page: str) -> str:
        return title_of(self._project, self._project.docs / page)


def _example_link(example: Example) -> str:
    return render("example_link.html.jinja", to="../../", name=example.name)


def _uses_link(id: str, text: str) -> str:
    """Return a link to the gallery with the examples that use a name."""
    return render("uses_link.html.jinja", id=id, text=text)


def _label(name: Name) -> str:
    return f"{name.id}()" if name.is_function else name.id


def _reference(name: Name, id: str) -> str:
    return f"https://docs.python.org/{name.reference}.html#asyncio.{id}"


def _versions(pythons: list[str]) -> str:
    """Return the Pythons that have a name, in words; no Python ever brought one back."""
    newest = f"3.{NEWEST_MINOR}"
    if not pythons:
        return "in none of these Pythons"
    if pythons[0] == pythons[-1]:
        return f"Python {pythons[0]}" + (" only" if pythons[0] != newest else "")
    return f"Python {pythons[0]} to {pythons[-1]}"
