// Tables: those that fit keep their head below the top bar, wider ones scroll in a box; column chooser.
const { each } = window.huike;

function measure(wrap) {
  const fits = wrap.scrollWidth <= wrap.clientWidth + 1;
  wrap.classList.toggle("table-wrap--fits", fits);
  wrap.classList.toggle("table-wrap--wide", !fits);
}

const sizes = new ResizeObserver((entries) => {
  for (const entry of entries) measure(entry.target.closest(".table-wrap"));
});
each(".table-wrap--sticky", (wrap) => {
  measure(wrap);
  sizes.observe(wrap);
  const table = wrap.querySelector("table");
  if (table) sizes.observe(table);
});

// Columns: which ones are shown is kept on the device, by the key of the table.
each("[data-columns]", (wrap) => {
  const key = `columns:${wrap.dataset.columns}`;
  const heads = [...wrap.querySelectorAll("thead th[data-column]")];
  const hidden = new Set(
    JSON.parse(localStorage.getItem(key) || "null") ??
      heads.filter((head) => head.hasAttribute("data-off")).map((head) => head.dataset.column),
  );
  const show = () => {
    for (const head of heads)
      for (const row of wrap.querySelectorAll("tr"))
        if (row.cells[head.cellIndex]) row.cells[head.cellIndex].hidden = hidden.has(head.dataset.column);
  };
  show();
  const list = document.querySelector(`[data-columns-for="${wrap.dataset.columns}"]`);
  list?.replaceChildren(
    ...heads.map((head) =>
      columnSwitch(head, hidden, () => {
        localStorage.setItem(key, JSON.stringify([...hidden]));
        show();
      }),
    ),
  );
});

function columnSwitch(head, hidden, changed) {
  const label = document.createElement("label");
  const box = document.createElement("input");
  label.className = "row-line menu__head";
  label.dataset.keepsOpen = "";
  box.type = "checkbox";
  box.className = "form-check-input m-0";
  box.checked = !hidden.has(head.dataset.column);
  box.addEventListener("change", () => {
    hidden[box.checked ? "delete" : "add"](head.dataset.column);
    changed();
  });
  label.append(box, head.textContent.trim());
  return label;
}
