// The board: drag a card, or walk with the arrows and move with Shift; the server decides both.
const { each, load } = window.huike;
const cardOf = (element) => element.closest("[data-card]");
const board = () => document.querySelector("[data-kanban]");
let lastKey = null;

function reload() {
  return window.htmx.ajax("GET", window.location.href, { target: "#pipeline", swap: "innerHTML" });
}

// The answer is a dialog with what is missing, or the board is drawn anew (pipeline-moved).
function move(card, stage) {
  lastKey = card.dataset.key;
  return window.htmx.ajax("POST", card.dataset.move, {
    target: "#dialog-place",
    swap: "innerHTML",
    values: { to: stage, version: card.dataset.version },
  });
}

document.addEventListener("pipeline-moved", (event) => {
  lastKey = String(event.detail.pk);
  reload();
});

// A tick in the dialog changes the row: its card must not be taken for an old one afterwards.
document.addEventListener("pipeline-saved", (event) => {
  const card = document.querySelector(`[data-card][data-key="${event.detail.pk}"]`);
  if (card) card.dataset.version = event.detail.version;
});

// Somebody else was faster: the toast says so, and the board shows where the card is now.
document.addEventListener("htmx:responseError", (event) => {
  if (board() && event.detail.xhr.status === 409) reload();
});

each("[data-kanban][data-moves] [data-column]", async (list) => {
  await load("sortable");
  window.Sortable.create(list, {
    group: "pipeline",
    animation: 0,
    sort: false,
    delay: 150,
    delayOnTouchOnly: true,
    draggable: "[data-card]",
    filter: ".btn",
    preventOnFilter: false,
    onEnd({ item, from, to, oldDraggableIndex }) {
      if (from === to) return;
      from.insertBefore(item, from.querySelectorAll("[data-card]")[oldDraggableIndex] || null);
      move(item, to.dataset.column);
    },
  });
});

each("[data-kanban]", () => {
  if (!lastKey) return;
  const card = board()?.querySelector(`[data-card][data-key="${lastKey}"]`);
  card?.querySelector(".kanban__name").focus();
  const says = document.querySelector("[data-kanban-says]");
  if (card && says) {
    const column = card.closest(".kanban__column").querySelector(".kanban__title a");
    says.textContent = `${card.querySelector(".kanban__name").textContent}: ${column.textContent}`;
  }
  lastKey = null;
});

// The answer to a form of this kind is a file: the page stays, only the question goes.
document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented && event.target.matches("form[data-file]"))
    setTimeout(() => event.target.closest("dialog")?.close());
});

// Rows of the list are ticked one by one or all at once; the button says how many there are.
function tellPicked(name) {
  const boxes = [...document.querySelectorAll(`input[type="checkbox"][name="${name}"]`)];
  const count = boxes.filter((box) => box.checked).length;
  const all = document.querySelector(`[data-pick-all="${name}"]`);
  if (all) [all.checked, all.indeterminate] = [count === boxes.length, count > 0 && count < boxes.length];
  for (const button of document.querySelectorAll(`[data-picked="${name}"]`)) {
    button.disabled = count === 0;
    button.dataset.count = count || "";
  }
}
document.addEventListener("change", ({ target }) => {
  const name = target.dataset.pickAll || (target.form?.id === "picked" && target.name);
  if (!name) return;
  if (target.dataset.pickAll)
    for (const box of document.querySelectorAll(`input[type="checkbox"][name="${name}"]`)) box.checked = target.checked;
  tellPicked(name);
});
each("[data-picked]", (button) => tellPicked(button.dataset.picked));

const columns = () => [...document.querySelectorAll("[data-column]")];
const cardsOf = (column) => [...column.querySelectorAll("[data-card]")];
const focusCard = (card) => card?.querySelector(".kanban__name").focus();

function beside(card, step) {
  const all = columns();
  const row = cardsOf(card.parentElement).indexOf(card);
  for (let place = all.indexOf(card.parentElement) + step; all[place]; place += step) {
    const cards = cardsOf(all[place]);
    if (cards.length) return cards[Math.min(row, cards.length - 1)];
  }
  return null;
}

document.addEventListener("keydown", (event) => {
  const card = event.target.closest(".kanban__name") && cardOf(event.target);
  if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
  const sideways = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const down = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const canMove = board().hasAttribute("data-moves");
  if (sideways && event.shiftKey) {
    if (!canMove) return;
    const target = columns()[columns().indexOf(card.parentElement) + sideways];
    if (target) move(card, target.dataset.column);
  } else if (sideways) focusCard(beside(card, sideways));
  else if (down) {
    const cards = cardsOf(card.parentElement);
    focusCard(cards[cards.indexOf(card) + down]);
  } else if (event.key === "m" && canMove) card.querySelector(".kanban__move")?.click();
  else return;
  event.preventDefault();
});
