"""What readers search is there, and what they type finds the page that answers it."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest
import tomllib
from javascript import command, run_module
from paths import ROOT
from sample_project import GOOD, SampleProject

from sitebuild.commands import build
from sitebuild.content import pages
from sitebuild.project import Project
from sitebuild.rendering import search

FOLDER = ROOT / "sitebuild/rendering/search"
QUERIES: dict[str, list[tuple[str, list[str]]]] = tomllib.loads(
    Path(__file__).with_name("search_queries.toml").read_text(encoding="utf-8")
)
LESSONS = [page for page in pages.find(Project(ROOT)) if page.is_lesson]
FIND = """
import { readFileSync } from "node:fs";
import MiniSearch from "./minisearch.js";
import { Index } from "./index.js";

const [pages, queries] = JSON.parse(readFileSync(0, "utf-8"));
const index = new Index(MiniSearch, pages);
const addresses = (query) => index.find(query).map((hit) => pages[hit.page][0]);
console.log(JSON.stringify(queries.map(addresses)));
"""


@pytest.fixture(scope="module")
def found(site: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The addresses of the pages that each query and each page's own lines find, best first."""
    data = json.loads((site / "assets/search-pages.json").read_text(encoding="utf-8"))
    queries = [query for kind in QUERIES.values() for query, _ in kind]
    queries += [answer for page in LESSONS for answer in page.answers]
    stdin = json.dumps([data, queries])
    printed = run_module(FIND, tmp_path_factory.mktemp("search"), stdin, FOLDER.glob("*.js"))
    return dict(zip(queries, json.loads(printed), strict=True))


@pytest.mark.parametrize("page", LESSONS, ids=lambda page: page.address)
def test_a_lesson_says_what_it_answers_and_is_found_by_each_of_these_lines(
    page: pages.Page, found: dict[str, list[str]]
) -> None:
    assert 2 <= len(page.answers) <= 8
    missed = [line for line in page.answers if page.address not in found[line][:3]]
    assert missed == []


def test_no_line_is_on_more_than_two_pages() -> None:
    lines = Counter(line for page in LESSONS for line in dict.fromkeys(page.answers))
    assert [line for line, count in lines.items() if count > 2] == []


def test_what_people_type_finds_a_page_that_answers_it(found: dict[str, list[str]]) -> None:
    first, first_three, every, missed = Counter[str](), Counter[str](), Counter[str](), []
    for kind, queries in QUERIES.items():
        for query, wanted in queries:
            if wanted:
                hits = found[query][:3]
                every[kind] += 1
                first[kind] += bool({*hits[:1]} & {*wanted})
                first_three[kind] += bool({*hits} & {*wanted})
                if not {*hits} & {*wanted}:
                    missed.append(f"{query!r} finds {hits}")
    report = "\n".join(
        [
            *(
                f"{kind}: {first[kind]} first, {first_three[kind]} among three, of {every[kind]}"
                for kind in every
            ),
            *missed,
        ]
    )
    print(report)
    assert every.total() >= 150
    assert first_three.total() >= 0.95 * every.total(), report
    assert all(first_three[kind] >= 0.9 * every[kind] for kind in every), report


WORDS = {
    "TaskGroup": "task_group",
    "DatagramTransport": "datagram transport",
    "back-pressure": "backpressure",
    "cancellation": "cancelled",
    "CancelledError": "cancels an error",
    "running": "runs",
    "coroutines": "coroutine",
    "concurrency": "concurrent",
    "async with": "async with",
    "__aenter__()": "__aenter__",
}
MESSAGES = {
    'Traceback (most recent call last):   File "a.py", line 3, in <module>     main()   File "a.py", line 2, in main     raise ValueError("x") ValueError: x': "ValueError: x",
    'Traceback (most recent call last): File "/srv/b.py", line 9, in f await g() asyncio.exceptions.CancelledError': "CancelledError",
    "RuntimeError: Task <Task pending name='Task-1' coro=<main() running at /srv/c.py:6> cb=[x]> got Future <Future pending> attached to a different loop": "RuntimeError: Task got Future attached to a different loop",
    '  + Exception Group Traceback (most recent call last):   |   File "d.py", line 14, in <module>   | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)   +-+---------------- 1 ----------------     | Traceback (most recent call last):     |   File "d.py", line 6, in work     | KeyError: \'id\'': "unhandled errors in a TaskGroup (1 sub-exception) KeyError: 'id'",
    "prog.py:4: RuntimeWarning: coroutine 'f' was never awaited": "RuntimeWarning: coroutine 'f' was never awaited",
    "what is a coroutine": "what is a coroutine",
}


def test_words_that_mean_the_same_meet_and_messages_lose_what_is_the_reader_s_own(
    tmp_path: Path,
) -> None:
    text = """
    import { readFileSync } from "node:fs";
    import { messageIn } from "./message.js";
    import { wordsOf } from "./words.js";
    const [words, messages] = JSON.parse(readFileSync(0, "utf-8"));
    console.log(JSON.stringify([words.map((text) => wordsOf(text)), messages.map(messageIn)]));
    """
    stdin = json.dumps([[*WORDS, *WORDS.values()], [*MESSAGES]])
    words, messages = json.loads(run_module(text, tmp_path, stdin, FOLDER.glob("*.js")))
    pairs = zip(WORDS, words, words[len(WORDS) :], strict=False)
    assert [text for text, one, other in pairs if not {*one} & {*other}] == []
    assert [" ".join(message.split()) for message in messages] == [*MESSAGES.values()]


def test_minisearch_is_the_published_file_and_pages_get_it_without_comments(
    tmp_path: Path,
) -> None:
    published = (FOLDER / "minisearch.js").read_bytes()
    assert hashlib.sha256(published).hexdigest() == (
        "0393b3ba253b809d5e55707c7b0875ef9b518a296a006c6739b28876e154edb3"
    )
    shipped = search.assets()["assets/minisearch.js"]
    notice, rest = shipped.split("\n", 1)
    assert "MIT" in notice and "minisearch-license.txt" in notice
    assert "Luca Ongaro" in search.assets()["assets/minisearch-license.txt"]
    assert "/*" not in rest and not re.search(r"(?m)^\s*//", rest)
    ask = """
    import MiniSearch from "./minisearch.js";
    const mini = new MiniSearch({ fields: ["text"] });
    mini.addAll([{ id: 1, text: "cancel a task" }, { id: 2, text: "a lock" }, { id: 3, text: "tasks" }]);
    console.log(JSON.stringify(mini.search("task lack", { prefix: true, fuzzy: 0.3 })));
    """
    printed = [run_module(ask, tmp_path, "", FOLDER.glob("*.js"))]
    stripped = tmp_path / "stripped"
    stripped.mkdir()
    (stripped / "minisearch.js").write_text(shipped, encoding="utf-8")
    (tmp_path / "out").mkdir()
    printed.append(run_module(ask, tmp_path / "out", "", stripped.glob("*.js")))
    assert printed[0] == printed[1] and len(json.loads(printed[0])) == 3


def test_the_types_are_right() -> None:
    done = subprocess.run(
        [command("tsc", "node-typescript"), "-p", FOLDER], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def test_scripts_and_data_are_light_and_the_theme_s_search_is_not_shipped(site: Path) -> None:
    import gzip

    sizes = {
        path.name: len(gzip.compress(path.read_bytes(), 6))
        for path in (site / "assets").iterdir()
        if "search" in path.name
    }
    assert sizes["search.js"] <= 1_000, "it comes with each page"
    first = ("search-engine.js", "minisearch.js", "search-pages.json")
    assert sum(sizes[name] for name in first) <= 54_000, sizes
    assert sizes["search-excerpts.json"] <= 40_000
    left = [*site.rglob("search_index.json"), *site.rglob("lunr*"), *site.rglob("*search*.min.js")]
    assert left == []


@pytest.fixture
def course(sample: SampleProject) -> SampleProject:
    """A course with a failing example, a lesson that shows it, and topics."""
    source = (
        '"""It fails."""\n# /// script\n# [tool.loopscope]\n# exit = 1\n# ///\n\n'
        + GOOD.split("\n\n", 1)[1].replace('print("hello")', 'raise ValueError("a rare mistake")')
    )
    sample.example("fails", source, None)
    assert sample.run("update").returncode == 0
    block = '```python exec="on" html="on"\nfrom sitebuild import show\n\nprint(show("chapter/fails"))\n```\n'
    (sample.root / "docs/tasks").mkdir()
    (sample.root / "docs/tasks/one.md").write_text(
        '---\ntitle: "One"\ndescription: "What one is."\nanswers:\n  - "Why <one>?"\n  - "Two?"\n---\n'
        "# One\n\nIt has `a_name()`.\n\n## Test yourself: what fails? { #fails }\n\n"
        f"{'Long ' * 40}\n\n{block}\n## Key points {{ #keep }}\n\n`kept()`\n",
        encoding="utf-8",
    )
    settings = sample.root / "mkdocs.yml"
    nav = "nav:\n  - Home: index.md\n  - Tasks & more:\n      - One: tasks/one.md\n"
    settings.write_text(settings.read_text(encoding="utf-8") + nav, encoding="utf-8")
    return sample


def test_titles_answers_headings_code_and_messages_are_searched(course: SampleProject) -> None:
    assert build.build(course.project) == []
    data = json.loads(course.read("assets/search-pages.json"))
    [one] = [page for page in data if page[0] == "tasks/one/"]
    [message] = one[5][1].pop()
    assert message.endswith("ValueError: a rare mistake")
    assert one == [
        "tasks/one/",
        "One",
        "What one is.",
        1,
        ["Why <one>?", "Two?"],
        [["", "", "a_name()", []], ["fails", "What fails?", ""]],
    ]
    place = data.index(next(page for page in data if page[0] == "tasks/one/"))
    excerpts = json.loads(course.read("assets/search-excerpts.json"))[place]
    assert excerpts[0] == "" and excerpts[1].endswith("Long …") and len(excerpts[1]) <= 152


def test_without_scripts_all_questions_are_listed_by_topic(course: SampleProject) -> None:
    assert build.build(course.project) == []
    html = course.read("questions/index.html")
    assert (
        '<h2>Tasks &amp; more</h2><dl class="questions"><dt><a href="/tasks/one/">One</a>' in html
    )
    assert "<dd>Why &lt;one&gt;?</dd><dd>Two?</dd>" in html
    assert 'rel="canonical" href="' not in html, "this site has no public address"
    assert 'action="../../questions/"' in course.read("tasks/one/index.html")
    answers = course.read("tasks/one/index.html").split('class="page-answers"')[1]
    assert "This page answers 2 questions" in answers.split("</summary>")[0]
    assert "<li>Why &lt;one&gt;?</li>" in answers.split("</details>")[0]
