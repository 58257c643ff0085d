// Finds error messages in a pasted traceback or log. Pure, so that a search can use it too.

import { PATTERNS } from "./error-patterns.js"; // made from docs/reference/errors/messages.toml

const MOST_CHARACTERS = 200_000; // of a paste, from its end, where the exception is

const compiled = Object.entries(PATTERNS).flatMap(([id, sources]) =>
  sources.map((source) => ({ id, pattern: new RegExp(source), weight: weigh(source) })));

// An exception without a message has no space in its pattern, and says least.
function weigh(source) {
  return source.includes(" ") ? source.length : 0;
}

/**
 * Return the ids of the messages in a text: those whose wording says most come first, and of those
 * that say the same, the last one.
 * @param {string} text
 * @returns {string[]}
 */
export function match(text) {
  const lines = text.slice(-MOST_CHARACTERS).replace(/[‘’]/g, "'").split(/\r\n?|\n/);
  const best = new Map();
  lines.forEach((line, number) => {
    for (const { id, weight } of matchLine(line)) {
      if (weight >= (best.get(id)?.weight ?? 0)) best.set(id, { weight, number });
    }
  });
  return [...best].sort(([, a], [, b]) => b.weight - a.weight || b.number - a.number).map(([id]) => id);
}

/** Return what one line contains, without what is only a part of something else in it. */
function matchLine(line) {
  const found = compiled.flatMap(({ id, pattern, weight }) => {
    const hit = pattern.exec(line);
    return hit ? [{ id, weight, start: hit.index, end: hit.index + hit[0].length }] : [];
  });
  return found.filter(({ start, end }) => !found.some((other) =>
    other.start <= start && end <= other.end && end - start < other.end - other.start));
}
