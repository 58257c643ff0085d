// The element `<loop-stepper>`: a button that opens the stepper of a run.

import { momentInAddress } from "./address.js";
import { readRecord } from "./record.js";

/** @typedef {import("./stepper-panel.js").Panel} Panel */
/** @typedef {() => Promise<typeof import("./stepper-panel.js")>} LoadPanel */

/** With `data-step="7"` it opens by itself where turn 7 stops, once it is seen. */
class LoopStepper extends HTMLElement {
  /** @type {LoadPanel} */ static loadPanel;
  /** @type {Panel | undefined} */ panel = undefined;
  /** @type {Promise<Panel | undefined> | undefined} */ opening = undefined;
  /** @type {IntersectionObserver | undefined} */ seen = undefined;
  onHashChange = () => this.followAddress();

  connectedCallback() {
    if (this.querySelector(".stepper-open, .stepper")) return;
    this.addButton();
    addEventListener("hashchange", this.onHashChange);
    this.followAddress();
    if (this.dataset.step) this.openOnceSeen(this.dataset.step);
  }

  disconnectedCallback() {
    this.seen?.disconnect();
    removeEventListener("hashchange", this.onHashChange);
    this.panel?.playback.pause();
  }

  addButton() {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "stepper-open";
    button.textContent = "Step through it";
    button.addEventListener("click", () => this.open(this.dataset.step, { scroll: "nearest" }));
    this.append(button);
    return button;
  }

  /** @param {string} address */
  openOnceSeen(address) {
    this.seen = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      this.seen?.disconnect();
      if (!this.panel) this.open(address, { focus: false });
    });
    this.seen.observe(this);
  }

  followAddress() {
    const asked = momentInAddress();
    if (!asked) return;
    /** @type {Element | null} */ const first = document.querySelector("loop-stepper");
    const meant = asked.example ? asked.example === this.dataset.example : first === this;
    if (!meant) return;
    this.unfold();
    this.open(asked.address, { scroll: "start" });
  }

  /** Opens the folds around it, outermost included. */
  unfold() {
    for (let fold = this.closest("details"); fold; ) {
      fold.open = true;
      fold = fold.parentElement?.closest("details") ?? null;
    }
  }

  /**
   * @param {string} [address] of the moment at which it opens
   * @param {{ scroll?: ScrollLogicalPosition, focus?: boolean }} how
   */
  async open(address = "0", { scroll = undefined, focus = true } = {}) {
    // Once, however often it is asked to open while the record is on its way.
    this.opening ??= this.load();
    const panel = await this.opening;
    if (!panel) return;
    panel.showAddress(address);
    if (focus) panel.focus();
    if (scroll) this.scrollIntoView({ block: scroll });
  }

  /** @returns {Promise<Panel | undefined>} undefined if it cannot be loaded; it then says so */
  async load() {
    this.querySelector(":scope > [role=alert]")?.remove();
    let loaded;
    try {
      loaded = await Promise.all([LoopStepper.loadPanel(), readRecord(this)]);
    } catch (problem) {
      const alert = document.createElement("p");
      alert.setAttribute("role", "alert");
      alert.textContent =
        `The steps of this run could not be fetched (${problem}). Try again later.`;
      this.append(alert);
      this.opening = undefined; // so that it can be tried again
      return undefined;
    }
    this.seen?.disconnect();
    this.querySelector(".stepper-open")?.remove();
    this.showPicture(false); // the stepper has a timeline of its own
    const [{ Panel }, record] = loaded;
    this.panel = new Panel(this, record, () => this.close());
    return this.panel;
  }

  close() {
    this.panel?.box.remove();
    this.panel = this.opening = undefined;
    this.showPicture(true);
    this.addButton().focus();
  }

  /** @param {boolean} shown */
  showPicture(shown) {
    this.parentElement?.querySelector(":scope > .run-picture")?.toggleAttribute("hidden", !shown);
  }
}

/** @param {LoadPanel} loadPanel loads the opened stepper, which most visits never need */
export function defineStepper(loadPanel) {
  LoopStepper.loadPanel = loadPanel;
  if (!customElements.get("loop-stepper")) customElements.define("loop-stepper", LoopStepper);
}
