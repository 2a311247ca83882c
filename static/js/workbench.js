// The today queue: a dialog closes when its form was taken; distances start at the device.
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest?.("form[data-closes-dialog]");
  if (form && event.detail.successful) form.closest("dialog")?.close();
});

// Without a position, or without leave to ask for it, the list starts at the unit's own place.
document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest?.("a[data-near]");
    if (!link || !navigator.geolocation || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const open = (more) =>
      window.htmx.ajax("GET", `${link.getAttribute("href")}${more}`, { target: "#queue", swap: "innerHTML" });
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => open(`&lat=${coords.latitude.toFixed(5)}&lon=${coords.longitude.toFixed(5)}`),
      () => open(""),
      { maximumAge: 300000, timeout: 4000 },
    );
  },
  true,
);
