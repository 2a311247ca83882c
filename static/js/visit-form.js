// The form of a visit: filled from the last time, kept at every change, queued when it is saved.
const store = self.visitStore;
const { make, start: startHome } = window.visitHome;
const rows = window.visitRows;
const { scaled, ahead, wrongs } = window.visitChecks;
const { toast } = window.huike;
const read = (id) => JSON.parse(document.getElementById(id)?.textContent || "null");
const words = read("visit-words");
const rules = read("visit-rules");
const user = Number(document.body.dataset.user);
const form = document.querySelector("[data-visit-form]");
const note = document.querySelector("[data-visit-note]");
const FORM = document.querySelector("script[data-outbox-words]").dataset.formUrl;
const path = window.location.pathname;
const customerId = path.startsWith(FORM) ? Number(path.slice(FORM.length).split("/")[0]) || null : null;
const pick = (selector, inside = form) => inside.querySelector(selector);
const pickAll = (selector, inside = form) => [...inside.querySelectorAll(selector)];
const clock = (time) => new Date(time).toTimeString().slice(0, 5);
const OPEN_FIRST = 2;
const SHOWN = 4;
const PATIENCE = 10000;

let draft;
let brief;
let photos = [];
let fix = null;
let isDirty = false;
let keeping = null;

// Values by name: lists for check boxes, text for everything else.
function values() {
  const found = {};
  for (const one of form.elements) {
    if (!one.name || one.type === "file") continue;
    if (one.type === "checkbox") {
      found[one.name] ??= [];
      if (one.checked) found[one.name].push(one.value);
    } else if (one.type !== "radio") found[one.name] = one.value;
    else if (one.checked) found[one.name] = one.value;
  }
  return found;
}

function fill(given) {
  for (const one of form.elements) {
    const value = given[one.name];
    if (value === undefined || one.type === "file") continue;
    if (one.type === "checkbox") one.checked = value.includes(one.value);
    else if (one.type === "radio") one.checked = one.value === value;
    else one.value = value;
  }
}

// Kept at every change: one write at a time, and another one when something changed meanwhile.
function changed() {
  isDirty = true;
  keeping ??= keep().finally(() => {
    keeping = null;
  });
  marks();
  return keeping;
}

async function keep() {
  while (isDirty && draft) {
    isDirty = false;
    draft = { ...draft, values: values(), photos, fix, at: Date.now() };
    try {
      await store.put(store.DRAFTS, draft);
    } catch {
      note.textContent = words.notKept; // the next change tries again
      return;
    }
    note.textContent = words.kept.replace("%s", clock(draft?.at || Date.now()));
  }
}

// What stands in sight of what was filled in: proofs, counts, chips in use.
function marks() {
  const counts = rows.counts(form);
  for (const fact of pickAll("[data-fact]")) {
    const isSaid = said(fact) !== null;
    if (isSaid) fact.classList.remove("visitfact--later");
    pick(".visitfact__proof", fact).hidden = !isSaid;
    const group = fact.closest("[data-group]");
    if (isSaid && group) counts[group.dataset.group] = (counts[group.dataset.group] || 0) + 1;
  }
  for (const tab of pickAll("[data-tab]")) {
    const count = counts[tab.dataset.tab];
    pick("[data-tab-count]", tab).textContent = count ? ` +${count}` : "";
    tab.classList.toggle("chip--accent", Boolean(count));
  }
  for (const chip of pickAll("[data-puts]")) chip.setAttribute("aria-pressed", String(form.elements[chip.dataset.puts].value === chip.textContent));
  for (const chip of pickAll("[data-puts-day]")) chip.setAttribute("aria-pressed", String(form.elements[chip.dataset.putsDay].value === ahead(chip.dataset.days)));
}

function said(fact) {
  const name = `fact:${fact.dataset.fact}`;
  if (["one", "many"].includes(fact.dataset.kind)) {
    const found = pickAll("input:checked", fact).filter((one) => one.name === name).map((one) => one.value);
    if (!found.length) return null;
    return fact.dataset.kind === "many" ? found : found[0];
  }
  const text = form.elements[name].value.trim();
  if (!text) return null;
  return fact.dataset.kind === "number" ? scaled(text, fact.dataset.scale) : text;
}

function facts(given) {
  return pickAll("[data-fact]")
    .map((fact) => [fact.dataset.fact, said(fact)])
    .filter(([, value]) => value !== null)
    .map(([key, value]) => ({
      key,
      value,
      said_by: (given[`said:${key}`] || given.whom_met || "").slice(0, 60),
      proof: given[`proof:${key}`] || "",
    }));
}

function times(given) {
  const ended = given.ended_at ? new Date(given.ended_at) : new Date();
  const minutes = Number(given.minutes) || 30;
  const started = given.minutes === "checkin" && fix ? new Date(fix.at) : new Date(ended - minutes * 60000);
  return { started_at: (started < ended ? started : ended).toISOString(), ended_at: ended.toISOString() };
}

function entryOf(given) {
  const starting = (prefix) => Object.entries(given).filter(([name, value]) => name.startsWith(prefix) && value);
  const entry = { key: draft.key, customer: draft.customer, ...times(given), facts: facts(given), rows: rows.told(form, scaled, given.whom_met), fix, was_offline: !navigator.onLine };
  for (const name of ["purpose", "whom_met", "summary", "next_step", "closed_reason", "need", "promise", "companions", "far_reason"]) entry[name] = (given[name] || "").trim();
  entry.next_on = given.next_on || null;
  entry.promise_on = given.promise_on || null;
  entry.mood = given.mood ? Number(given.mood) : null;
  entry.objections = given.objections;
  entry.coordination_checks = Object.fromEntries(starting("check:").map(([name, value]) => [name.slice(6), value]));
  if (given.heard_family) entry.heard = { family: given.heard_family, amount: given.heard_amount ? scaled(given.heard_amount, "10000", 2) : null, months: given.heard_months || null };
  if (given.seen_competitor)
    entry.competitor = {
      competitor: Number(given.seen_competitor),
      name: given.seen_name,
      family: given.seen_family,
      rate_min: given.seen_rate ? scaled(given.seen_rate, "0.01") : null,
      amount_max: given.seen_amount ? scaled(given.seen_amount, "10000", 2) : null,
      evidence: given.seen_evidence,
    };
  return entry;
}

function show(wrong) {
  for (const place of pickAll("[data-field]")) {
    const text = wrong[place.dataset.field];
    const box = pick(".field__error", place);
    place.classList.toggle("field--wrong", Boolean(text));
    if (!box) continue;
    box.hidden = !text;
    box.textContent = text || "";
  }
  const first = pick(".field--wrong");
  if (!first) return;
  const group = first.closest("[data-group]");
  if (group) turn(group.dataset.group, true);
  for (let more = first.closest("details"); more; more = more.parentElement.closest("details")) more.open = true;
  pick("input, textarea, select", first)?.focus();
  first.scrollIntoView({ block: "center" });
}

async function save() {
  const button = document.querySelector("[data-visit-save]");
  if (!draft || button.hasAttribute("aria-busy")) return; // it is being saved already
  const given = values();
  const entry = entryOf(given);
  if (entry.closed_reason) entry.next_on = null; // a day without a step is not meant
  const wrong = wrongs({ form, entry, given, words, rules, settled: brief.settled || [] });
  show(wrong);
  if (Object.keys(wrong).length) return;
  button.setAttribute("aria-busy", "true");
  await keeping;
  const kept = { ...draft, values: given, photos, fix };
  draft = null; // nothing writes it again
  try {
    await store.queue({ user, key: kept.key, name: kept.name, entry, photos, draft: kept });
  } catch {
    draft = kept; // the words stay where they are
    button.removeAttribute("aria-busy");
    note.textContent = words.notKept;
    toast(words.notKept, "bad");
    return;
  }
  await leave(kept.key);
}

// To the visit when the server has it soon, else to the list of what waits: the words are kept.
async function leave(key) {
  const late = new Promise((done) => setTimeout(done, PATIENCE, null));
  const told = navigator.onLine ? await Promise.race([store.sync().catch(() => null), late]) : null;
  const { sent, left } = told || { sent: [], left: null };
  const done = sent.find((one) => one.key === key);
  if (done) window.location.assign(done.url);
  else if (left && !left.some((one) => one.key === key)) window.location.assign(FORM.replace(/log\/$/, "")); // the worker was quicker
  else window.location.assign(FORM);
}

// Filled from what is known, then from the draft.
function prepare() {
  const last = brief.last || {};
  pick("[data-visit-name]").textContent = brief.name;
  pick("[data-visit-name]").href = `/customers/${brief.id}/`;
  pick("[data-visit-line]").textContent = brief.line.join(" · ");
  const talk = pick("[data-visit-talk]");
  const lines = [
    [words.last, last.on && `${last.on.slice(5)} ${last.next_step || last.summary}`],
    [words.promised, last.promise],
    [words.talk, brief.talk.join(" ")],
  ].filter(([, text]) => text);
  talk.replaceChildren(...lines.map(([label, text]) => make("div", {}, make("span", { class: "muted" }, `${label} `), text)));
  talk.hidden = !lines.length;
  const people = [...new Set([last.whom, ...brief.contacts.map((one) => one.name)].filter(Boolean))];
  pick("[data-visit-contacts]").replaceChildren(...people.map((name) => make("button", { type: "button", class: "btn btn-sm", "data-puts": "whom_met" }, name)));
  pick("[data-visit-checks]").hidden = !brief.listed;
  categories();
  const asked = new URLSearchParams(window.location.search).get("purpose");
  fill({ whom_met: people[0] || "", companions: last.companions || "", purpose: asked || brief.purpose, minutes: "30" });
}

// The least known categories come first, two of them open; what is not known yet comes first in each.
function categories() {
  const order = [...brief.weakest, ...pickAll("[data-tab]").map((tab) => Number(tab.dataset.tab))];
  const place = { tabs: pick("[data-visit-tabs]"), groups: pick("[data-visit-groups]") };
  for (const [index, no] of [...new Set(order)].entries()) {
    const group = pick(`[data-group="${no}"]`);
    const tab = pick(`[data-tab="${no}"]`);
    if (!group) continue;
    place.tabs.append(tab);
    place.groups.append(group);
    const share = brief.cover[no];
    if (share !== undefined) pick("[data-group-cover]", group).textContent = `${share}%`;
    turn(no, index < OPEN_FIRST);
    for (const key of brief.known) {
      const fact = pick(`[data-fact="${key}"]`, group);
      fact?.parentElement.append(fact);
    }
    for (const [place, fact] of pickAll("[data-fact]", group).entries()) fact.classList.toggle("visitfact--later", place >= SHOWN);
    pick("[data-group-more]", group).hidden = pickAll("[data-fact]", group).length <= SHOWN;
  }
}

function turn(no, isOpen) {
  pick(`[data-group="${no}"]`).hidden = !isOpen;
  pick(`[data-tab="${no}"]`).setAttribute("aria-expanded", String(isOpen));
}

// Whether a part that starts closed holds something that was typed or picked.
function isUsed(more) {
  return more.dataset.more !== "rest" && pickAll("input, textarea, select", more).some((one) => (["radio", "checkbox"].includes(one.type) ? one.checked : one.value && one.name !== "seen_family" && !one.name.startsWith("proof:")));
}

function takeFix(found) {
  fix = found;
  if (pick("[data-length-checkin]").hidden) fill({ minutes: "checkin" });
  pick("[data-length-checkin]").hidden = false;
  changed();
}

const files = {
  get: async (key) => (await store.get(store.PHOTOS, user, key))?.blob,
  put: (key, blob) => store.put(store.PHOTOS, { user, key, blob }),
  remove: (key) => store.remove(store.PHOTOS, user, key),
};

function takePhotos(found) {
  photos = found;
  changed();
}

function listen() {
  form.addEventListener("input", changed);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("click", (event) => {
    const put = event.target.closest("[data-puts]");
    const on = event.target.closest("[data-puts-day]");
    const tab = event.target.closest("[data-tab]");
    if (put) {
      form.elements[put.dataset.puts].value = put.textContent;
      if (put.dataset.then && !form.elements[put.dataset.then].value) form.elements[put.dataset.then].value = ahead(7);
      changed();
    }
    if (on) {
      form.elements[on.dataset.putsDay].value = ahead(on.dataset.days);
      changed();
    }
    const more = event.target.closest("[data-group-more]");
    if (more) {
      more.closest("[data-group]").classList.add("visitgroup--all");
      more.hidden = true;
    }
    if (tab) {
      const isOpen = tab.getAttribute("aria-expanded") !== "true";
      turn(tab.dataset.tab, isOpen);
      if (isOpen) pick(`[data-group="${tab.dataset.tab}"]`).scrollIntoView({ block: "start" });
    }
  });
  document.querySelector("[data-visit-save]").addEventListener("click", save);
  document.querySelector("[data-visit-later]").addEventListener("click", async (event) => {
    event.preventDefault();
    await changed();
    window.location.assign(FORM);
  });
}

async function wanted() {
  const key = new URLSearchParams(window.location.search).get("draft");
  const drafts = (await store.all(store.DRAFTS, user)).filter((one) => one.customer === customerId);
  return drafts.find((one) => one.key === key) || drafts.sort((one, other) => other.at - one.at)[0] || null;
}

// The draft that is written here and in no other tab; null where another tab has it open.
async function own() {
  const found = await wanted();
  if (found && !(await store.claim(found.key))) return null;
  const kept = found && (await store.get(store.DRAFTS, user, found.key)); // saved meanwhile: a new one
  if (kept) return kept;
  const key = store.newKey();
  await store.claim(key);
  return { user, key, customer: customerId };
}

async function begin() {
  if (!customerId) return startHome();
  const mine = await own();
  if (!mine) {
    toast(words.elsewhere, "warn");
    return startHome();
  }
  const kept = mine.values && mine;
  const fresh = read("visit-brief");
  brief = fresh || (await store.pocket(user)).find((one) => one.id === customerId) || kept?.brief;
  if (!brief) {
    toast(words.noBrief, "warn");
    return startHome();
  }
  draft = { name: brief.name, ...mine, brief };
  if (fresh) store.put(store.POCKET, { ...fresh, user, at: Date.now(), place: 99 }).catch(() => {});
  prepare();
  rows.standing(form, words, brief.settled || []);
  if (kept) {
    rows.restore(form, kept.values);
    fill(kept.values);
    for (const no of Object.keys(rows.counts(form))) turn(no, true);
    for (const fact of pickAll("[data-group] [data-fact]")) if (said(fact) !== null) turn(fact.closest("[data-group]").dataset.group, true);
    for (const more of pickAll("details[data-more]")) more.open = isUsed(more);
    photos = kept.photos || [];
    fix = kept.fix || null;
    pick("[data-length-checkin]").hidden = !fix;
    note.textContent = words.kept.replace("%s", clock(kept.at));
    toast(words.restored);
  }
  const put = { words, rules, clock, make };
  window.visitPlace.checkIn({ ...put, form, brief, fix, taken: takeFix });
  window.visitPlace.photos({ ...put, form, photos, files, newKey: store.newKey, taken: takePhotos });
  listen();
  rows.listen(form, changed);
  marks();
  form.hidden = false;
  for (const one of document.querySelectorAll("[data-visit-save], [data-visit-later]")) one.hidden = false;
  if (!navigator.onLine) toast(words.offline, "warn");
}

// Gone back to a form that was saved: it is empty again.
window.addEventListener("pageshow", (event) => event.persisted && !draft && window.location.reload());
await begin();
