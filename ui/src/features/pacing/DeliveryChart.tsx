// The delivery curve. Loaded only where it is shown; the table below it says the same.
import { useComputedColorScheme } from "@mantine/core";
import { BarChart, LineChart } from "echarts/charts";
import {
  AriaComponent,
  AxisPointerComponent,
  GridComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
} from "echarts/components";
import { type ECharts, init, use as register } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import type { PacingDetail, PacingSupposed } from "../../api/types.ts";
import { chartOption, readPalette } from "./chart-option.ts";
import { curveOf } from "./curve.ts";
import classes from "./DeliveryChart.module.css";
import { doneWord } from "./words.ts";

register([
  LineChart,
  BarChart,
  GridComponent,
  TooltipComponent,
  AxisPointerComponent,
  MarkLineComponent,
  MarkAreaComponent,
  AriaComponent,
  CanvasRenderer,
]);

const NARROW = 640;

type Props = {
  detail: PacingDetail;
  supposed?: PacingSupposed | undefined;
  today: string;
  className?: string;
};

export default function DeliveryChart({ detail, supposed, today, className }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts | null>(null);
  const scheme = useComputedColorScheme("light");

  // The scheme is a dependency because the palette is read from the page's variables.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    const element = box.current;
    const { row } = detail;
    const curve = curveOf(detail, supposed);
    if (element === null || curve === null) return;
    const instance = init(element, null, { renderer: "canvas" });
    chart.current = instance;
    const draw = () => {
      const narrow = element.clientWidth < NARROW;
      instance.setOption(chartOption({ curve, row, today, narrow, palette: readPalette() }), true);
    };
    draw();
    const observer = new ResizeObserver(() => {
      instance.resize();
      draw();
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      instance.dispose();
    };
  }, [detail, supposed, today, scheme]);

  return (
    <div className={className}>
      <div ref={box} className={classes.canvas} />
      <ul className={classes.key} aria-label="Key">
        <li data-kind="actual">{doneWord(detail.row)}</li>
        <li data-kind="plan">Plan</li>
        <li data-kind="projection">Projected, and its range</li>
        {supposed && <li data-kind="supposed">What if</li>}
        <li data-kind="provisional">Provisional days</li>
      </ul>
    </div>
  );
}
