/** What is under way is not begun a second time, however often somebody presses. */

const underWay = new Set();

/** Do `work()` under a name, with its `buttons` shown as busy. Resolves to null when it is under way already. */
export async function once(name, buttons, work) {
  if (underWay.has(name)) {
    return null;
  }
  underWay.add(name);
  const pressed = [...buttons];
  pressed.forEach((button) => button.setAttribute("aria-busy", "true"));
  try {
    return await work();
  } finally {
    underWay.delete(name);
    pressed.forEach((button) => button.removeAttribute("aria-busy"));
  }
}
