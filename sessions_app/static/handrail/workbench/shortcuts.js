/** One-key commands. They keep quiet while somebody writes, or while a dialog is open. */

const WRITES = "input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]";

/** `commands` maps a key to a function; `?` opens the sheet that lists them. */
export function listen(commands) {
  const all = { "?": showSheet, ...commands };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) {
      return;
    }
    if (event.target.closest?.(WRITES) || document.querySelector("dialog[open]")) {
      return;
    }
    const command = all[event.key];
    if (command) {
      event.preventDefault();
      command(event);
    }
  });
  for (const button of document.querySelectorAll('[data-action="shortcuts"]')) {
    button.addEventListener("click", showSheet);
  }
}

function showSheet() {
  document.getElementById("shortcuts").showModal();
}
