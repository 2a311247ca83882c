// Keys: Ctrl/Cmd-K searches, / goes to the list's filter, j and k walk rows, ? shows all, Esc closes.
const palette = document.getElementById("palette");
const input = palette?.querySelector("input");
const results = palette?.querySelector("[data-results]");

const typing = (target) =>
  target.isContentEditable ||
  target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select");

function openPalette() {
  if (!palette || palette.open) return;
  palette.showModal();
  input.select();
}

// The link of a row: one stop of j and k.
const stops = () =>
  [...document.querySelectorAll("[data-row] a.item__title, tbody a.rowlink")].filter(
    (link) => link.offsetParent,
  );

function walk(step) {
  const links = stops();
  if (!links.length) return;
  const here = links.findIndex((link) => link.closest("[data-row], tr")?.contains(document.activeElement));
  const next =
    here < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(here + step, 0), links.length - 1);
  links[next].focus();
  links[next].scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "/") focusFilter(event);
  else if (event.key === "?") document.getElementById("keys")?.showModal();
  else if (event.key === "j") walk(1);
  else if (event.key === "k") walk(-1);
});

function focusFilter(event) {
  const filter = document.querySelector("[data-filter], .filters input[type=search]");
  event.preventDefault();
  if (filter) filter.select();
  else openPalette();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-search]")) openPalette();
});

// Inside the palette the arrows move a mark while the words stay in the input, as in a listbox.
const hits = () => [...results.querySelectorAll("a")];

function mark(place) {
  const all = hits();
  all.forEach((hit, number) => {
    hit.setAttribute("role", "option");
    hit.id ||= `hit-${number}`;
    hit.setAttribute("aria-selected", String(number === place));
  });
  if (all[place]) {
    input.setAttribute("aria-activedescendant", all[place].id);
    all[place].scrollIntoView({ block: "nearest" });
  } else input.removeAttribute("aria-activedescendant");
}

results?.addEventListener("htmx:afterSwap", () => mark(0));
input?.addEventListener("keydown", (event) => {
  const all = hits();
  const here = all.findIndex((hit) => hit.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown") mark(Math.min(here + 1, all.length - 1));
  else if (event.key === "ArrowUp") mark(Math.max(here - 1, 0));
  else if (event.key === "Enter") all[Math.max(here, 0)]?.click();
  else if (event.key === "Escape")
    palette.close(); // else the first Esc would only empty the input
  else return;
  event.preventDefault();
});
