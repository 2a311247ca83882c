// Charts from a JSON block or address, in the colours of the theme; the shapes are in crm/core/charts.py.
// Canvas and rich-text tooltips only: HTML tooltips would need style attributes, which the policy forbids.
const { words, each, load, toast, options } = window.huike;
const drawn = new Map();

function tokens() {
  const style = getComputedStyle(document.documentElement);
  const get = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    get,
    series: [1, 2, 3, 4, 5, 6, 7].map((place) => get(`chart-${place}`)),
    font: getComputedStyle(document.body).fontFamily,
    words,
  };
}

async function data(figure) {
  const block = document.getElementById(`${figure.dataset.for}-data`);
  if (block) return JSON.parse(block.textContent);
  const answer = await fetch(figure.dataset.src, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

function draw(figure, found) {
  const place = figure.querySelector(".chart__canvas");
  const chart = window.echarts.getInstanceByDom(place) || window.echarts.init(place);
  chart.setOption(options(figure.dataset.chart, found, tokens(), place.clientWidth), true);
  chart.off("click");
  chart.on("click", (hit) => {
    const address = hit.data?.href || found.hrefs?.[hit.dataIndex];
    if (address) window.location.assign(address);
  });
  drawn.set(figure, { chart, found });
}

async function start(figure) {
  try {
    const [found] = await Promise.all([data(figure), load("echarts")]);
    draw(figure, found);
    new ResizeObserver(() => resize(figure)).observe(figure);
  } catch {
    figure.querySelector(".chart__canvas").textContent = words.problems.chart;
    toast(words.problems.chart, "warn");
  }
}

function resize(figure) {
  if (!drawn.has(figure)) return;
  const { chart, found } = drawn.get(figure);
  if (!figure.isConnected) {
    chart.dispose();
    drawn.delete(figure);
  } else if (chart.getWidth() !== figure.querySelector(".chart__canvas").clientWidth) {
    chart.resize();
    draw(figure, found);
  }
}

// A chart below the fold waits until it is near: the first paint does not pay for it.
const near = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      near.unobserve(entry.target);
      start(entry.target);
    }
  },
  { rootMargin: "400px" },
);
each("[data-chart]", (figure) => near.observe(figure));
document.addEventListener("huike:theme", () => {
  for (const [figure, { found }] of drawn) draw(figure, found);
});
window.addEventListener("beforeprint", () => {
  for (const figure of document.querySelectorAll("[data-chart]")) if (!drawn.has(figure)) start(figure);
});
