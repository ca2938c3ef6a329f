/** Where there is no room for it, the panel with the details comes over the transcript when it is asked for. */

export function letSideOpen() {
  const panel = document.getElementById("side");
  const button = document.querySelector('[data-action="side"]');
  const close = panel.querySelector('[data-action="side-close"]');
  const set = (open) => {
    panel.toggleAttribute("data-open", open);
    button.setAttribute("aria-expanded", String(open));
    (open ? close : button).focus();
  };
  button.addEventListener("click", () => set(!panel.hasAttribute("data-open")));
  close.addEventListener("click", () => set(false));
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && panel.hasAttribute("data-open")) {
      set(false);
    }
  });
}
