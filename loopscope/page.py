"""One run as one self-contained HTML file: source, output with times, timeline, the stepper, the run in words.

In:  a `Trace` and the program's source. Out: HTML text that asks nothing of anybody.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

from . import replay
from .timeline import draw
from .trace import Trace
from .transcript import lines, summary
from .words import cut, seconds, tell

_TOLD = 1000  # steps told in words

_STYLE = """\
:root{color-scheme:light dark;--ls-text:#1f2328;--ls-dim:#5f6368;--back:#fff;--box:#f4f5f7;--ls-on:#fff;--ls-back:#fff}
@media (prefers-color-scheme:dark){:root{--ls-text:#e3e5e8;--ls-dim:#a3a9b5;--back:#1e2129;--box:#282c35;--ls-grid:#3c4149;--ls-run:#7aa7f7;
--ls-blocked:#f2857c;--ls-wait:#7f8894;--ls-good:#6fcf8d;--ls-on:#1e2129;--ls-back:#1e2129}}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ls-text);background:var(--back);max-width:54rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.3rem}h2{font-size:1rem;margin-top:2rem}pre{background:var(--box);padding:.8rem;overflow-x:auto;font-size:.85rem;line-height:1.5}
pre span{display:block}pre [data-at]::before{content:attr(data-at);color:var(--ls-dim);display:inline-block;width:5.5em;user-select:none}
.stderr{color:var(--ls-blocked,#b3261e)}svg{width:100%;height:auto;min-width:34rem}figure{margin:0;overflow-x:auto}ol{padding-left:1.5rem}.quiet{color:var(--ls-dim)}"""


def sentence(text: str) -> str:
    """HTML of a sentence in which `code` stands in backquotes."""
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", escape(text, quote=False))


def _stepper(trace: Trace, source: str) -> str:
    """The stepper with its record inside of it."""
    data = replay.to_json(trace, source)
    data["source"] = [[number, escape(line)] for number, line in enumerate(source.splitlines(), 1)]
    data["picture"] = draw(trace)
    held = replay.dumps(data).replace("</", "<\\/")  # or the first `</script>` that the program prints would end it
    return (
        f'<loop-stepper><script type="application/json">{held}</script></loop-stepper>'
        f'<script type="module">{_beside("stepper.js")}</script>'
    )


def _beside(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


def render(trace: Trace, source: str) -> str:
    numbered = "".join(f'<span data-at="{number}">{escape(line) or " "}</span>' for number, line in enumerate(source.splitlines(), 1))
    printed = "".join(
        f'<span data-at="{seconds(line.time)}" class="{line.stream}">{escape(line.text.rstrip(chr(10))) or " "}</span>'
        for line in lines(trace)
    )
    figure = f'<figure class="run-picture">{draw(trace)}</figure>'
    ends = f"<p>{cut(trace)}</p>" if cut(trace) else ""
    picture = f"<h2>What the event loop did</h2>{ends}<div>{figure}{_stepper(trace, source)}</div>" if trace.tasks else ""
    steps = tell(trace, source)
    told = "".join(f"<li><b>{seconds(step.time)}</b> {sentence(step.text)}</li>" for step in steps[:_TOLD])
    left_out = sum(bool(step.steps) for step in steps[_TOLD:])
    more = f"<p>… and {left_out:,} more steps.{' ' + cut(trace) if cut(trace) else ''}</p>" if left_out else ""
    words = f"<h2>In words</h2><ol>{told}</ol>{more}" if told else ""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(trace.file)}</title><style>{_STYLE}{_beside('stepper.css')}</style></head><body><h1>{escape(trace.file)}</h1>"
        f'<h2>Output</h2><pre tabindex="0">{printed or "(nothing)"}</pre>{picture}{words}'
        f'<h2>Source</h2><pre tabindex="0">{numbered}</pre>'
        f'<h2>Tasks</h2><pre class="quiet" tabindex="0">{escape(summary(trace))}</pre></body></html>\n'
    )
