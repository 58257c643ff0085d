// Answers what a reader pastes into the box of the error index. Nothing leaves the page.

import { match } from "./error-matching.js";

const MOST = 4; // answers to one paste
const UNKNOWN = "No page here knows this message. Try the search with a few words of it; the class of an exception alone is seldom enough.";

/**
 * Say below the box which of the messages listed on the page a text contains.
 * @param {HTMLTextAreaElement} box
 */
export function answer(box) {
  const status = box.form.querySelector('[role="status"]');
  const found = match(box.value).slice(0, MOST).map(linkTo).filter(Boolean);
  if (!box.value.trim()) status.replaceChildren();
  else if (found.length) status.replaceChildren(paragraph(found.length > 1 ? "Found, the most telling first:" : "Found:"), list(found));
  else status.replaceChildren(paragraph(UNKNOWN));
}

/** A copy of the link to a message in the list below the box. */
function linkTo(id) {
  const listed = [...document.querySelectorAll("article li > a")];
  return listed.find((link) => new URL(link.href).pathname.endsWith(`/${id}/`))?.cloneNode(true);
}

function paragraph(text) {
  const element = document.createElement("p");
  element.textContent = text;
  return element;
}

function list(links) {
  const element = document.createElement("ul");
  for (const link of links) element.appendChild(document.createElement("li")).append(link);
  return element;
}
