// Arrow keys walk the cells of a table with data-grid; Home and End go to the ends of its row.
const STEPS = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };

document.addEventListener("keydown", (event) => {
  const cell = event.target.closest("[data-grid] td, [data-grid] th");
  if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
  const target = STEPS[event.key] ? beside(cell, STEPS[event.key]) : atEnd(cell, event.key);
  if (!target) return;
  event.preventDefault();
  target.focus();
});

function beside(cell, [down, right]) {
  const rows = [...cell.closest("tbody").rows];
  let row = rows.indexOf(cell.parentElement);
  let column = cell.cellIndex;
  for (;;) {
    row += down;
    column += right;
    const next = rows[row]?.cells[column];
    if (!next) return null;
    const link = next.querySelector("a");
    if (link) return link;
  }
}

function atEnd(cell, key) {
  if (key !== "Home" && key !== "End") return null;
  const links = [...cell.parentElement.querySelectorAll("a")];
  return key === "Home" ? links[0] : links.at(-1);
}
