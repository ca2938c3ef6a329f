// A form marked data-come-back leads back to where the page is by now: it may have moved on without being loaded again.

document.addEventListener("submit", ({ target }) => {
  if (target.matches("[data-come-back]")) {
    target.elements.namedItem("next").value = location.pathname + location.search;
  }
});
