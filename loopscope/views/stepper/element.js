// The element `<loop-stepper>`: a button that opens the stepper of a run.

import { stepInAddress } from "./link.js";
import { Panel } from "./panel.js";
import { readRecord } from "./record.js";

/**
 * With `data-step="7"` it opens by itself at that step, once it is seen. It sends `step` after
 * each move, with the index of the moment as detail.
 */
class LoopStepper extends HTMLElement {
  /** @type {Panel | undefined} */ panel = undefined;
  /** @type {Promise<Panel | undefined> | undefined} */ opening = undefined;
  /** @type {IntersectionObserver | undefined} */ seen = undefined;
  onHashChange = () => this.followAddress();

  connectedCallback() {
    if (this.querySelector(".stepper-open, .stepper")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "stepper-open";
    button.textContent = "Step through it";
    button.addEventListener("click", () => this.open());
    this.append(button);
    addEventListener("hashchange", this.onHashChange);
    this.followAddress();
    if (this.dataset.step) this.openOnceSeen(Number(this.dataset.step));
  }

  disconnectedCallback() {
    this.seen?.disconnect();
    removeEventListener("hashchange", this.onHashChange);
    this.panel?.playback.pause();
  }

  /** @param {number} step */
  openOnceSeen(step) {
    this.seen = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      this.seen?.disconnect();
      if (!this.panel) this.open(step - 1, { focus: false });
    });
    this.seen.observe(this);
  }

  followAddress() {
    const asked = stepInAddress();
    if (!asked) return;
    /** @type {Element | null} */ const first = document.querySelector("loop-stepper");
    const meant = asked.example ? asked.example === this.dataset.example : first === this;
    if (!meant) return;
    this.unfold();
    this.open(asked.step - 1, { scroll: true });
  }

  /** Opens the folds around it, outermost included. */
  unfold() {
    for (let fold = this.closest("details"); fold; ) {
      fold.open = true;
      fold = fold.parentElement?.closest("details") ?? null;
    }
  }

  /** At the step with this index, or at the nearest that there is. */
  async open(index = 0, { scroll = false, focus = true } = {}) {
    // Once, however often it is asked to open while the record is on its way.
    this.opening ??= this.load();
    const panel = await this.opening;
    if (!panel) return;
    panel.showStep(index + 1);
    if (focus) panel.focus();
    if (scroll) this.scrollIntoView({ block: "start" });
  }

  /** @returns {Promise<Panel | undefined>} undefined if there is no record; the element then says so */
  async load() {
    this.querySelector(":scope > [role=alert]")?.remove();
    let record;
    try {
      record = await readRecord(this);
    } catch (problem) {
      const alert = document.createElement("p");
      alert.setAttribute("role", "alert");
      alert.textContent =
        `The record of this run could not be fetched (${problem}). Try again later.`;
      this.append(alert);
      this.opening = undefined; // so that it can be tried again
      return undefined;
    }
    this.querySelector(".stepper-open")?.remove();
    // The stepper has a timeline of its own.
    this.parentElement?.querySelector(":scope > .run-picture")?.setAttribute("hidden", "");
    this.panel = new Panel(this, record);
    return this.panel;
  }
}

if (!customElements.get("loop-stepper")) customElements.define("loop-stepper", LoopStepper);
