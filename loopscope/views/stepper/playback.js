// Moves from step to step at the chosen speed, until it is paused or reaches the last step.

export class Playback {
  /** @type {ReturnType<typeof setTimeout> | undefined} */ timer = undefined;

  /**
   * @param {HTMLElement} button
   * @param {HTMLSelectElement} speed milliseconds a step
   * @param {() => boolean} goOn goes to the next step; false if it is the last
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
    this.button.setAttribute("aria-label", "Pause");
    this.button.textContent = "❚❚";
    this.wait();
  }

  pause() {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.button.setAttribute("aria-label", "Play");
    this.button.textContent = "▶▶";
  }

  wait() {
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (this.goOn()) this.wait();
      else this.pause();
    }, Number(this.speed.value));
  }
}
