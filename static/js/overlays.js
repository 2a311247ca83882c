// Dialogs, menus, the question before a dangerous step, copy buttons, the column chooser.
const { words, each, toast } = window.huike;

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
  if (event.target instanceof HTMLDialogElement) closeFromBackdrop(event);
  for (const menu of document.querySelectorAll("details.menu[open]"))
    if (!menu.contains(event.target) || event.target.closest(".menu__list a, .menu__list button"))
      menu.open = menu.contains(event.target) && event.target.closest("[data-keeps-open]") !== null;
});

// A press on the backdrop lands on the dialog itself, outside its box.
function closeFromBackdrop(event) {
  const box = event.target.getBoundingClientRect();
  const inside =
    event.clientX >= box.left &&
    event.clientX <= box.right &&
    event.clientY >= box.top &&
    event.clientY <= box.bottom;
  if (!inside && event.clientX) event.target.close();
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// hx-confirm="…" and data-confirm="…" ask in our own dialog; the page stays usable with the keyboard.
function ask(question) {
  const dialog = document.getElementById("confirm");
  dialog.querySelector("[data-question]").textContent = question;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((answer) => {
    dialog.addEventListener("close", () => answer(dialog.returnValue === "yes"), { once: true });
  });
}

document.addEventListener("htmx:confirm", async (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  if (await ask(event.detail.question)) event.detail.issueRequest(true);
});

document.addEventListener(
  "submit",
  async (event) => {
    const question = event.submitter?.dataset.confirm || event.target.dataset.confirm;
    if (!question || event.target.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { target, submitter } = event;
    if (!(await ask(question))) return;
    target.dataset.confirmed = "yes";
    target.requestSubmit(submitter);
    delete target.dataset.confirmed;
  },
  true,
);

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    toast(words.copied, "good");
  } catch {
    toast(words.notCopied, "warn"); // no permission, or not a secure address
  }
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
