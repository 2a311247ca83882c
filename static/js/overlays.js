// Dialogs, menus, the question before a dangerous step, copy buttons.
const { words, toast } = window.huike;

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
