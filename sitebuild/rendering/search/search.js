// The search before it is opened. What finds and shows pages is fetched when a reader clicks the box
// or moves to it, or presses `/`, `s` or `f`.

/** @type {HTMLInputElement | null} */
const box = document.querySelector(".md-search__input");
/** @type {HTMLInputElement | null} the theme shows the search while it is checked */
const toggle = document.querySelector("#__search");
const search = {
  /** @type {Promise<void> | undefined} */
  loading: undefined,

  load() {
    this.loading ??= Promise.all([
      import("./search-engine.js"),
      import("./minisearch.js"),
      fetch(new URL("search-pages.json", import.meta.url)).then((answer) => answer.json()),
    ]).then(
      ([engine, { default: MiniSearch }, pages]) => engine.start(MiniSearch, pages),
      () => this.fail(),
    );
  },

  fail() {
    this.loading = undefined; // so that it can be tried again
    const status = document.querySelector(".search-status");
    if (status) status.textContent = "Search could not be loaded. Enter leads to all questions.";
  },

  open() {
    if (!toggle?.checked) toggle?.click();
    this.load();
  },
};

/** @param {EventTarget | null} target */
function takesText(target) {
  const fields = "input, textarea, select, [contenteditable]";
  return target instanceof Element && target.closest(fields) !== null;
}

// The theme keeps the box while a reader moves from page to page: no address in it may be relative.
if (box?.form) box.form.setAttribute("action", box.form.action);
/** @type {HTMLAnchorElement | null} */
const allQuestions = document.querySelector(".search-status a");
allQuestions?.setAttribute("href", allQuestions.href);
box?.addEventListener("focus", () => search.open());
toggle?.addEventListener("change", () => {
  if (toggle.checked) box?.focus();
  else if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
});
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && toggle?.checked) toggle.click();
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (!isPlain || !["/", "s", "f"].includes(event.key) || takesText(event.target)) return;
  event.preventDefault(); // or the key would be typed into the box
  box?.focus();
});
if (box && document.activeElement === box) search.open(); // the reader was quicker than this script
