// The theme somebody chose: "auto", "light" or "dark", remembered in this browser.
//
// A classic script in the head, and not a module: it must have run before the first thing is painted,
// or a dark page would begin with a white flash.
(() => {
  const KEY = "handrail-theme";
  const THEMES = ["auto", "light", "dark"];
  const root = document.documentElement;

  const remembered = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null; // This browser keeps nothing for us: the theme lasts as long as the page.
    }
  };

  const remember = (theme) => {
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // As above.
    }
  };

  const show = (theme) => {
    root.dataset.theme = THEMES.includes(theme) ? theme : "auto";
    for (const button of document.querySelectorAll("[data-set-theme]")) {
      button.setAttribute("aria-pressed", String(button.dataset.setTheme === root.dataset.theme));
    }
  };

  show(remembered());
  document.addEventListener("DOMContentLoaded", () => show(root.dataset.theme));
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-set-theme]");
    if (button) {
      remember(button.dataset.setTheme);
      show(button.dataset.setTheme);
    }
  });
  // Another tab has chosen.
  addEventListener("storage", (event) => {
    if (event.key === KEY) show(event.newValue);
  });
})();
