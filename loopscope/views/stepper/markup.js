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

/**
 * @param {number} task
 * @param {string} name
 * @param {string} [title]
 */
function taskMark(task, name, title) {
  const attribute = title === undefined ? "" : ` title="${escaped(title)}"`;
  return `<i class="task task-${(task - 1) % 6}"${attribute}>${escaped(name)}</i>`;
}

/**
 * A task's name and coroutine.
 * @param {[string, string][]} tasks of the record
 * @param {number} task
 */
export function taskLabel(tasks, task) {
  const [name, coroutine] = tasks[task - 1];
  return `${taskMark(task, name)}<span class="dim">${escaped(coroutine)}</span>`;
}

/**
 * A task's name for the margin, with what the task does there as its title.
 * @param {[string, string][]} tasks of the record
 * @param {number} task
 * @param {string} does
 */
export function taskInMargin(tasks, task, does) {
  const [name, coroutine] = tasks[task - 1];
  return taskMark(task, name, `${coroutine} ${does}`);
}
