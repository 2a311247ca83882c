// Rebuilds static/vendor from package-lock.json:  cd tools/vendor && npm ci && npm run build
// Every file is written once, with its licence beside it, and listed with its sum in VENDOR.json.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import postcss from "postcss";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");
const target = join(here, "..", "..", "static", "vendor");
const lock = JSON.parse(readFileSync(join(here, "package-lock.json"), "utf8")).packages;
const listed = [];

// A source map is not shipped, and a manifest storage refuses a link to a missing file.
const withoutMap = (text) => text.replace(/\n?\/[/*]# sourceMappingURL=[^\n]*/g, "").trim() + "\n";
const read = (...parts) => readFileSync(join(modules, ...parts), "utf8");

function licenceOf(name) {
  const folder = join(modules, name);
  const found = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
  if (found) return readFileSync(join(folder, found), "utf8").trim() + "\n";
  const own = join(here, "licences", `${name.replace(/[@/]/g, "-").replace(/^-/, "")}.txt`);
  if (existsSync(own)) return readFileSync(own, "utf8").trim() + "\n";
  throw new Error(`no licence text for ${name}`);
}

function write(file, text, ...names) {
  writeFileSync(join(target, file), text);
  const sha256 = createHash("sha256").update(text).digest("hex");
  for (const name of names) {
    const entry = lock[`node_modules/${name}`];
    const licence = `${name.replace(/[@/]/g, "-").replace(/^-/, "")}.LICENSE.txt`;
    writeFileSync(join(target, licence), licenceOf(name));
    listed.push({ file, name, version: entry.version, licence: entry.license, text: licence, sha256 });
  }
}

async function bundle(entry, globalName) {
  const result = await build({
    absWorkingDir: here,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: "iife",
    globalName,
    target: ["es2020"],
    legalComments: "none",
    define: { "process.env.NODE_ENV": '"production"' },
    write: false,
  });
  return result.outputFiles[0].text;
}

// Of Tabler only the ground is kept: elements, grid, utilities, form controls, tables. Its components
// are left out, since ours have the same names. It goes into a cascade layer, so that whatever our own
// unlayered CSS says wins without !important.
const KEPT = new RegExp(
  "^(" +
    [
      "row(-cols-.*)?|col(-.*)?|g[xy]?-.*|container(-.*)?|offset-.*|order-.*|d-.*|flex-.*|justify-content-.*",
      "align-.*|m[tbsexy]?-.*|p[tbsexy]?-.*|(row-|column-)?gap-.*|[wh]-.*|m[wh]-100|min-vh-100|vh-100",
      "overflow-.*|position-.*|float-.*|(top|bottom|start|end)-.*|translate-middle.*|z-.*|sticky-.*",
      "text-(start|end|center|nowrap|wrap|break|truncate|body|decoration-.*|lowercase|uppercase).*",
      "fw-.*|fs-.*|fst-.*|lh-.*|font-monospace|border(-[tbse].*|-0)?|rounded(-\\d)?|list-(unstyled|inline.*)",
      "visually-hidden.*|visible|invisible|user-select-.*|object-fit-.*|opacity-.*|stretched-link",
      "form-(control|select|check|label|text|range|switch|floating).*|input-group.*|col-form-label.*",
      "table(-sm|-responsive.*|-bordered|-borderless|-nowrap)?|caption-top|is-invalid|is-valid|active|show|disabled",
    ].join("|") +
    ")$",
);

function tabler() {
  const root = postcss.parse(withoutMap(read("@tabler", "core", "dist", "css", "tabler.min.css")));
  const keep = (selector) =>
    [...selector.matchAll(/\.(-?[_a-zA-Z][\w\\:-]*)/g)].every((found) => KEPT.test(found[1].split(":")[0]));
  root.walkRules((rule) => {
    if (rule.parent.name?.endsWith("keyframes")) return;
    const selectors = rule.selectors.filter(keep);
    if (selectors.length) rule.selectors = selectors;
    else rule.remove();
  });
  root.walkAtRules((at) => {
    if (at.name === "charset" || at.name.endsWith("keyframes") || at.name === "font-face") at.remove();
  });
  root.walkComments((comment) => comment.remove());
  for (let empty = true; empty; ) {
    empty = false;
    root.walkAtRules((at) => {
      if (at.nodes?.length === 0) {
        at.remove();
        empty = true;
      }
    });
  }
  return `/*! Tabler, MIT; pruned and layered by tools/vendor/build.mjs */\n@layer tabler{${root.toString()}}\n`;
}

// One <symbol> an icon, so that a page draws it with <use> and its colour follows the text.
function sprite() {
  const names = readFileSync(join(here, "icons.txt"), "utf8").split(/\s+/).filter(Boolean);
  const symbols = names.map((name) => {
    const svg = read("@tabler", "icons", "icons", "outline", `${name}.svg`);
    const inner = svg.replace(/<!--[\s\S]*?-->/g, "").match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1];
    const body = inner.replace(/\s+/g, " ").replace(/> </g, "><").trim();
    return `<symbol id="${name}" viewBox="0 0 24 24">${body}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("\n")}</svg>\n`;
}

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });

write("htmx.min.js", withoutMap(read("htmx.org", "dist", "htmx.min.js")), "htmx.org");
write(
  "alpine-csp.min.js",
  withoutMap(read("@alpinejs", "csp", "dist", "cdn.min.js")),
  "@alpinejs/csp",
  "@vue/reactivity",
  "@vue/shared",
);
write("sortable.min.js", withoutMap(read("sortablejs", "Sortable.min.js")), "sortablejs");
write("echarts.min.js", await bundle("echarts.entry.js", "echarts"), "echarts", "zrender", "tslib");
write(
  "tom-select.min.js",
  withoutMap(read("tom-select", "dist", "js", "tom-select.popular.min.js")),
  "tom-select",
  "@orchidjs/sifter",
  "@orchidjs/unicode-variants",
);
write("tabler.min.css", tabler(), "@tabler/core");
write("icons.svg", sprite(), "@tabler/icons");

listed.sort((a, b) => a.file.localeCompare(b.file) || a.name.localeCompare(b.name));
writeFileSync(join(target, "VENDOR.json"), JSON.stringify(listed, null, 2) + "\n");
console.log(listed.map((row) => `${row.file} ${row.name} ${row.version}`).join("\n"));
