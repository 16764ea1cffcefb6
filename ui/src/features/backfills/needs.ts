// A forecast as figures to show, each against what is left of it today.
import type { Forecast } from "../../api/types.ts";
import { bytes } from "../../lib/bytes.ts";
import { count, exactMoney } from "../../lib/money.ts";
import type { Need } from "./ForecastCard.tsx";

export function needsOf(
  forecast: Omit<Forecast, "forecast_id" | "valid_until" | "start" | "end">,
): Need[] {
  const { budget_left: left } = forecast;
  const need = (
    key: string,
    label: string,
    value: number,
    words: (value: number) => string,
    of?: number | null,
  ): Need => ({
    key,
    label,
    value: words(value),
    over: of != null && value > of,
    note: of == null ? undefined : `${words(Math.max(0, of))} left`,
  });
  const usd = (micros: number) => exactMoney(micros, "USD");
  const whole = (value: number) => count(value);
  return [
    need("calls", "API calls", forecast.calls, whole, left.calls),
    need("reports", "Reports", forecast.reports, whole),
    need("rows", "Rows", forecast.rows, whole, left.rows),
    need("bytes", "Size", forecast.bytes, (value) => bytes(value), left.bytes),
    need("cost", "Cost", forecast.cost_micros_usd, usd, left.cost_micros_usd),
  ];
}
