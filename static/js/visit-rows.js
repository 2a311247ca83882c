// Suppliers and buyers, purchases and settlements on the form of a visit: one card a row.
const PREFIX = "row:";
const DIRECTION = { links: "side", settle: "direction" };
const KEYS = { links: ["side", "counterparty_name"], procure: ["item", "mode"], settle: ["direction", "mode", "bank"] };
const find = (selector, inside) => inside.querySelector(selector);
const every = (selector, inside) => [...inside.querySelectorAll(selector)];
let next = 0;

const preset = (add) => Object.fromEntries(new URLSearchParams(add.slice(add.indexOf(":") + 1)));
const kindOf = (card) => card.closest("[data-rows]").dataset.rows;
const addOf = (card) => find("[data-name=add]", card).value;
const textOf = (card, name) => (find(`[data-name="${name}"]`, card)?.value || "").trim();

// A card with its controls named row:3:share, so that the draft keeps them like any other.
function draw(form, add, no = next) {
  const place = find(`[data-rows="${add.slice(0, add.indexOf(":"))}"]`, form);
  const button = place && every("[data-row-add]", place).find((one) => one.dataset.rowAdd === add);
  if (!button) return null; // a draft from before this kind was renamed
  next = Math.max(next, no) + 1;
  const card = find("template", place).content.firstElementChild.cloneNode(true);
  card.dataset.row = no;
  for (const one of every("[data-name]", card)) one.name = `${PREFIX}${no}:${one.dataset.name}`;
  for (const one of every("[data-told]", card)) one.dataset.field = `row.${no}.${one.dataset.told}`;
  find("[data-name=add]", card).value = add;
  find("[data-row-label]", card).textContent = button.textContent.trim();
  find("[data-rows-list]", place).append(card);
  return card;
}

// The cards of a draft, before its values are filled in.
function restore(form, values) {
  const kept = Object.keys(values).filter((name) => name.startsWith(PREFIX) && name.endsWith(":add"));
  for (const name of kept) draw(form, values[name], Number(name.slice(PREFIX.length).split(":")[0]));
}

// A card nobody wrote in says nothing.
const isSaid = (card) => every("[data-told] [data-name]", card).some((one) => one.value.trim());

function valueOf(field, card, scaled) {
  const text = textOf(card, field.dataset.told);
  if (!text) return undefined;
  if (field.dataset.kind === "number") return field.dataset.scale === "0.01" ? scaled(text, "0.01") : scaled(text, field.dataset.scale, 2);
  if (field.dataset.kind === "whole") return /^\d+$/.test(text) ? Number(text) : text;
  return { true: true, false: false }[text] ?? text;
}

// What was told, as the server takes it.
function told(form, scaled, whom) {
  return every("[data-row]", form)
    .filter(isSaid)
    .map((card) => {
      const row = { kind: kindOf(card), ...preset(addOf(card)) };
      for (const field of every("[data-told]", card)) {
        const value = valueOf(field, card, scaled);
        if (value !== undefined) row[field.dataset.told] = value;
      }
      return { ...row, said_by: (textOf(card, "said_by") || whom || "").slice(0, 60), proof: textOf(card, "proof") };
    });
}

const keyOf = (kind, row) => [kind, ...KEYS[kind].map((name) => row[name] || "")].join("|");

// The same rules as the server's: what is needed, figures, nothing twice, no direction above 100 %.
function wrongs(form, words, scaled, settled) {
  const wrong = {};
  const cards = every("[data-row]", form).filter(isSaid);
  const rows = told(form, scaled, "");
  const seen = new Set();
  const whole = {};
  for (const [place, card] of cards.entries()) {
    const row = rows[place];
    const at = (name) => `row.${card.dataset.row}.${name}`;
    for (const field of every("[data-needed]", card)) if (row[field.dataset.told] === undefined) wrong[at(field.dataset.told)] = words.needed;
    for (const field of every("[data-kind=number], [data-kind=whole]", card)) {
      const value = row[field.dataset.told];
      if (value !== undefined && !Number.isFinite(Number(value))) wrong[at(field.dataset.told)] = words.notNumber;
    }
    const key = keyOf(row.kind, row);
    if (seen.has(key)) wrong[at(KEYS[row.kind].at(-1))] ??= words.rowTwice;
    seen.add(key);
    const direction = DIRECTION[row.kind];
    if (!direction || row.share === undefined) continue;
    const sum = (whole[`${row.kind}|${row[direction]}`] ??= { kind: row.kind, value: row[direction], share: 0 });
    sum.share += Number(row.share);
    sum.at = at("share");
  }
  for (const sum of Object.values(whole)) {
    const kept = sum.kind === "settle" ? settled.filter((one) => one.direction === sum.value && !seen.has(keyOf("settle", one))) : [];
    const share = kept.reduce((total, one) => total + Number(one.share), sum.share);
    if (share > 1.000001) wrong[sum.at] ??= words.overWhole.replace("%s", Math.round(share * 1000) / 10).replaceAll("%%", "%");
  }
  return wrong;
}

// What stands of settlement, so that nobody says it twice.
function standing(form, words, settled) {
  const place = find('[data-rows="settle"]', form);
  if (!place) return;
  const text = (name, value) => find(`[data-name="${name}"] option[value="${value}"]`, find("template", place).content)?.textContent || value;
  const direction = (value) => every("[data-row-add]", place).find((one) => preset(one.dataset.rowAdd).direction === value)?.textContent.trim() || value;
  const lines = settled.map((one) => `${direction(one.direction)} ${text("mode", one.mode)} ${Math.round(one.share * 1000) / 10}% ${text("bank", one.bank)}`);
  const line = find("[data-rows-standing]", place);
  line.hidden = !lines.length;
  line.textContent = lines.length ? `${words.standing} ${lines.join(" · ")}` : "";
}

// Adding and removing; the first control of a new card has the cursor.
function listen(form, changed) {
  form.addEventListener("click", (event) => {
    const add = event.target.closest("[data-row-add]");
    const drop = event.target.closest("[data-row-drop]");
    if (add) find("[data-told] [data-name]", draw(form, add.dataset.rowAdd))?.focus();
    if (drop) drop.closest("[data-row]").remove();
    if (add || drop) changed();
  });
}

// How many rows say something, by category.
function counts(form) {
  const found = {};
  for (const card of every("[data-row]", form).filter(isSaid)) {
    const { group } = card.closest("[data-group]").dataset;
    found[group] = (found[group] || 0) + 1;
  }
  return found;
}

window.visitRows = { restore, told, wrongs, standing, listen, counts };
