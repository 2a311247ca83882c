// The today queue: a dialog closes when its form was taken and says so itself when it was not, the
// focus goes on to what comes next, distances start at the device.
const { words } = window.huike;

const inDialog = (element) => element.closest?.("dialog form");

function say(form, message) {
  let place = form.querySelector("[data-refused]");
  if (!place) {
    place = document.createElement("p");
    place.className = "bad-text strong";
    place.dataset.refused = "";
    place.setAttribute("role", "alert");
    form.prepend(place);
  }
  place.textContent = message;
}

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest?.("form[data-closes-dialog]");
  if (form && event.detail.successful && event.detail.xhr.status !== 422) form.closest("dialog")?.close();
});

// Behind an open dialog nobody sees a toast: what went wrong stands where the words were typed.
document.addEventListener("htmx:responseError", (event) => {
  const form = inDialog(event.detail.elt);
  const answer = event.detail.xhr;
  if (!form || answer.status === 401) return;
  const isPlain = answer.getResponseHeader("Content-Type")?.startsWith("text/plain");
  say(form, (isPlain && answer.responseText) || words.problems[answer.status] || words.problems.other);
});
for (const [name, problem] of [["htmx:sendError", "offline"], ["htmx:timeout", "slow"]])
  document.addEventListener(name, (event) => {
    const form = inDialog(event.detail.elt);
    if (form) say(form, words.problems[problem]);
  });

// With the keyboard: the wrong field, else the first one (a phone keeps its keyboard down); after a row is done the next one.
document.addEventListener("htmx:afterSettle", (event) => {
  const place = event.detail.target;
  if (place.id !== "dialog-place") return;
  const wrong = place.querySelector("[aria-invalid=true], .field--wrong input");
  const first = place.querySelector(".queue__do :is(input:not([type=hidden]), textarea, select)");
  if (wrong) wrong.focus();
  else if (matchMedia("(pointer: fine)").matches) first?.focus();
});
document.addEventListener("htmx:load", (event) => {
  const row = event.detail.elt.closest?.("[data-row]");
  if (!row || document.activeElement !== document.body) return;
  const places = [row, row.nextElementSibling, row.previousElementSibling];
  const names = places.map((place) => place?.querySelector("a.item__title"));
  (names.find(Boolean) || row.querySelector("button, a"))?.focus();
});

// The last row of the page is done: the next ones come by themselves.
document.addEventListener("htmx:load", (event) => {
  if (!event.detail.elt.matches?.("[data-queue-done]")) return;
  const left = document.querySelector("#queue [data-row]:not([data-queue-done])");
  if (!left && document.querySelector("#queue [data-more]"))
    window.htmx.ajax("GET", window.location.href, { target: "#queue", swap: "innerHTML" });
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
