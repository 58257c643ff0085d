// On the page for wrong addresses: says what was asked for, and offers the addresses that are close.

const COUNT = 4, CLOSE = 0.45;

// What an address says, in words: no host, no suffix, no punctuation.
export function words(address) {
  let text = address;
  try {
    text = decodeURIComponent(address);
  } catch {
    // it is no valid URL, and is compared as it is
  }
  return text.toLowerCase().replace(/(\/?index)?\.(html?|md|py|sh)\b/g, "").split(/[^\p{L}\p{N}]+/u).filter(Boolean);
}

// How alike two texts are, from 0 to 1: how many pairs of neighbouring letters they share.
function likeness(one, other) {
  const pairs = (text) => {
    const padded = ` ${text} `, found = [];
    for (let at = 0; at < padded.length - 1; at++) found.push(padded.slice(at, at + 2));
    return found;
  };
  const ours = pairs(one), theirs = pairs(other), left = [...theirs];
  let shared = 0;
  for (const pair of ours) {
    const at = left.indexOf(pair);
    if (at >= 0) {
      left.splice(at, 1);
      shared++;
    }
  }
  return (2 * shared) / (ours.length + theirs.length);
}

// The addresses closest to one that was asked for, as [address, title]; the last part counts most.
export function closest(asked, addresses) {
  const wanted = words(asked);
  if (!wanted.length) return [];
  const lastOf = (address) => words(address.replace(/\/(index\.html?)?$/, "").split("/").at(-1)).join(" ");
  const last = lastOf(asked), whole = wanted.join(" ");
  const score = ([address, title]) => Math.max(
    likeness(whole, words(address).join(" ")),
    0.95 * likeness(last, lastOf(address)),
    0.7 * likeness(last, words(title).join(" ")),
  );
  return addresses
    .filter(([address]) => address) // the home page is offered anyway
    .map((entry) => [score(entry), entry])
    .filter(([likely]) => likely >= CLOSE)
    .sort(([one], [other]) => other - one)
    .slice(0, COUNT)
    .map(([, entry]) => entry);
}

function element(name, ...content) {
  const made = document.createElement(name);
  made.append(...content);
  return made;
}

if (globalThis.HTMLElement) {
  customElements.define("not-found", class extends HTMLElement {
    async connectedCallback() {
      const list = new URL(this.dataset.addresses, location.href), root = new URL(".", list).pathname;
      const asked = location.pathname.startsWith(root) ? location.pathname.slice(root.length) : location.pathname;
      const input = document.getElementById("not-found-words");
      if (!input.value) input.value = words(asked).join(" ");
      this.replaceChildren(element("p", "You asked for ", element("code", `/${asked}`), "."));
      const found = closest(asked, await (await fetch(list)).json());
      if (!found.length) return;
      const links = found.map(([address, title]) => {
        const link = element("a", title);
        link.href = root + address;
        return element("li", link);
      });
      this.append(element("p", "Did you mean one of these?"), element("ul", ...links));
    }
  });
}
