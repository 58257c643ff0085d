// The opened stepper: shows one moment of a record, and moves to others on demand.

import { commandOfButton, commandOfKey, showPosition } from "./controls.js";
import { createBox } from "./layout.js";
import { copyLink } from "./link.js";
import { seconds, sentence } from "./markup.js";
import { momentThatPrints, nearestMoment, nextMomentAtLine, visibleMoments } from "./moments.js";
import { showOutput } from "./output.js";
import { addPlayhead, clickedX, movePlayhead } from "./picture.js";
import { buttonOf, piece } from "./pieces.js";
import { Playback } from "./playback.js";
import { showQueues } from "./queues.js";
import { showSource } from "./source.js";

/** @typedef {import("./controls.js").Command} Command */
/** @typedef {import("./record.js").RunRecord} RunRecord */

export class Panel {
  at = 0; // index of the moment shown
  withInternal = false; // whether asyncio's own steps are shown too

  /**
   * @param {HTMLElement} parent of the box; is sent `step` after each move
   * @param {RunRecord} record
   */
  constructor(parent, record) {
    this.parent = parent;
    this.record = record;
    const box = (this.box = createBox(record));
    this.svg = /** @type {SVGSVGElement | null} */ (box.querySelector(".stepper-picture svg"));
    this.playback = new Playback(
      buttonOf(box, "play"),
      /** @type {HTMLSelectElement} */ (piece(box, "speed")),
      () => this.move(1),
    );
    parent.append(box);
    this.listen();
  }

  /** Indices of the moments that can be gone to. */
  get visible() {
    return visibleMoments(this.record, this.withInternal);
  }

  listen() {
    this.box.addEventListener("click", (event) => this.clicked(event));
    this.box.addEventListener("keydown", (event) => this.pressed(event));
    const slider = /** @type {HTMLInputElement} */ (piece(this.box, "slider"));
    slider.addEventListener("input", () => {
      this.playback.pause();
      this.show(this.visible[Number(slider.value) - 1]);
    });
    const unfold = /** @type {HTMLInputElement} */ (piece(this.box, "unfold"));
    unfold.addEventListener("change", () => {
      this.withInternal = unfold.checked;
      this.show(this.visible.find((index) => index >= this.at) ?? this.visible[0]);
    });
    const svg = this.svg;
    if (svg) {
      addPlayhead(svg);
      svg.addEventListener("click", (event) => {
        this.jump(nearestMoment(this.record, this.visible, clickedX(svg, event)));
      });
    }
  }

  focus() {
    piece(this.box, "now").focus({ preventScroll: true });
  }

  /** @param {number} index of a moment */
  show(index) {
    const { box, record, visible } = this;
    const moment = record.moments[index];
    const place = visible.indexOf(index);
    const before = record.moments[visible[place - 1]];
    this.at = index;
    showPosition(box, place + 1, visible.length);
    // With asyncio's own steps shown, the cause is the step before.
    const text = this.withInternal ? moment.text : moment.cause + moment.text;
    piece(box, "now").innerHTML = `<b>${seconds(moment.time)}</b> ${sentence(text)}`;
    showSource(piece(box, "source"), record, moment);
    showQueues(piece(box, "loop"), record, moment, this.withInternal);
    showOutput(piece(box, "output"), before?.lines_printed ?? 0, moment.lines_printed);
    if (this.svg) movePlayhead(this.svg, moment.x);
    this.parent.dispatchEvent(new CustomEvent("step", { detail: index }));
  }

  /** @param {number} step from 1; the first or the last if there is no such step */
  showStep(step) {
    const visible = this.visible;
    this.show(visible[Math.max(0, Math.min(visible.length, step) - 1)]);
  }

  /**
   * @param {number} by steps
   * @returns {boolean} whether there is a further step
   */
  move(by) {
    const step = this.step + by;
    this.showStep(step);
    return step < this.visible.length;
  }

  /** The number, from 1, of the step shown. */
  get step() {
    return this.visible.indexOf(this.at) + 1;
  }

  /** @param {number | undefined} index of a moment, if there is one to go to */
  jump(index) {
    if (index === undefined) return;
    this.playback.pause();
    this.show(index);
  }

  play() {
    if (this.step === this.visible.length) this.showStep(1);
    this.playback.play();
  }

  /** @param {Command} command */
  obey(command) {
    if (command === "play" && !this.playback.playing) {
      this.play();
      return;
    }
    this.playback.pause();
    if (command === "link") copyLink(buttonOf(this.box, "link"), this.record.page, this.step);
    if (command === "first") this.showStep(1);
    if (command === "last") this.showStep(this.visible.length);
    if (command === "next") this.move(1);
    if (command === "back") this.move(-1);
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const command = commandOfButton(target);
    if (command) {
      this.obey(command);
      return;
    }
    const printed = /** @type {HTMLElement | null} */ (target.closest("[data-out]"));
    const line = /** @type {HTMLElement | null} */ (target.closest("[data-line]"));
    const { at, record, visible } = this;
    if (printed) this.jump(momentThatPrints(record, visible, Number(printed.dataset.out)));
    if (line) this.jump(nextMomentAtLine(record, visible, at, Number(line.dataset.line)));
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const command = commandOfKey(event);
    if (!command) return;
    event.preventDefault();
    event.stopPropagation();
    this.obey(command);
  }
}
