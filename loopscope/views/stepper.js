// Replays one recorded run. A custom element:
//
//     <loop-stepper data-record="/examples/tasks/main_waits.json"></loop-stepper>
//
// With data-step="7" it opens by itself at that step, once it is seen.
// In:  a record as sitebuild.stepping makes it (loopscope.replay.to_json, with `source` and `picture`), fetched when first asked for, or
//      standing in the element as <script type="application/json">.
// Out: a button; once pressed, the source, the loop, the output so far, the timeline with a playhead, and a sentence for each step.
// Everything shown comes from the record; nothing is simulated. Events: `step` (detail: index of the moment) after each move.

/**
 * @typedef {{time: number, cause: string, text: string, own: boolean, running: number | null, line: number | null, standing: [number, number][],
 *   ready: (number | string)[], waiting: [number, string, number | null][], finished: [number, string][], more: [number, number], printed: number, place: number | null}} Moment
 * @typedef {{file: string, page?: string, tasks: [string, string][], output: [number, string, number | null, string][],
 *   moments: Moment[], left_out: number, cut?: string, source: [number, string][], picture: string}} Recorded
 */

const SPEEDS = /** @type {const} */ ([[2000, "slow"], [1000, "normal"], [400, "fast"]]);

/** @param {string} text */
const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
/** A sentence with `code` in backquotes. @param {string} text */
const sentence = (text) => escaped(text).replace(/`([^`]*)`/g, "<code>$1</code>");
/** @param {number} time */
const seconds = (time) => `${time.toFixed(3)} s`;

class LoopStepper extends HTMLElement {
  /** @type {Recorded | null} */ record = null;
  at = 0; // index into record.moments
  unfolded = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ timer = undefined;
  /** @type {IntersectionObserver | undefined} */ seen = undefined;
  /** @type {Promise<boolean> | undefined} */ opening = undefined;

  connectedCallback() {
    if (this.querySelector(".stepper-open, .stepper")) return;
    const open = document.createElement("button");
    open.type = "button";
    open.className = "stepper-open";
    open.textContent = "Step through it";
    open.addEventListener("click", () => this.open());
    this.append(open);
    this.onhash = () => this.followAddress();
    addEventListener("hashchange", this.onhash);
    this.followAddress();
    if (this.dataset.step) {
      this.seen = new IntersectionObserver((entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        this.seen?.disconnect();
        if (!this.querySelector(".stepper")) this.open(Number(this.dataset.step) - 1, false, false);
      });
      this.seen.observe(this);
    }
  }

  disconnectedCallback() {
    this.seen?.disconnect();
    if (this.onhash) removeEventListener("hashchange", this.onhash);
    this.pause();
  }

  get name() {
    return this.dataset.example ?? "";
  }

  /** `#step=7` opens the first stepper of a page there, `#step=tasks/main_waits:7` the one of that example. */
  followAddress() {
    const asked = /^#step=(?:([\w/-]+):)?(\d+)$/.exec(decodeURIComponent(location.hash));
    if (!asked || (asked[1] ? asked[1] !== this.name : document.querySelector("loop-stepper") !== /** @type {Element} */ (this))) return;
    this.open(Number(asked[2]) - 1, true);
  }

  /** @param {number} [shown] @param {boolean} [scroll] @param {boolean} [focus] */
  async open(shown = 0, scroll = false, focus = true) {
    this.opening ??= this.load(); // once, however often it is asked to open while the record is on its way
    if (!(await this.opening)) return;
    this.go(this.visible()[Math.max(0, Math.min(shown, this.visible().length - 1))]);
    if (focus) this.piece("now").focus({ preventScroll: true });
    if (scroll) this.scrollIntoView({ block: "start" });
  }

  /** Fetch the record and build the stepper; where there is no record, say so, and let it be tried again. */
  async load() {
    this.querySelector(":scope > [role=alert]")?.remove();
    try {
      const held = this.querySelector('script[type="application/json"]');
      this.record = held ? JSON.parse(held.textContent ?? "") : await (await fetch(this.dataset.record ?? "")).json();
    } catch (problem) {
      const said = document.createElement("p");
      said.setAttribute("role", "alert");
      said.textContent = `The record of this run could not be fetched (${problem}). Try again later.`;
      this.append(said);
      this.opening = undefined;
      return false;
    }
    this.querySelector(".stepper-open")?.remove();
    // The stepper has a timeline of its own.
    this.parentElement?.querySelector(":scope > .run-picture")?.setAttribute("hidden", "");
    this.build();
    return true;
  }

  /** Indices of the moments that can be gone to. */
  visible() {
    const moments = /** @type {Recorded} */ (this.record).moments;
    return [...moments.keys()].filter((index) => this.unfolded || !moments[index].own);
  }

  /** @param {string} name @returns {HTMLElement} */
  piece(name) {
    return /** @type {HTMLElement} */ (this.querySelector(`.stepper-${name}`));
  }

  build() {
    const record = /** @type {Recorded} */ (this.record);
    const box = document.createElement("section");
    box.className = "stepper";
    box.setAttribute("aria-label", `Step through ${record.file}`);
    const source = record.source.map(([number, html]) => `<span data-line="${number}"><b></b>${html || " "}\n</span>`).join("");
    const output = record.output.map(([time, stream, , text], index) =>
      `<span data-out="${index}" data-time="${seconds(time)}" class="${stream}">${escaped(text) || " "}\n</span>`).join("");
    box.innerHTML = `
<div class="stepper-bar">
  <button type="button" data-do="first" aria-label="First step" title="First step (Home)">|◀</button>
  <button type="button" data-do="back" aria-label="Step back" title="Step back (←)">◀</button>
  <button type="button" data-do="play" aria-label="Play" title="Play or pause (space)">▶▶</button>
  <button type="button" data-do="next" aria-label="Step forward" title="Step forward (→)">▶</button>
  <button type="button" data-do="last" aria-label="Last step" title="Last step (End)">▶|</button>
  <input type="range" class="stepper-slider" min="1" value="1" aria-label="Step">
  <span class="stepper-count"></span>
  <label>Speed <select class="stepper-speed">${SPEEDS.map(([ms, name]) => `<option value="${ms}"${ms === 1000 ? " selected" : ""}>${name}</option>`).join("")}</select></label>
  <label><input type="checkbox" class="stepper-unfold"> asyncio's own steps</label>
  <button type="button" data-do="link">Copy link to this step</button>
</div>
<p class="stepper-now" tabindex="-1" role="status" aria-live="polite"></p>
<div class="stepper-picture" tabindex="0" role="group" aria-label="Timeline"${record.picture ? "" : " hidden"}>${record.picture}</div>
<div class="stepper-panes">
  <div class="highlight"><h6>Source</h6><pre class="stepper-source" tabindex="0" role="group" aria-label="Source"><code>${source}</code></pre></div>
  <div><h6>The loop</h6><dl class="stepper-loop"></dl><h6>Output so far</h6><pre class="stepper-output" tabindex="0" role="group" aria-label="Output so far"><code>${output}</code></pre></div>
</div>
${record.left_out || record.cut ? `<p class="stepper-rest">${escaped(this.rest())}</p>` : ""}`;
    this.append(box);
    box.addEventListener("click", (event) => this.clicked(event));
    box.addEventListener("keydown", (event) => this.pressed(event));
    this.piece("slider").addEventListener("input", (event) => {
      this.pause();
      this.go(this.visible()[Number(/** @type {HTMLInputElement} */ (event.target).value) - 1]);
    });
    this.piece("unfold").addEventListener("change", (event) => {
      this.unfolded = /** @type {HTMLInputElement} */ (event.target).checked;
      const shown = this.visible();
      this.go(shown.includes(this.at) ? this.at : shown.find((index) => index >= this.at) ?? shown[0]);
    });
    const picture = this.querySelector(".stepper-picture svg");
    if (picture) {
      const head = document.createElementNS("http://www.w3.org/2000/svg", "path");
      head.setAttribute("class", "playhead");
      picture.append(head);
      picture.addEventListener("click", (event) => this.clickedPicture(/** @type {MouseEvent} */ (event)));
    }
  }

  /** What is not to be seen here. */
  rest() {
    const { left_out, cut } = /** @type {Recorded} */ (this.record);
    const more = left_out === 1 ? "1 more step" : `${left_out.toLocaleString("en")} more steps`;
    return [left_out ? `This run has ${more}, left out here.` : "", cut].filter(Boolean).join(" ");
  }

  /** @param {number} index of a moment */
  go(index) {
    const record = /** @type {Recorded} */ (this.record);
    const shown = this.visible();
    this.at = index;
    const moment = record.moments[index];
    const slider = /** @type {HTMLInputElement} */ (this.piece("slider"));
    const place = shown.indexOf(index) + 1;
    slider.max = String(shown.length);
    slider.value = String(place);
    slider.setAttribute("aria-valuetext", `step ${place} of ${shown.length}`);
    this.piece("count").textContent = `${place} / ${shown.length}`;
    const cause = this.unfolded ? "" : moment.cause;
    this.piece("now").innerHTML = `<b>${seconds(moment.time)}</b> ${sentence(cause + moment.text)}`;
    this.showSource(moment);
    this.showLoop(moment);
    this.showOutput(moment, shown[place - 2]);
    const head = this.querySelector(".playhead");
    const height = head?.closest("svg")?.viewBox.baseVal.height ?? 0;
    head?.setAttribute("d", moment.place === null ? "" : `M${moment.place} 18V${height}`);
    for (const [name, off] of [["first", place === 1], ["back", place === 1], ["next", place === shown.length], ["last", place === shown.length]]) {
      // Not `disabled`: a button that held the focus would lose it.
      this.querySelector(`[data-do=${name}]`)?.setAttribute("aria-disabled", String(off));
    }
    this.dispatchEvent(new CustomEvent("step", { detail: index }));
  }

  /** @param {Moment} moment */
  showSource(moment) {
    /** @type {Map<number, number[]>} */ const standing = new Map();
    for (const [task, line] of moment.standing) standing.set(line, [...(standing.get(line) ?? []), task]);
    let lit = null;
    for (const line of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll("[data-line]"))) {
      const number = Number(line.dataset.line);
      const runs = number === moment.line;
      line.classList.toggle("lit", runs);
      if (runs) lit = line;
      const marks = (standing.get(number) ?? []).map((task) => this.label(task, "waits here"));
      if (runs && moment.running !== null) marks.unshift(this.label(moment.running, "runs"));
      const margin = /** @type {HTMLElement} */ (line.firstChild);
      if (margin.innerHTML !== marks.join("")) margin.innerHTML = marks.join("");
    }
    this.bringIntoView(this.piece("source"), lit);
  }

  /** A task's name in its colour; in the margin of the source with what it does there, else with its coroutine. @param {number} task @param {string} [what] */
  label(task, what = "") {
    const [name, coro] = /** @type {Recorded} */ (this.record).tasks[task - 1];
    const mark = `<i class="task task-${(task - 1) % 6}"${what && ` title="${escaped(`${coro} ${what}`)}"`}>${escaped(name)}</i>`;
    return what ? mark : `${mark}<span class="own">${escaped(coro)}</span>`;
  }

  /** @param {Moment} moment */
  showLoop(moment) {
    const none = '<span class="none">nobody</span>';
    const ready = moment.ready.map((entry) => (typeof entry === "number" ? this.label(entry) : `<span class="own">${escaped(entry)}</span>`));
    // asyncio's own callbacks begin with an underscore.
    const shown = this.unfolded ? ready : ready.filter((_, index) => !/^timer of |(^|\.)_\w*$/.test(String(moment.ready[index])));
    const waiting = moment.waiting.map(([task, what, left]) =>
      `${this.label(task)} for ${escaped(what || "something")}${left === null ? "" : left > 0 ? ` (${seconds(left)} left)` : " (due)"}`);
    const finished = moment.finished.map(([task, how]) => `${this.label(task)} ${escaped(how)}`);
    if (moment.more[0]) waiting.push(`and ${moment.more[0]} more`);
    if (moment.more[1]) finished.unshift(`${moment.more[1]} before`);
    const rows = [["Running now", moment.running === null ? [] : [this.label(moment.running)]], ["Ready, in order", shown], ["Waiting", waiting], ["Finished", finished]];
    this.piece("loop").innerHTML = rows.map(([title, entries]) => `<dt>${title}</dt><dd>${entries.length ? /** @type {string[]} */ (entries).join("<br>") : none}</dd>`).join("");
  }

  /** @param {Moment} moment @param {number | undefined} before index of the moment before */
  showOutput(moment, before) {
    const already = before === undefined ? 0 : /** @type {Recorded} */ (this.record).moments[before].printed;
    let last = null;
    for (const line of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll("[data-out]"))) {
      const number = Number(line.dataset.out);
      line.hidden = number >= moment.printed;
      line.classList.toggle("lit", number >= already && number < moment.printed);
      if (!line.hidden) last = line;
    }
    this.bringIntoView(this.piece("output"), last);
  }

  /** Scrolls a pane, never the page. @param {HTMLElement} pane @param {HTMLElement | null} line */
  bringIntoView(pane, line) {
    if (!line) return;
    const [top, height] = [line.offsetTop, line.offsetHeight];
    if (top < pane.scrollTop || top + height > pane.scrollTop + pane.clientHeight) pane.scrollTop = top - pane.clientHeight / 2;
  }

  /** @param {number} by */
  move(by) {
    const shown = this.visible();
    const place = Math.max(0, Math.min(shown.length - 1, shown.indexOf(this.at) + by));
    this.go(shown[place]);
    return place < shown.length - 1;
  }

  play() {
    const button = this.querySelector("[data-do=play]");
    button?.setAttribute("aria-label", "Pause");
    if (button) button.textContent = "❚❚";
    const shown = this.visible();
    if (this.at === shown[shown.length - 1]) this.go(shown[0]);
    const tick = () => {
      this.timer = undefined;
      if (this.move(1)) this.timer = setTimeout(tick, Number(/** @type {HTMLSelectElement} */ (this.piece("speed")).value));
      else this.pause();
    };
    this.timer = setTimeout(tick, Number(/** @type {HTMLSelectElement} */ (this.piece("speed")).value));
  }

  pause() {
    clearTimeout(this.timer);
    this.timer = undefined;
    const button = this.querySelector("[data-do=play]");
    button?.setAttribute("aria-label", "Play");
    if (button) button.textContent = "▶▶";
  }

  /** @param {string} what */
  act(what) {
    if (what === "play") return this.timer === undefined ? this.play() : this.pause();
    this.pause();
    if (what === "link") return this.copyLink();
    const shown = this.visible();
    if (what === "first") return this.go(shown[0]);
    if (what === "last") return this.go(shown[shown.length - 1]);
    return void this.move(what === "next" ? 1 : -1);
  }

  async copyLink() {
    const place = this.visible().indexOf(this.at) + 1;
    const page = /** @type {Recorded} */ (this.record).page;
    const address = `${page ? new URL(page, location.href).href : location.href.split("#")[0]}#step=${place}`;
    const button = /** @type {HTMLElement} */ (this.querySelector("[data-do=link]"));
    try {
      await navigator.clipboard.writeText(address);
      button.textContent = "Copied";
    } catch {
      prompt("The link to this step:", address);
    }
    setTimeout(() => (button.textContent = "Copy link to this step"), 2000);
  }

  /** @param {Event} event */
  clicked(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const button = /** @type {HTMLElement | null} */ (target.closest("[data-do]"));
    if (button) return this.act(button.dataset.do ?? "");
    const out = /** @type {HTMLElement | null} */ (target.closest("[data-out]"));
    const line = /** @type {HTMLElement | null} */ (target.closest("[data-line]"));
    const { moments, output } = /** @type {Recorded} */ (this.record);
    const shown = this.visible();
    let found;
    if (out) found = shown.find((index) => moments[index].printed > Number(out.dataset.out));
    if (line) {
      // The next moment that touches this line: a task goes on there, or prints there.
      const number = Number(line.dataset.line);
      const touches = (/** @type {number} */ index) => {
        const before = shown[shown.indexOf(index) - 1];
        const from = before === undefined ? 0 : moments[before].printed;
        return moments[index].line === number || output.slice(from, moments[index].printed).some((piece) => piece[2] === number);
      };
      found = shown.find((index) => index > this.at && touches(index)) ?? shown.find(touches);
    }
    if (found === undefined) return;
    this.pause();
    this.go(found);
  }

  /** @param {MouseEvent} event */
  clickedPicture(event) {
    const svg = /** @type {SVGSVGElement} */ (event.currentTarget);
    const box = svg.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * svg.viewBox.baseVal.width;
    const { moments } = /** @type {Recorded} */ (this.record);
    const near = this.visible().filter((index) => moments[index].place !== null)
      .sort((one, other) => Math.abs(Number(moments[one].place) - x) - Math.abs(Number(moments[other].place) - x))[0];
    if (near === undefined) return;
    this.pause();
    this.go(near);
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.altKey || event.ctrlKey || event.metaKey || target.matches("select") || (event.key === " " && target.matches("button, input"))) return;
    const what = { ArrowLeft: "back", ArrowRight: "next", Home: "first", End: "last", " ": "play" }[event.key];
    if (!what) return;
    event.preventDefault();
    event.stopPropagation();
    this.act(what);
  }
}

if (!customElements.get("loop-stepper")) customElements.define("loop-stepper", LoopStepper);
