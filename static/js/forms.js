// Forms: nothing typed is lost, nothing is sent twice, long choices become a combobox.
const { words, each, load, toast } = window.huike;
const WEEK = 7 * 24 * 3600 * 1000;
const owner = document.body.dataset.user || "";
const draftKey = (form) => `draft:${owner}:${form.dataset.draft}`;
const sent = new WeakSet();
const dirty = new Set();

const kept = (form) =>
  [...form.elements].filter(
    (one) => one.name && !["hidden", "password", "file", "submit", "button"].includes(one.type),
  );

function read(form) {
  const values = {};
  for (const one of kept(form)) {
    if (["checkbox", "radio"].includes(one.type)) {
      values[one.name] ??= [];
      if (one.checked) values[one.name].push(one.value);
    } else if (one.multiple) values[one.name] = [...one.selectedOptions].map((option) => option.value);
    else values[one.name] = [one.value];
  }
  return values;
}

function fill(form, values) {
  for (const one of kept(form)) {
    const found = values[one.name];
    if (!found) continue;
    if (["checkbox", "radio"].includes(one.type)) one.checked = found.includes(one.value);
    else if (one.multiple) for (const option of one.options) option.selected = found.includes(option.value);
    else one.value = found[0] ?? "";
  }
}

// Unsaved changes: the browser asks before the page is left.
each("form[data-guard]", (form) => {
  form.addEventListener("input", () => dirty.add(form));
  form.addEventListener("reset", () => dirty.delete(form));
});
window.addEventListener("beforeunload", (event) => {
  for (const form of dirty)
    if (form.isConnected && !sent.has(form) && !form.dataset.draft) event.preventDefault();
});

// Drafts stay on the device until the server has them: a form that comes back was not accepted.
each("form[data-draft]", (form) => {
  const saved = JSON.parse(localStorage.getItem(draftKey(form)) || "null");
  const note = form.querySelector("[data-draft-note]");
  const say = (time) => {
    if (note) note.textContent = words.draftKept.replace("%s", new Date(time).toTimeString().slice(0, 5));
  };
  if (saved && Date.now() - saved.at < WEEK && !form.querySelector(".field--wrong")) {
    fill(form, saved.values);
    say(saved.at);
    toast(words.draftRestored);
  }
  form.addEventListener("input", () => {
    const at = Date.now();
    localStorage.setItem(draftKey(form), JSON.stringify({ at, values: read(form) }));
    say(at);
  });
  form.addEventListener("submit", () => sessionStorage.setItem("sent-draft", draftKey(form)));
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful && event.detail.xhr.status !== 422) localStorage.removeItem(draftKey(form));
  });
});
const accepted = sessionStorage.getItem("sent-draft");
if (accepted) {
  const back = [...document.querySelectorAll("form[data-draft]")].some((form) => draftKey(form) === accepted);
  if (!back && navigator.onLine) localStorage.removeItem(accepted);
  sessionStorage.removeItem("sent-draft");
}
for (const key of Object.keys(localStorage))
  if (key.startsWith("draft:") && Date.now() - JSON.parse(localStorage.getItem(key)).at > WEEK)
    localStorage.removeItem(key);

// The session may end while somebody types: what was sent with it stands in the form again after the
// log-in, for the same person in the same tab; a form in a dialog is filled when it is opened again.
const TYPED = "typed-without-session";
const here = () => location.pathname + location.search;
const typed = JSON.parse(sessionStorage.getItem(TYPED) || "null");
if (owner) sessionStorage.removeItem(TYPED);
let waiting = document.referrer.includes("/accounts/login/") && typed?.owner === owner && typed.page === here();
each("form[method=post]", (form) => {
  if (!waiting || form.action !== typed.action) return;
  if (!Object.keys(typed.values).every((name) => form.elements.namedItem(name))) return;
  waiting = false;
  fill(form, typed.values);
  toast(words.typedBack);
});
function keepTyped(form) {
  if (!owner || form.method !== "post" || form.dataset.draft || !kept(form).length) return;
  const what = { owner, page: here(), action: form.action, values: read(form) };
  sessionStorage.setItem(TYPED, JSON.stringify(what));
}
document.addEventListener("submit", (event) => {
  if (!event.target.hasAttribute("hx-post")) keepTyped(event.target);
});

// Sent once: the second press does nothing until the answer is there.
function busy(form, is) {
  for (const one of form.querySelectorAll("button:not([type=button]), input[type=submit]"))
    is ? one.setAttribute("aria-busy", "true") : one.removeAttribute("aria-busy");
  is ? sent.add(form) : sent.delete(form);
}
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (sent.has(form)) event.preventDefault();
  else if (!event.defaultPrevented) busy(form, true);
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt instanceof HTMLFormElement) busy(event.detail.elt, true);
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt instanceof HTMLFormElement) {
    busy(event.detail.elt, false);
    const hasNoSession = event.detail.xhr.status === 401;
    if (hasNoSession) keepTyped(event.detail.elt);
    if (hasNoSession || event.detail.successful) dirty.delete(event.detail.elt);
  }
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.forms) busy(form, false);
});

// <select data-combobox>: search in the options; with data-src the server finds them (?q=).
each("select[data-combobox]", async (select) => {
  await load("tom-select");
  const source = select.dataset.src;
  new window.TomSelect(select, {
    plugins: select.multiple ? ["remove_button"] : [],
    maxOptions: 200,
    searchField: ["text"],
    loadThrottle: 200,
    load:
      source &&
      (async (query, done) => {
        const answer = await fetch(`${source}?q=${encodeURIComponent(query)}`);
        done(answer.ok ? (await answer.json()).results : []);
      }),
    valueField: "value",
    labelField: "text",
    render: {
      no_results: () =>
        Object.assign(document.createElement("div"), {
          className: "no-results",
          textContent: words.noResults,
        }),
    },
  });
});

// A filter that sends its form when it changes.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-auto]");
  if (form) form.requestSubmit();
});
