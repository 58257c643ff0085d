// The opened stepper: moves from moment to moment on demand.

import { commandOfButton, commandOfKey, showMenu } from "./controls.js";
import { momentAt, momentThatPrints, momentTowards } from "./finding.js";
import { nearestMoment, nextMomentAtLine, startOfTurn } from "./finding.js";
import { longestHeader } from "./header.js";
import { copyLink } from "./link.js";
import { momentsOf } from "./moments.js";
import { clickedX } from "./picture.js";
import { buttonOf, piece } from "./pieces.js";
import { Playback } from "./playback.js";
import { chooseTab, followWidth, pressTab } from "./tabs.js";
import { View } from "./view.js";

/** @typedef {import("./moments.js").Moment} Moment */
/** @typedef {import("./record.js").RunRecord} RunRecord */

export class Panel {
  withInternal = false; // whether asyncio's own steps are shown too

  /**
   * @param {HTMLElement} parent of its box
   * @param {RunRecord} record
   * @param {() => void} close
   */
  constructor(parent, record, close) {
    this.record = record;
    this.close = close;
    this.moments = momentsOf(record);
    this.shown = this.visible[0];
    this.view = new View(record, this.moments);
    const box = (this.box = this.view.box);
    this.playback = new Playback(
      buttonOf(box, "play"),
      /** @type {HTMLSelectElement} */ (piece(box, "speed")),
      () => this.playOn(),
    );
    parent.append(box);
    followWidth(box, longestHeader(record, this.visible), () => this.show(this.shown));
    this.listen();
  }

  /** The moments that can be shown. */
  get visible() {
    return this.moments.filter(({ internal }) => this.withInternal || !internal);
  }

  /** Index of the moment that is shown among those. */
  get at() {
    return this.visible.indexOf(this.shown);
  }

  listen() {
    const { box, moments } = this;
    const { svg } = this.view;
    box.addEventListener("click", (event) => this.clicked(event));
    box.addEventListener("keydown", (event) => this.pressed(event));
    const slider = /** @type {HTMLInputElement} */ (piece(box, "slider"));
    slider.addEventListener("input", () => this.jump(startOfTurn(moments, Number(slider.value))));
    const unfold = /** @type {HTMLInputElement} */ (piece(box, "unfold"));
    unfold.addEventListener("change", () => {
      this.withInternal = unfold.checked;
      const rest = moments.slice(moments.indexOf(this.shown));
      this.jump(rest.find((moment) => this.visible.includes(moment)) ?? this.visible[0]);
    });
    svg?.addEventListener("click", (event) => {
      this.jump(nearestMoment(this.visible, clickedX(svg, event)));
    });
  }

  focus() {
    buttonOf(this.box, "next").focus({ preventScroll: true });
  }

  /** @param {Moment} moment */
  show(moment) {
    this.shown = moment;
    this.view.show(moment, this.visible, this.withInternal);
  }

  /** @param {string} address */
  showAddress(address) {
    this.show(momentAt(this.visible, address));
  }

  /** @param {Moment | undefined} moment if there is one to go to */
  jump(moment) {
    this.playback.pause();
    if (moment) this.show(moment);
  }

  playOn() {
    const rest = this.visible.slice(this.at + 1).filter(({ event }) => event.kind !== "line");
    if (rest.length) this.show(rest[0]);
    return rest.length > 1;
  }

  /** @param {import("./controls.js").Command} command */
  obey(command) {
    const { box, playback, record, shown, visible } = this;
    const menu = piece(box, "menu");
    if (command === "play" && !playback.playing) {
      if (this.at === visible.length - 1) this.show(visible[0]);
      playback.play();
      return;
    }
    playback.pause();
    if (command === "link") {
      copyLink(buttonOf(box, "link"), record.page, shown.address);
    } else if (command === "more") {
      showMenu(box, menu.hidden);
    } else if (command === "close" && !menu.hidden) {
      showMenu(box, false);
      buttonOf(box, "more").focus();
    } else if (command === "close") {
      this.close();
    } else if (command !== "play") {
      this.jump(momentTowards(visible, this.at, command));
    }
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (!target.closest(".stepper-tools")) showMenu(this.box, false);
    const command = commandOfButton(target);
    if (command) {
      if (command === "close") showMenu(this.box, false);
      this.obey(command);
      return;
    }
    const [tab, printed, line] = ["tab", "out", "line"].map((name) =>
      /** @type {HTMLElement | null} */ (target.closest(`[data-${name}]`))?.dataset[name]);
    const { at, record, visible } = this;
    if (target.matches("[role=tab]") && tab) chooseTab(this.box, tab);
    if (printed) this.jump(momentThatPrints(visible, Number(printed)));
    if (line) this.jump(nextMomentAtLine(visible, at, Number(line), record.output));
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const command = commandOfKey(event);
    if (!pressTab(this.box, event)) {
      if (!command) return;
      this.obey(command);
    }
    event.preventDefault();
    event.stopPropagation();
  }
}
