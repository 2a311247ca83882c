/* The week plan and the brief: a stop's menu closes when another opens; a button prints. */
document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!(menu instanceof HTMLDetailsElement) || !menu.open || !menu.matches(".plan-stop .menu")) return;
  for (const other of document.querySelectorAll(".plan-stop .menu[open]")) {
    if (other !== menu) other.open = false;
  }
}, true);
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
