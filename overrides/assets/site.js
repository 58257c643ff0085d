// What pages do beyond the theme: they explain terms in place, and print with or without answers.
// Everything listens on the document, since the theme replaces a page's content without loading it anew.

// A term's note is shown beside its link: while a mouse or the keyboard is on either, or from a
// click until the next one elsewhere. Without this, or without popovers, the link leads to the glossary.
const term = {
  link: null, note: null, pinned: false, timer: 0,

  open(link, pinned) {
    clearTimeout(this.timer);
    if (this.link !== link) {
      this.close();
      const note = document.getElementById(link.getAttribute("aria-describedby"))?.parentElement;
      if (!note) return;
      if (note.childElementCount === 1) {
        const more = document.createElement("a");
        [more.href, more.textContent] = [link.href, "In the glossary"];
        note.append(more);
      }
      link.after(note); // so that the tab key leads from one to the other
      note.showPopover();
      place(note, link);
      [this.link, this.note] = [link, note];
    }
    this.pinned = pinned || this.pinned;
  },

  close() {
    clearTimeout(this.timer);
    if (this.note?.isConnected && this.note.matches(":popover-open")) this.note.hidePopover();
    this.link = this.note = null;
    this.pinned = false;
  },

  has(target) {
    return Boolean(this.link?.contains(target) || this.note?.contains(target));
  },
};

function place(note, link) {
  const box = link.getClientRects()[0], room = document.documentElement, gap = 6;
  const left = Math.min(box.left, room.clientWidth - note.offsetWidth - 12);
  const below = box.bottom + gap + note.offsetHeight < room.clientHeight;
  const top = below ? link.getBoundingClientRect().bottom + gap : box.top - gap - note.offsetHeight;
  note.style.left = `${Math.max(12, left) + scrollX}px`;
  note.style.top = `${top + scrollY}px`;
}

// Without a description, as on the pages on the articles, a term is a link like any other.
const explained = "a.term[aria-describedby]";
const termAt = (event) => (event.target instanceof Element ? event.target.closest(explained) : null);

if ("popover" in HTMLElement.prototype) {
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    const link = termAt(event);
    if (term.has(event.target)) {
      clearTimeout(term.timer);
    } else if (!term.pinned) {
      clearTimeout(term.timer);
      const leave = () => term.has(document.activeElement) || term.close();
      term.timer = setTimeout(() => (link ? term.open(link, false) : leave()), link ? 150 : 300);
    }
  });
  document.addEventListener("focusin", (event) => {
    const link = termAt(event);
    if (link?.matches(":focus-visible")) term.open(link, false);
    else if (term.link && !term.has(event.target)) term.close();
  });
  // Before the theme, which would follow the link.
  document.addEventListener("click", (event) => {
    const link = termAt(event);
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) {
      if (term.link && !term.has(event.target)) term.close();
      return;
    }
    const isOpen = term.link === link;
    if (isOpen && event.detail === 0) return; // the keyboard, and the note has been shown
    event.preventDefault();
    event.stopPropagation();
    if (isOpen && term.pinned) term.close();
    else term.open(link, true);
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !term.link) return;
    if (term.note.contains(document.activeElement)) term.link.focus();
    term.close();
  });
  addEventListener("resize", () => term.close());
}

// On paper, folds are as they are on the screen, or all open, or all closed, as the reader asked.
// The theme opens all of them when it prints, so those that were closed are marked, and hidden.
const open = new WeakSet(document.querySelectorAll("details[open]"));
let answers = null, printing = false;
document.addEventListener("toggle", ({ target }) => {
  if (!printing && target instanceof HTMLDetailsElement) open[target.open ? "add" : "delete"](target);
}, true);
addEventListener("beforeprint", () => {
  printing = true;
  for (const fold of document.querySelectorAll("article details")) {
    const isShown = answers === null || fold.matches(".run-legend, .page-answers") ? open.has(fold) : answers;
    fold.toggleAttribute("data-folded", !isShown);
  }
});
addEventListener("afterprint", () => {
  printing = false;
  answers = null;
});
document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-print]") : null;
  if (!button) return;
  answers = button.dataset.print === "answers";
  print();
});

// What only one kind of page needs is loaded there, also when the theme replaces a page's content.
globalThis.document$?.subscribe(() => {
  if (document.querySelector("example-filter")) import("./gallery.js");
  if (document.querySelector("not-found")) import("./not-found.js");
});

// The box of the error index. What answers in it is loaded when a reader first turns to it.
const finder = (event) => event.target instanceof Element && event.target.closest(".error-finder textarea");
const loadFinder = () => import("./error-finder.js");
document.addEventListener("focusin", (event) => finder(event) && loadFinder());
document.addEventListener("input", async (event) => {
  const box = finder(event);
  if (box) (await loadFinder()).answer(box);
});
document.addEventListener("submit", (event) => event.target.matches(".error-finder") && event.preventDefault());
