// Figures and days as they are typed, and what of a visit cannot be so.
// A typed figure in base units: 60 (万) is 600000.00, 35 (%) is 0.3500. What is no number stays.
function scaled(text, scale, places = Number(scale) < 1 ? 6 : 4) {
  const number = Number(text.normalize("NFKC").replaceAll(",", ""));
  return Number.isFinite(number) ? (number * Number(scale)).toFixed(places) : text;
}

const local = (time) => `${time.getFullYear()}-${String(time.getMonth() + 1).padStart(2, "0")}-${String(time.getDate()).padStart(2, "0")}`;
function ahead(days, from = new Date()) {
  const time = new Date(from);
  time.setDate(time.getDate() + Number(days));
  return local(time);
}

// The same rules as the server's, so that hardly anything is refused hours later, and nothing that
// was typed is left out.
function wrongs({ form, entry, given, words, rules, settled }) {
  const wrong = { ...wrongTimes(entry, words, rules), ...wrongParts(form, entry, given, words) };
  if (!entry.whom_met) wrong.whom_met = words.whom;
  if (!entry.summary) wrong.summary = words.summary;
  if (entry.closed_reason && entry.next_step) wrong.closed_reason = words.either;
  else if (!entry.closed_reason && !entry.next_step) wrong.next_step = words.nextStep;
  else if (!entry.closed_reason && !entry.next_on) wrong.next_on = words.nextOn;
  if (entry.promise && !entry.promise_on) wrong.promise_on = words.promiseOn;
  return { ...wrong, ...window.visitRows.wrongs(form, words, scaled, settled) };
}

// Days count from the day of the visit, which may lie back.
function wrongTimes(entry, words, rules) {
  const wrong = {};
  const [began, ended] = [new Date(entry.started_at), new Date(entry.ended_at)];
  const day = local(began);
  if (entry.next_on && entry.next_on < day) wrong.next_on = words.before;
  else if (entry.next_on > ahead(rules.nextDaysMost, began)) wrong.next_on = words.tooFar.replace("%s", rules.nextDaysMost);
  if (entry.promise && entry.promise_on && entry.promise_on < day) wrong.promise_on = words.promiseBefore;
  if (ended - began > rules.longestS * 1000) wrong.ended_at = words.tooLong;
  if (ended - Date.now() > rules.aheadS * 1000) wrong.ended_at = words.future;
  return wrong;
}

// A need or an offer of which a part is missing, and figures that are none.
function wrongParts(form, entry, given, words) {
  const wrong = {};
  const isTyped = (name) => Boolean((given[name] || "").trim());
  const isFigure = (name) => Number.isFinite(Number(scaled(given[name] || "", "1")));
  if (!given.heard_family && ["heard_amount", "heard_months"].some(isTyped)) wrong.heard_family = words.needed;
  if (!given.seen_competitor && ["seen_name", "seen_rate", "seen_amount", "seen_evidence"].some(isTyped)) wrong.seen_competitor = words.needed;
  for (const name of ["seen_name", "seen_evidence"]) if (given.seen_competitor && !isTyped(name)) wrong[name] = words.needed;
  for (const name of ["heard_amount", "heard_months", "seen_rate", "seen_amount"]) if (!isFigure(name)) wrong[name] = words.notNumber;
  for (const fact of form.querySelectorAll("[data-kind=number][data-fact]")) {
    const found = entry.facts.find((one) => one.key === fact.dataset.fact);
    if (found && !Number.isFinite(Number(found.value))) wrong[`facts.${found.key}`] = words.notNumber;
  }
  return wrong;
}

window.visitChecks = { scaled, ahead, wrongs };
