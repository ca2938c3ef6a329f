/** "Load earlier entries": the same page with more of the log, of which the part before ours is taken. */

/** `take(nodes, entries)` gets the elements and the data of an earlier part. Without it the link is just a link. */
export function loadEarlier(take) {
  const link = document.getElementById("earlier");
  link?.addEventListener("click", async (event) => {
    event.preventDefault();
    if (link.getAttribute("aria-busy") === "true") {
      return;
    }
    link.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(link.href);
      if (!answer.ok || answer.redirected) {
        location.assign(link.href);
        return;
      }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const nodes = [...page.querySelectorAll("#transcript > [data-key]")].map((node) => document.adoptNode(node));
      take(nodes, JSON.parse(page.getElementById("page").textContent).entries);
      const next = page.getElementById("earlier");
      if (next) {
        link.href = next.getAttribute("href");
      } else {
        link.parentElement.remove();
      }
    } catch {
      location.assign(link.href);
    } finally {
      link.removeAttribute("aria-busy");
    }
  });
}
