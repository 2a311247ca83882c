// Runs before the first paint, as a plain script in <head>: a page never flashes in the wrong theme.
// The choice is the user's setting on the server; "system" follows the device.
(function () {
  const root = document.documentElement;
  const device = window.matchMedia("(prefers-color-scheme: dark)");

  function apply() {
    const choice = root.dataset.theme || "system";
    show(choice === "system" ? (device.matches ? "dark" : "light") : choice);
  }

  function show(theme) {
    if (root.dataset.bsTheme === theme) return;
    root.dataset.bsTheme = theme;
    document.dispatchEvent(new CustomEvent("huike:theme", { detail: theme }));
  }

  apply();
  root.classList.remove("js-off");
  device.addEventListener("change", apply);
  // Paper is white: charts are drawn again in the light colours, and back afterwards.
  window.addEventListener("beforeprint", () => show("light"));
  window.addEventListener("afterprint", apply);
  // Theme buttons: show it at once; the form behind the button tells the server.
  document.addEventListener("click", (click) => {
    const button = click.target.closest("[data-set-theme]");
    if (!button) return;
    root.dataset.theme = button.dataset.setTheme;
    apply();
    for (const one of document.querySelectorAll("[data-set-theme]"))
      one.setAttribute("aria-pressed", String(one.dataset.setTheme === root.dataset.theme));
  });
})();
