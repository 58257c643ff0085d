"""The glossary: its entries, and the links to it."""

from __future__ import annotations

import re
from pathlib import Path

import markdown
import pytest
from paths import ROOT

from sitebuild.rendering import terms

GLOSSARY = (ROOT / "docs/reference/glossary.md").read_text(encoding="utf-8")
ENTRIES = re.findall(r"(?ms)^### (.+?) \{ #([\w-]+)[^\n]*\}\n\n(.*?)\n*(?=^### |\Z)", GLOSSARY)


@pytest.mark.parametrize(
    ("word", "text"),
    [(word, text) for word, _, text in ENTRIES],
    ids=[entry[1] for entry in ENTRIES],
)
def test_a_word_is_explained_in_two_lines(word: str, text: str) -> None:
    words = re.sub(r"\]\([^)]*\)", "", text).split()
    assert 5 <= len(words) <= 45, f"{word}: {len(words)} words"
    assert "\n\n" not in text and text.endswith(".")


def test_the_words_are_in_order_and_no_form_is_given_twice() -> None:
    words = [word.lower() for word, _, _ in ENTRIES]
    assert words == sorted(words) and len(words) > 40
    forms = [
        form
        for entry in terms._ENTRY.finditer(GLOSSARY)
        for form in (entry["word"], *(entry["also"] or "").split("|"))
        if form
    ]
    assert len({form.lower() for form in forms}) == len(forms)


def linked(text: str) -> list[tuple[str, str]]:
    html = markdown.markdown(
        text, extensions=["attr_list", "md_in_html", "pymdownx.details", terms.Terms()]
    )
    return re.findall(r'<a class="term" href="/reference/glossary/#([\w-]+)">([^<]*)</a>', html)


def test_a_word_leads_to_the_glossary_where_it_first_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    assert linked("The event loop runs tasks. The event loop\nruns a task.") == [
        ("event-loop", "event loop"),
        ("task", "tasks"),
    ]
    assert linked("An Event\nloop, and *a **future** of ours*.") == [
        ("event-loop", "Event\nloop"),
        ("future", "future"),
    ]
    assert linked("??? question\n\n    A parcel's task.") == [("task", "task")]
    assert linked('<div class="keep" markdown>\n\n- a task\n\n</div>') == [("task", "task")]


def test_headings_code_links_and_the_glossary_itself_are_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    assert linked("# A task\n\n[a task](x.md), `a task`, multitasking\n\n    task\n\nA task.") == [
        ("task", "task")
    ]
    assert linked('### task { #task data-also="tasks" }\n\nA task.') == []


def test_every_page_links_every_word_that_it_uses(site: Path) -> None:
    glossary = terms.Glossary.of(GLOSSARY)
    for path in sorted(site.rglob("index.html")):
        html = path.read_text(encoding="utf-8")
        address = path.relative_to(site).as_posix()
        if "<article" not in html or address.startswith(("examples/", "reference/")):
            continue
        article = re.search(r"<article.*?</article>", html, re.S)[0]
        # in panels a paragraph has a class
        paragraphs = re.findall(r"(?s)<(p|li|td)>(.*?)</\1>", article)
        used = {
            entry
            for _, text in paragraphs
            for _, entry in glossary.found(re.sub(r"(?s)<(a|code)\b.*?</\1>|<[^>]+>", "|", text))
        }
        there = set(re.findall(r'class="term" href="/reference/glossary/#([\w-]+)"', article))
        assert used <= there, f"{address}: {used - there}"
