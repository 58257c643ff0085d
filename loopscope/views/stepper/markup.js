// Turns texts of a record into HTML.

/** @param {string} text */
export function escaped(text) {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** @param {string} text with code in backquotes */
export function sentence(text) {
  return escaped(text).replace(/`([^`]*)`/g, "<code>$1</code>");
}

/** @param {number} time */
export function seconds(time) {
  return `${time.toFixed(3)} s`;
}
