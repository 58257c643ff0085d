"""The glossary: its entries, and the links to it."""

from __future__ import annotations

import re
from pathlib import Path

import markdown
import pytest
from paths import ROOT

from sitebuild.rendering import terms

GLOSSARY = (ROOT / "docs/reference/glossary.md").read_text(encoding="utf-8")
ENTRIES = terms.read_entries(GLOSSARY)


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry.id for entry in ENTRIES])
def test_a_word_is_explained_in_two_lines(entry: terms.Entry) -> None:
    text = "".join(entry.text.itertext())
    assert 5 <= len(text.split()) <= 45, f"{entry.word}: {len(text.split())} words"
    assert text.endswith(".")


def test_each_word_has_one_paragraph() -> None:
    sections = GLOSSARY.split("\n### ")[1:]
    assert len(ENTRIES) == len(sections)
    assert [len(section.strip().split("\n\n")) for section in sections] == [2] * len(sections)


def test_the_words_are_in_order_and_no_form_is_given_twice() -> None:
    words = [entry.word.lower() for entry in ENTRIES]
    assert words == sorted(words) and len(words) > 40
    forms = [form.lower() for entry in ENTRIES for form in entry.forms]
    assert len(set(forms)) == len(forms)


def linked(text: str) -> list[tuple[str, str]]:
    html = markdown.markdown(
        text, extensions=["attr_list", "md_in_html", "pymdownx.details", terms.Terms()]
    )
    return re.findall(
        r'<a [^>]*class="term" href="/reference/glossary/#([\w-]+)">([^<]*)</a>', html
    )


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


def test_a_page_has_the_text_of_each_of_its_words_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    html = markdown.markdown("A queue of tasks.\n\nA task in a queue.", extensions=[terms.Terms()])
    described = re.findall('aria-describedby="([^"]+)"', html)
    assert described == re.findall('<p id="([^"]+)">', html) == ["term-queue", "term-task"]
    assert '<section class="term-notes" hidden="hidden">' in html
    assert html.count("An object that runs a coroutine on the event loop") == 1
    assert 'href="/reference/glossary/#ready-queue">ready queue</a>' in html
    assert 'href="/tasks/create-task/">create_task</a>' in html
    assert "term-note" not in markdown.markdown("Nothing of it.", extensions=[terms.Terms()])


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
        article = re.sub(
            '(?s)<details class="(?:run-legend|page-answers)">.*?</details>', "", article
        )
        # in panels and in the notes of terms a paragraph has an attribute
        paragraphs = re.findall(r"(?s)<(p|li|td)>(.*?)</\1>", article)
        used = {
            entry.id
            for _, text in paragraphs
            for _, entry in glossary.found(re.sub(r"(?s)<(a|code)\b.*?</\1>|<[^>]+>", "|", text))
        }
        links = r'class="term" href="/reference/glossary/#([\w-]+)"'
        there = set(re.findall(links, article))
        assert used <= there, f"{address}: {used - there}"
        noted = set(re.findall(r'(?s)<div class="term-note"[^>]*><p id="term-([\w-]+)">', article))
        described = set(re.findall(r'aria-describedby="term-([\w-]+)"', article))
        expected = set() if address.startswith("articles/") else there
        assert noted == described == expected, address
