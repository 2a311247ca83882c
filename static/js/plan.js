/* The week plan: the menu of a stop closes when another one opens. */
document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!(menu instanceof HTMLDetailsElement) || !menu.open || !menu.matches(".plan-stop .menu")) return;
  for (const other of document.querySelectorAll(".plan-stop .menu[open]")) {
    if (other !== menu) other.open = false;
  }
}, true);
