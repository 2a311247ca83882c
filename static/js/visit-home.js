// The page before the form: whom to visit, the drafts, and what waits or was not accepted.
const store = self.visitStore;
const words = JSON.parse(document.getElementById("visit-words").textContent);
const user = Number(document.body.dataset.user);
const home = document.querySelector("[data-visit-home]");
const { toast } = window.huike;
const FORM = document.querySelector("script[data-outbox-words]").dataset.formUrl;
const TONES = { waiting: "warn", photos: "warn", refused: "bad", conflict: "bad" };

// make("a", {href: "/x"}, "text", child): an element with attributes and children.
function make(name, given = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (key === "onclick") element.addEventListener("click", value);
    else if (value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.filter((one) => one !== null && one !== undefined));
  return element;
}

const button = (text, act, kind = "") => make("button", { type: "button", class: `btn btn-sm ${kind}`, onclick: act }, text);
const day = (at) => new Date(at).toLocaleString(document.documentElement.lang, { month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" });

function customerRow(brief) {
  const notes = [brief.planned ? words.planned.replace("%s", brief.planned.slice(5)) : null, ...brief.line];
  return make(
    "a",
    { class: "visitrow", href: `${FORM}${brief.id}/` },
    make("span", { class: "strong" }, brief.name),
    make("span", { class: "source" }, notes.filter(Boolean).join(" · ")),
  );
}

async function customers(text = "") {
  const place = home.querySelector("[data-visit-customers]");
  const found = (await store.pocket(user)).filter((one) => one.name.includes(text.trim()));
  place.replaceChildren(...found.map(customerRow));
  if (!found.length) place.append(make("p", { class: "muted" }, words.noCustomer));
}

function version(label, told) {
  const rows = [told.whom_met, told.summary, [told.next_on, told.next_step || told.closed_reason].filter(Boolean).join(" ")];
  return make("div", { class: "visitversion" }, make("div", { class: "source" }, label), ...rows.map((row) => make("div", {}, row || "—")));
}

function problems(item) {
  const answer = item.answer || {};
  const told = Object.values(answer.errors || {}).flat(3).filter((one) => typeof one === "string");
  return make("p", { class: "bad-text small" }, [answer.title, answer.detail, ...told].filter(Boolean).join(" "));
}

// Pressed once it asks, pressed again it acts.
function sure(act) {
  return (event) => {
    if (event.target.dataset.asked) act().then(show);
    else {
      event.target.dataset.asked = "1";
      event.target.classList.add("btn-danger");
      event.target.textContent = words.dropSure;
    }
  };
}

function edit(draft) {
  window.location.assign(`${FORM}${draft.customer}/?draft=${draft.key}`);
}

function itemRow(item) {
  const label = words[item.state] || item.state;
  const chip = make("span", { class: `chip chip--${TONES[item.state] || "plain"}` }, label);
  const head = make("div", { class: "row-line row-line--apart" }, make("span", { class: "strong" }, item.name), chip);
  const drop = button(words.drop, sure(() => store.discard(store.OUTBOX, item)), "btn-quiet");
  const row = make("div", { class: "visititem", "data-item": item.key, "data-state": item.state }, head);
  if (item.state === "conflict") {
    row.append(make("div", { class: "visitversions" }, version(words.theirs, item.answer.kept || {}), version(words.mine, item.entry)));
    const again = () => store.reopen(item, store.newKey()).then(edit);
    row.append(make("div", { class: "row-line" }, button(words.again, again), button(words.keepTheirs, sure(() => store.discard(store.OUTBOX, item)))));
  } else if (item.state === "refused" && !item.visit) {
    row.append(problems(item), version(words.mine, item.entry)); // readable also where the form no longer opens
    row.append(make("div", { class: "row-line" }, button(words.open, () => store.reopen(item).then(edit)), drop));
  } else if (item.state === "refused") {
    row.append(problems(item), make("div", { class: "row-line" }, make("a", { class: "btn btn-sm", href: item.url }, words.open), drop));
  } else row.append(make("div", { class: "source" }, day(item.queued_at)));
  return row;
}

function draftRow(draft) {
  const link = make("a", { class: "strong", href: `${FORM}${draft.customer}/?draft=${draft.key}` }, draft.name);
  const chip = make("span", { class: "chip" }, words.draft);
  const drop = button(words.drop, sure(() => store.discard(store.DRAFTS, draft)), "btn-quiet");
  const foot = make("div", { class: "row-line row-line--apart" }, make("span", { class: "source" }, day(draft.at)), drop);
  const said = draft.values?.summary ? make("p", { class: "small" }, draft.values.summary) : null;
  return make("div", { class: "visititem", "data-draft": draft.key }, make("div", { class: "row-line row-line--apart" }, link, chip), said, foot);
}

async function show() {
  const [waiting, drafts] = [await store.all(store.OUTBOX, user), await store.all(store.DRAFTS, user)];
  const rows = [...waiting.map(itemRow), ...drafts.sort((one, other) => other.at - one.at).map(draftRow)];
  const place = home.querySelector("[data-visit-waiting]");
  place.replaceChildren(...(rows.length ? [make("section", { class: "card" }, make("div", { class: "card__body visititems" }, ...rows))] : []));
  home.querySelector("[data-visit-offline]").hidden = navigator.onLine;
}

async function start() {
  home.hidden = false;
  document.querySelector(".actionbar")?.replaceChildren();
  home.querySelector("[data-visit-search]").addEventListener("input", (event) => customers(event.target.value));
  store.channel.addEventListener("message", (event) => {
    if (event.data.type === "sent") toast(words.saved, "good");
    show();
  });
  for (const name of ["online", "offline"]) window.addEventListener(name, show);
  await show();
  await customers();
  if (!navigator.onLine) return;
  const { signedOut } = await store.sync();
  if (signedOut) toast(words.login, "warn");
  await show();
}

window.visitHome = { start, make };
