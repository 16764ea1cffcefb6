// What the chart looks like: actual solid, plan thin and dashed, projection lighter, today a
// vertical rule, provisional days hatched; daily bars from zero below.
import type { EChartsCoreOption } from "echarts/core";
import type { PacingRow } from "../../api/types.ts";
import { day } from "../../lib/dates.ts";
import { money, shortMoney } from "../../lib/money.ts";
import type { Curve } from "./curve.ts";
import { tooltipOf } from "./tooltip.ts";
import { countsImpressions, doneWord } from "./words.ts";

export type Palette = Record<
  "text" | "text2" | "text3" | "line" | "hatch" | "accent" | "plan" | "supposed" | "surface",
  string
>;

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    text: read("--text"),
    text2: read("--text-2"),
    text3: read("--text-3"),
    line: read("--line"),
    hatch: read("--hatch"),
    accent: read("--accent"),
    plan: read("--plan"),
    supposed: read("--text"),
    surface: read("--surface"),
  };
}

type Input = { curve: Curve; row: PacingRow; today: string; narrow: boolean; palette: Palette };

const FONT = { fontFamily: '"Inter Variable", system-ui, sans-serif', fontSize: 12 };

export function chartOption(input: Input): EChartsCoreOption {
  const { curve, row, narrow, palette } = input;
  const right = narrow ? 12 : 136;
  const left = narrow ? 48 : 60;
  const text = { ...FONT, color: palette.text3 };
  const dateAxis = (gridIndex: number, labels: boolean) => ({
    type: "category",
    gridIndex,
    data: curve.dates,
    boundaryGap: true,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: palette.hatch } },
    axisLabel: { show: labels, ...text, formatter: (date: string) => day(date), hideOverlap: true },
    axisPointer: { lineStyle: { color: palette.text3, width: 1 } },
  });
  const moneyAxis = (gridIndex: number, splits: number, name?: string) => ({
    type: "value",
    gridIndex,
    min: 0,
    splitNumber: splits,
    name,
    nameGap: 14,
    nameTextStyle: { ...text, align: "left", padding: [0, 0, 0, 6 - left] },
    axisLabel: { ...text, formatter: (value: number) => axisText(value, row) },
    splitLine: { lineStyle: { color: palette.line } },
  });
  return {
    animation: false,
    textStyle: FONT,
    aria: { enabled: true, label: { description: summaryOf(row) } },
    axisPointer: { link: [{ xAxisIndex: "all" }] },
    grid: [
      { left, right, top: 24, height: "54%" },
      { left, right, bottom: 24, height: "18%" },
    ],
    xAxis: [dateAxis(0, false), dateAxis(1, true)],
    yAxis: [moneyAxis(0, 4), moneyAxis(1, 1, "Per day")],
    tooltip: {
      trigger: "axis",
      backgroundColor: palette.surface,
      borderColor: palette.hatch,
      borderWidth: 1,
      padding: [8, 12],
      extraCssText: "box-shadow:none;border-radius:6px",
      textStyle: { ...FONT, color: palette.text },
      confine: true,
      transitionDuration: 0,
      formatter: (items: { dataIndex: number }[]) =>
        tooltipOf(curve, row, items[0]?.dataIndex ?? 0),
    },
    series: seriesOf(input),
  };
}

function seriesOf({ curve, row, today, narrow, palette }: Input) {
  const line = { type: "line", symbol: "none", silent: true, emphasis: { disabled: true } };
  const label = (word: string, value: number | null | undefined, color: string, dy: number) => ({
    show: !narrow && value != null,
    formatter: `${word} ${amountText(value ?? 0, row)}`,
    ...FONT,
    color,
    offset: [4, dy],
  });
  const budget = row.budget_micros ?? 0;
  const projected = row.projected_end_micros;
  const planAbove = projected == null || projected <= budget;
  const apart = projected == null || Math.abs(projected - budget) > budget * 0.06;
  return [
    {
      ...line,
      name: "Plan",
      data: curve.plan,
      lineStyle: { color: palette.plan, width: 1.25, type: [4, 4] },
      itemStyle: { color: palette.plan },
      endLabel: label("Plan", budget, palette.text2, apart ? 0 : planAbove ? -7 : 7),
      markLine: todayRule(curve, today, palette),
    },
    {
      ...line,
      name: "Projected",
      data: curve.projection,
      lineStyle: { color: palette.accent, width: 2, opacity: 0.4 },
      itemStyle: { color: palette.accent },
      endLabel: label("Projected", projected, palette.text2, apart ? 0 : planAbove ? 8 : -8),
    },
    {
      ...line,
      name: doneWord(row),
      data: curve.actual,
      lineStyle: { color: palette.accent, width: 2 },
      itemStyle: { color: palette.accent },
    },
    ...bandOf(curve, palette),
    ...supposedOf(curve, palette),
    // Holds the hatching of the upper grid: bars own whole days, lines only their middles.
    { type: "bar", data: [], silent: true, markArea: provisionalArea(curve, palette) },
    {
      type: "bar",
      name: "Per day",
      xAxisIndex: 1,
      yAxisIndex: 1,
      data: curve.daily,
      barMaxWidth: 18,
      barCategoryGap: "30%",
      silent: true,
      itemStyle: { color: palette.accent, opacity: 0.55, borderRadius: [1, 1, 0, 0] },
      markArea: provisionalArea(curve, palette),
    },
  ];
}

/** From the lowest projection to the highest: the second is stacked on the first. */
function bandOf(curve: Curve, palette: Palette) {
  const edge = {
    type: "line",
    stack: "band",
    symbol: "none",
    silent: true,
    lineStyle: { opacity: 0 },
    emphasis: { disabled: true },
  };
  const apart = curve.high.map((high, index) => {
    const low = curve.low[index];
    return high == null || low == null ? null : high - low;
  });
  return [
    { ...edge, name: "Projected, from", data: curve.low },
    {
      ...edge,
      name: "Projected, to",
      data: apart,
      areaStyle: { color: palette.accent, opacity: 0.14 },
    },
  ];
}

function supposedOf(curve: Curve, palette: Palette) {
  if (curve.supposed === null) return [];
  const line = { type: "line", symbol: "none", silent: true, emphasis: { disabled: true } };
  return [
    {
      ...line,
      name: "What if, plan",
      data: curve.supposed,
      lineStyle: { color: palette.supposed, width: 1.25, type: [4, 4] },
      itemStyle: { color: palette.supposed },
    },
    {
      ...line,
      name: "What if, projected",
      data: curve.supposedProjection,
      lineStyle: { color: palette.supposed, width: 2 },
      itemStyle: { color: palette.supposed },
    },
  ];
}

function todayRule(curve: Curve, today: string, palette: Palette) {
  return {
    silent: true,
    symbol: "none",
    animation: false,
    lineStyle: { color: palette.text3, width: 1, type: "solid" },
    label: { ...FONT, formatter: "Today", color: palette.text2, position: "end" },
    data: curve.dates.includes(today) ? [{ xAxis: today }] : [],
  };
}

function provisionalArea(curve: Curve, palette: Palette) {
  return {
    silent: true,
    itemStyle: { color: { image: hatch(palette.hatch), repeat: "repeat" } },
    data: curve.provisional
      ? [[{ xAxis: curve.provisional[0] }, { xAxis: curve.provisional[1] }]]
      : [],
  };
}

function hatch(color: string): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 6;
  const pen = canvas.getContext("2d");
  if (pen) {
    pen.strokeStyle = color;
    pen.lineWidth = 1;
    pen.beginPath();
    for (const shift of [-6, 0, 6]) {
      pen.moveTo(shift, 6);
      pen.lineTo(shift + 6, 0);
    }
    pen.stroke();
  }
  return canvas;
}

function axisText(value: number, row: PacingRow): string {
  return !countsImpressions(row)
    ? shortMoney(value, row.currency)
    : new Intl.NumberFormat(undefined, { notation: "compact" }).format(value / 1_000_000);
}

function amountText(value: number, row: PacingRow): string {
  return countsImpressions(row) ? axisText(value, row) : money(value, row.currency);
}

function summaryOf(row: PacingRow): string {
  return `Delivery of ${row.name}: ${amountText(row.spend_micros, row)} ${doneWord(row).toLowerCase()}, ${amountText(
    row.expected_micros,
    row,
  )} expected. The days are in the table below.`;
}
