// One function a kind of chart: data of crm/core/charts.py and theme tokens in, ECharts option out.
// What a person reads here is the same as in the table twin below the chart.
const round = (value) => (typeof value === "number" ? Math.round(value * 100) / 100 : value);
const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });
const show = (value, unit = "") =>
  value === null || value === undefined || value === "-"
    ? "—"
    : `${grouped.format(value)}${unit ? ` ${unit}` : ""}`;

function base(theme) {
  return {
    animation: false,
    color: theme.series,
    textStyle: { fontFamily: theme.font, color: theme.get("muted") },
    aria: { enabled: true },
    tooltip: {
      renderMode: "richText",
      confine: true,
      backgroundColor: theme.get("card"),
      borderColor: theme.get("line-strong"),
      borderWidth: 1,
      padding: [6, 10],
      textStyle: { color: theme.get("ink"), fontSize: 12, fontFamily: theme.font },
    },
  };
}

const label = (theme, more) => ({ color: theme.get("muted"), fontSize: 12, ...more });

function legend(theme, names) {
  return {
    show: names.length > 1,
    data: names,
    top: 2,
    right: 8,
    icon: "roundRect",
    itemWidth: 10,
    itemHeight: 10,
    textStyle: { color: theme.get("ink-soft"), fontSize: 12 },
    inactiveColor: theme.get("line-strong"),
  };
}

function axis(theme, data, hidden = false) {
  return {
    type: "category",
    data,
    show: !hidden,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: theme.get("line-strong") } },
    axisLabel: label(theme, { hideOverlap: true }),
  };
}

function values(theme, unit) {
  return {
    type: "value",
    name: unit,
    nameTextStyle: { color: theme.get("muted"), fontSize: 12, align: "left", padding: [0, 0, 0, -24] },
    splitLine: { lineStyle: { color: theme.get("line") } },
    axisLabel: label(theme),
  };
}

function series(one, theme, kind, flat, count) {
  const type = one.type || (kind === "line" ? "line" : "bar");
  const corner = flat ? [0, 3, 3, 0] : [3, 3, 0, 0];
  const tone = one.tone && theme.get(one.tone);
  const common = {
    name: one.name,
    type,
    data: one.data.map(round),
    stack: one.stack,
    itemStyle: tone ? { color: tone } : {},
  };
  if (type === "line")
    return {
      ...common,
      symbol: count === 1 ? "circle" : "none",
      connectNulls: false,
      lineStyle: {
        width: one.dashed ? 1.5 : 2,
        type: one.dashed ? "dashed" : "solid",
        ...(tone ? { color: tone } : {}),
      },
    };
  return {
    ...common,
    barMaxWidth: flat ? 18 : 14,
    barGap: "10%",
    itemStyle: { ...common.itemStyle, borderRadius: one.stack ? 0 : corner },
  };
}

function cartesian(data, theme, width, kind) {
  const flat = kind === "hbar";
  const many = data.series.length > 1;
  const names = axis(theme, data.categories);
  const scale = values(theme, flat ? "" : data.unit);
  if (flat) {
    Object.assign(names, { inverse: true, axisLine: { show: false } });
    Object.assign(scale, { show: false });
  }
  return {
    ...base(theme),
    tooltip: {
      ...base(theme).tooltip,
      trigger: "axis",
      axisPointer: { type: flat ? "shadow" : "line", lineStyle: { color: theme.get("line-strong") } },
      valueFormatter: (value) => show(value, data.unit),
    },
    legend: legend(
      theme,
      data.series.map((one) => one.name),
    ),
    grid: {
      left: 8,
      right: flat ? 76 : 12,
      top: many ? 34 : data.unit && !flat ? 28 : 12,
      bottom: 6,
      containLabel: true,
    },
    xAxis: flat ? scale : names,
    yAxis: flat ? names : scale,
    series: data.series.map((one, place) => {
      const found = series(one, theme, kind, flat, data.categories.length);
      if (flat && !many)
        found.label = {
          show: true,
          position: "right",
          color: theme.get("ink-soft"),
          formatter: ({ value }) => show(value, data.unit),
        };
      if (data.target !== undefined && place === 0) found.markLine = targetLine(data, theme);
      return found;
    }),
  };
}

const targetLine = (data, theme) => ({
  silent: true,
  symbol: "none",
  data: [{ yAxis: data.target, name: data.target_name || "" }],
  label: { formatter: "{b}", position: "insideEndTop", color: theme.get("warn-text") },
  lineStyle: { color: theme.get("warn"), type: "dashed" },
});

function pie(data, theme, width) {
  const narrow = width < 380;
  return {
    ...base(theme),
    tooltip: { ...base(theme).tooltip, trigger: "item", valueFormatter: (value) => show(value, data.unit) },
    legend: {
      ...legend(
        theme,
        data.items.map((item) => item.name),
      ),
      show: true,
      type: "plain",
      orient: narrow ? "horizontal" : "vertical",
      right: narrow ? "center" : 8,
      top: narrow ? "bottom" : "middle",
    },
    series: [
      {
        type: "pie",
        radius: ["48%", "72%"],
        center: narrow ? ["50%", "40%"] : ["34%", "50%"],
        data: data.items.map((item) => ({ ...item, value: round(item.value) })),
        label: { show: false },
        itemStyle: { borderColor: theme.get("card"), borderWidth: 2 },
      },
    ],
  };
}

function gauge(data, theme) {
  return {
    ...base(theme),
    series: [
      {
        type: "gauge",
        min: data.low ?? 0,
        max: data.high ?? 100,
        startAngle: 210,
        endAngle: -30,
        radius: "96%",
        center: ["50%", "58%"],
        progress: { show: true, width: 9, itemStyle: { color: theme.get(data.tone || "accent") } },
        axisLine: { lineStyle: { width: 9, color: [[1, theme.get("track")]] } },
        pointer: { show: false },
        axisTick: { show: false },
        splitLine: { show: false },
        axisLabel: { show: false },
        detail: { offsetCenter: [0, 0], fontSize: 25, fontWeight: 650, color: theme.get("ink") },
        title: { offsetCenter: [0, "36%"], fontSize: 12, color: theme.get("muted") },
        data: [{ value: round(data.value), name: data.name || "" }],
      },
    ],
  };
}

const toned = (node, theme, fallback) => ({ color: theme.get(node.tone || fallback) || theme.series[0] });

function sankey(data, theme, width) {
  const narrow = width < 420;
  return {
    ...base(theme),
    tooltip: { ...base(theme).tooltip, trigger: "item", valueFormatter: (value) => show(value, data.unit) },
    series: [
      {
        type: "sankey",
        left: 10,
        right: narrow ? 76 : 110,
        top: 10,
        bottom: 10,
        nodeWidth: 9,
        nodeGap: 9,
        draggable: false,
        emphasis: { focus: "adjacency" },
        label: { fontSize: 12, color: theme.get("ink-soft"), width: narrow ? 70 : 100, overflow: "truncate" },
        lineStyle: { color: "source", opacity: 0.2 },
        data: data.nodes.map((node) => ({ ...node, itemStyle: toned(node, theme, "chart-2") })),
        links: data.links,
      },
    ],
  };
}

function heatmap(data, theme, width) {
  const cells = data.values.flatMap((row, y) => row.map((value, x) => [x, y, value ?? "-"]));
  const found = cells.map((cell) => cell[2]).filter((value) => typeof value === "number");
  const top = data.max ?? Math.max(...found, 0);
  const low = data.min ?? Math.min(...found, 0);
  const text = (value) => (value === "-" ? "" : data.percent ? `${Math.round(value * 100)}%` : show(value));
  const dark = (value) => (value - low) / (top - low || 1) > 0.55;
  return {
    ...base(theme),
    tooltip: {
      ...base(theme).tooltip,
      formatter: ({ value }) => `${data.y[value[1]]} · ${data.x[value[0]]}  ${text(value[2]) || "—"}`,
    },
    grid: { left: 8, right: 8, top: 6, bottom: 44, containLabel: true },
    xAxis: {
      ...axis(theme, data.x),
      axisLine: { show: false },
      axisLabel: label(theme, {
        interval: 0,
        width: Math.max(40, width / data.x.length - 14),
        overflow: "truncate",
      }),
    },
    yAxis: { ...axis(theme, data.y), inverse: true, axisLine: { show: false } },
    visualMap: {
      min: low,
      max: top || 1,
      calculable: false,
      orient: "horizontal",
      left: "center",
      bottom: 0,
      itemWidth: 10,
      itemHeight: 110,
      text: [text(top), text(low)],
      textStyle: { color: theme.get("muted") },
      inRange: { color: [theme.get("heat-low"), theme.get("heat-high")] },
    },
    series: [
      {
        type: "heatmap",
        data: cells.map((cell) => ({
          value: cell,
          label: { color: cell[2] !== "-" && dark(cell[2]) ? theme.get("on-accent") : theme.get("ink") },
        })),
        label: { show: width / data.x.length > 46, formatter: ({ value }) => text(value[2]) },
        itemStyle: { borderColor: theme.get("card"), borderWidth: 2, borderRadius: 3 },
      },
    ],
  };
}

function scatter(data, theme) {
  const scale = (name) => ({
    ...values(theme, name),
    scale: true,
    nameLocation: "middle",
    nameGap: 28,
    nameTextStyle: { color: theme.get("muted") },
  });
  return {
    ...base(theme),
    tooltip: {
      ...base(theme).tooltip,
      formatter: ({ data: point }) =>
        `${point.name}  ${show(point.value[0])} · ${show(point.value[1], data.unit)}`,
    },
    grid: { left: 24, right: 16, top: 12, bottom: 24, containLabel: true },
    xAxis: scale(data.x_name),
    yAxis: scale(data.y_name),
    series: [
      {
        type: "scatter",
        symbolSize: 8,
        data: data.points.map((point) => ({
          name: point.name,
          href: point.href,
          value: [round(point.x), round(point.y)],
          itemStyle: point.tone ? toned(point, theme) : {},
        })),
      },
    ],
  };
}

function graph(data, theme) {
  return {
    ...base(theme),
    tooltip: { ...base(theme).tooltip, trigger: "item" },
    series: [
      {
        type: "graph",
        layout: "force",
        roam: true,
        animation: false,
        force: { repulsion: 160, edgeLength: 80, layoutAnimation: false },
        label: { show: true, position: "right", color: theme.get("ink-soft"), fontSize: 12 },
        edgeSymbol: ["none", data.directed ? "arrow" : "none"],
        edgeSymbolSize: 7,
        lineStyle: { color: theme.get("line-strong"), width: 1.5 },
        data: data.nodes.map((node) => ({
          symbolSize: node.size || 16,
          ...node,
          itemStyle: toned(node, theme, "chart-2"),
        })),
        links: data.links.map((link) => ({
          ...link,
          label: {
            show: Boolean(link.label),
            formatter: link.label || "",
            fontSize: 11,
            color: theme.get("muted"),
          },
        })),
      },
    ],
  };
}

function radar(data, theme) {
  return {
    ...base(theme),
    legend: legend(
      theme,
      data.series.map((one) => one.name),
    ),
    radar: {
      indicator: data.indicators,
      radius: "66%",
      axisName: { color: theme.get("muted") },
      splitArea: { show: false },
      splitLine: { lineStyle: { color: theme.get("line") } },
      axisLine: { lineStyle: { color: theme.get("line") } },
    },
    series: [
      {
        type: "radar",
        symbol: "none",
        areaStyle: { opacity: 0.12 },
        data: data.series.map((one) => ({ name: one.name, value: one.data.map(round) })),
      },
    ],
  };
}

const kinds = { pie, gauge, sankey, heatmap, scatter, graph, radar };

window.huike.options = function options(kind, data, theme, width) {
  const make = kinds[kind];
  return make ? make(data, theme, width) : cartesian(data, theme, width, kind);
};
