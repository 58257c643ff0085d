// Moves from moment to moment at the chosen speed, until it is paused or there is none left.

import { setLabel } from "./pieces.js";

export class Playback {
  /** @type {ReturnType<typeof setTimeout> | undefined} */ timer = undefined;

  /**
   * @param {HTMLElement} button
   * @param {HTMLSelectElement} speed milliseconds a moment
   * @param {() => boolean} goOn goes to the next moment; false if that is the last
   */
  constructor(button, speed, goOn) {
    this.button = button;
    this.speed = speed;
    this.goOn = goOn;
  }

  get playing() {
    return this.timer !== undefined;
  }

  play() {
    setLabel(this.button, "❚❚", "Pause");
    this.wait();
  }

  pause() {
    clearTimeout(this.timer);
    this.timer = undefined;
    setLabel(this.button, "▶", "Play");
  }

  wait() {
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (this.goOn()) this.wait();
      else this.pause();
    }, Number(this.speed.value));
  }
}
