// htmx, toasts, failed requests in plain sentences, libraries loaded only where a page uses them.
// Hashed file names make relative imports unreliable, so the modules share one object instead.
const words = JSON.parse(document.getElementById("words").textContent);
const asset = (name) => document.querySelector(`meta[name="asset-${name}"]`)?.content;
const csrf = () => document.querySelector('meta[name="csrf-token"]')?.content || "";
const loading = {};

function load(name) {
  loading[name] ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = asset(name);
    script.onload = done;
    script.onerror = failed;
    document.head.append(script);
  });
  return loading[name];
}

// Calls `start` for every match now and after every swap; each element once.
function each(selector, start) {
  const seen = new WeakSet();
  const run = (place) => {
    const found = [...place.querySelectorAll(selector)];
    if (place.matches?.(selector)) found.unshift(place);
    for (const element of found) {
      if (seen.has(element)) continue;
      seen.add(element);
      start(element);
    }
  };
  run(document);
  document.addEventListener("htmx:load", (event) => run(event.detail.elt));
}

function toast(message, tone = "plain") {
  const place = document.getElementById("toasts");
  const box = document.createElement("div");
  box.className = `toast toast--${tone}`;
  box.setAttribute("role", tone === "bad" ? "alert" : "status");
  const text = document.createElement("span");
  text.className = "toast__text";
  text.textContent = message;
  box.append(text, closer());
  place.append(box);
  fade(box);
}

function closer() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-icon";
  button.dataset.closesToast = "";
  button.setAttribute("aria-label", words.close);
  button.textContent = "×";
  return button;
}

// Good news leaves by itself; a problem stays until it is closed.
function fade(box) {
  if (!box.matches(".toast--warn, .toast--bad")) setTimeout(() => box.remove(), 8000);
}

window.huike = { words, csrf, load, each, toast };

for (const box of document.querySelectorAll(".toast")) fade(box);
document.addEventListener("click", (event) => {
  event.target.closest("[data-closes-toast]")?.closest(".toast").remove();
});
// From the server: HX-Trigger: {"toast": {"tone": "bad", "message": "..."}}
document.addEventListener("toast", (event) => toast(event.detail.message, event.detail.tone));

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = csrf();
});

// 401 carries HX-Redirect to the log-in page, which htmx follows by itself.
document.addEventListener("htmx:responseError", (event) => {
  const answer = event.detail.xhr;
  if (answer.status === 401 || answer.getResponseHeader("HX-Trigger")?.includes('"toast"')) return;
  toast(words.problems[answer.status] || words.problems.other, "bad");
});
document.addEventListener("htmx:sendError", () => toast(words.problems.offline, "bad"));
document.addEventListener("htmx:timeout", () => toast(words.problems.slow, "warn"));

// A swap that brings a dialog opens it: the server answered "ask this first".
// Not before htmx knows its form: a quick Enter would leave the page.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target.id === "dialog-place") event.detail.target.querySelector("dialog")?.showModal();
});

each("[x-data]", () => load("alpine"));
each("[data-sortable]", async (list) => {
  await load("sortable");
  window.Sortable.create(list, {
    handle: list.dataset.sortable || null,
    animation: 0,
    onEnd: () => list.dispatchEvent(new CustomEvent("sorted", { bubbles: true })),
  });
});
