// Shows one moment: each part of an opened stepper the same one.

import { showPosition } from "./controls.js";
import { showHeader } from "./header.js";
import { createBox } from "./layout.js";
import { loopMarkup } from "./loop.js";
import { showOutput } from "./output.js";
import { addPlayhead, movePlayhead } from "./picture.js";
import { buttonOf, piece } from "./pieces.js";
import { keepReachable } from "./scrolling.js";
import { showSource } from "./source.js";
import { showCount } from "./tabs.js";

/** @typedef {import("./moments.js").Moment} Moment */
/** @typedef {import("./record.js").RunRecord} RunRecord */

export class View {
  /** @type {Set<string>} */ unfolded = new Set(); // waiting tasks whose values are shown

  /**
   * @param {RunRecord} record
   * @param {Moment[]} moments all there are
   */
  constructor(record, moments) {
    this.record = record;
    const starts = moments.filter(({ event, internal }) => event.kind === "start" && !internal);
    this.turns = starts.length;
    this.ownTasks = new Set(moments.map(({ internal, who }) => internal && who));
    const box = (this.box = createBox(record));
    this.svg = /** @type {SVGSVGElement | null} */ (box.querySelector(".stepper-picture svg"));
    if (this.svg) addPlayhead(this.svg);
    box.addEventListener("toggle", ({ target }) => this.toggled(target), true);
  }

  /**
   * @param {Moment} moment
   * @param {Moment[]} visible all that can be shown
   * @param {boolean} withInternal whether asyncio's own callbacks are shown too
   */
  show(moment, visible, withInternal) {
    const { box, record, svg } = this;
    const isLast = moment === visible[visible.length - 1];
    showPosition(box, moment.turn, this.turns, moment === visible[0], isLast);
    showHeader(piece(box, "now"), record, moment);
    showSource(piece(box, "source"), record, moment);
    this.showLoop(moment, withInternal);
    showCount(box, moment.state.printed);
    if (record.output.length) showOutput(piece(box, "output"), moment.news, moment.state.printed);
    if (svg) movePlayhead(piece(box, "picture"), svg, moment.x, this.rowOf(moment));
    for (const name of ["now", "picture", "source", "loop", "output"]) {
      if (piece(box, name)) keepReachable(piece(box, name));
    }
  }

  /**
   * The fold that has the focus keeps it, if it is still there.
   * @param {Moment} moment
   * @param {boolean} withInternal
   */
  showLoop({ state }, withInternal) {
    const loop = piece(this.box, "loop");
    const fold = document.activeElement?.closest("details");
    const focused = fold && loop.contains(fold) ? fold.dataset.task : undefined;
    loop.innerHTML = loopMarkup(this.record, state, withInternal, this.unfolded);
    if (!focused) return;
    /** @type {HTMLElement | null} */
    const summary = loop.querySelector(`[data-task="${focused}"] summary`);
    (summary ?? buttonOf(this.box, "next")).focus({ preventScroll: true });
  }

  /**
   * The row of the timeline in which something happens, from 0.
   * @param {Moment} moment
   */
  rowOf({ who }) {
    if (typeof who !== "number") return undefined;
    const tasks = [...Array(who).keys()].filter((task) => !this.ownTasks.has(task));
    return tasks.length - 1; // there is no task 0
  }

  /** @param {EventTarget | null} target a fold that has been opened or closed */
  toggled(target) {
    const { open, dataset } = /** @type {HTMLDetailsElement} */ (target);
    if (!dataset.task) return;
    if (open) this.unfolded.add(dataset.task);
    else this.unfolded.delete(dataset.task);
  }
}
