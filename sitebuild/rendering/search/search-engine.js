// The opened search: shows the pages that are found while a reader types.

import { Index } from "./index.js";
import { resultElement } from "./results.js";

/** @typedef {import("./data.js").PageData} PageData */

const SHOWN = 10;

class Search {
  /** @type {string[][]} of each page's sections, once they are there */ excerpts = [];

  /** @param {Index} index */
  constructor(index) {
    const root = /** @type {HTMLElement} */ (document.querySelector(".md-search"));
    this.root = root;
    this.index = index;
    this.box = /** @type {HTMLInputElement} */ (root.querySelector(".md-search__input"));
    this.list = /** @type {HTMLElement} */ (root.querySelector(".md-search-result__list"));
    this.status = /** @type {HTMLElement} */ (root.querySelector(".search-status"));
    this.hint = this.status.innerHTML;
    this.listen();
    this.show();
  }

  get links() {
    return [...this.list.querySelectorAll("a")];
  }

  listen() {
    this.box.addEventListener("input", () => this.show());
    this.box.form?.addEventListener("reset", () => setTimeout(() => this.show()));
    this.box.form?.addEventListener("submit", (event) => {
      if (!this.links.length) return; // to the page of all questions
      event.preventDefault();
      this.links[0].click();
    });
    this.root.addEventListener("keydown", (event) => this.pressed(event));
    this.list.addEventListener("click", (event) => {
      const isFollowed = !event.ctrlKey && !event.metaKey && !event.shiftKey;
      if (isFollowed && event.target instanceof Element && event.target.closest("a")) this.close();
    });
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const places = [this.box, ...this.links];
    const at = places.findIndex((place) => place === document.activeElement);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const next = at + (event.key === "ArrowDown" ? 1 : -1);
      places[(next + places.length) % places.length].focus();
    } else if (at > 0 && /^\S$/.test(event.key) && !event.ctrlKey && !event.metaKey) {
      this.box.focus(); // where the key is then typed
    }
  }

  close() {
    const toggle = /** @type {HTMLInputElement | null} */ (document.getElementById("__search"));
    if (toggle?.checked) toggle.click();
  }

  show() {
    const query = this.box.value.trim();
    const hits = query ? this.index.find(query) : [];
    this.list.replaceChildren(...hits.slice(0, SHOWN).map((hit) =>
      resultElement(this.index.pages[hit.page], hit, this.excerpts[hit.page]?.[hit.section])));
    if (query) this.status.textContent = foundText(hits.length);
    else this.status.innerHTML = this.hint;
  }
}

/** @param {number} count of pages */
function foundText(count) {
  if (count === 0) return "No page found. Enter leads to a list of all questions.";
  if (count > SHOWN) return `The best ${SHOWN} of ${count} pages`;
  return count === 1 ? "1 page" : `${count} pages`;
}

/**
 * @param {typeof import("./minisearch.js").default} MiniSearch
 * @param {PageData[]} pages
 */
export async function start(MiniSearch, pages) {
  const search = new Search(new Index(MiniSearch, pages));
  // Half of all the data, and what was found can be shown without it.
  const excerpts = fetch(new URL("search-excerpts.json", import.meta.url));
  search.excerpts = await excerpts.then((answer) => answer.json()).catch(() => []);
  if (document.activeElement === search.box) search.show();
}
