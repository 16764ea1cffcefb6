import { MantineProvider } from "@mantine/core";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import type { CalendarRow } from "../../api/types.ts";
import { day } from "../../lib/dates.ts";
import { daysFrom } from "../../lib/day-runs.ts";
import type { DayState } from "./day-states.ts";
import { moved } from "./grid-keys.ts";
import { HeatMap } from "./HeatMap.tsx";
import { HeatMapKey } from "./HeatMapKey.tsx";

const dates = daysFrom("2026-10-30", "2026-11-03");
const row = (name: string, states: DayState[]): CalendarRow => ({
  advertiser_id: name.toLowerCase(),
  name,
  dsp: "dv360",
  due_through: "2026-11-02",
  time_zone: "Europe/Oslo",
  days: states.map((state, index) => ({ date: dates[index] ?? "", state })),
});
const rows = [
  row("Alpine", ["complete", "complete", "missing", "provisional", "provisional"]),
  row("Borealis", ["complete", "quarantined", "late", "empty"]),
];

function show() {
  const onOpen = vi.fn();
  render(
    <MantineProvider env="test">
      <HeatMap rows={rows} dates={dates} onOpen={onOpen} />
      <HeatMapKey rows={rows} />
    </MantineProvider>,
  );
  return onOpen;
}

it("each cell says its day and state, and months stand above their days", () => {
  show();
  const grid = screen.getByRole("grid", { name: /Days by state/ });
  expect(within(grid).getByRole("columnheader", { name: /Nov/ })).toHaveAttribute("colspan", "3");
  const line = within(grid).getByRole("row", { name: /^Alpine/ });
  expect(
    within(line).getByRole("gridcell", { name: `${day("2026-11-01")}, missing` }),
  ).toBeInTheDocument();
  const other = within(grid).getByRole("row", { name: /^Borealis/ });
  expect(
    within(other).getByRole("gridcell", { name: `${day("2026-11-03")}, not known` }),
  ).toBeInTheDocument();
});

it("is one stop in the tab order; arrows walk it and Enter opens a day", async () => {
  const onOpen = show();
  await userEvent.tab();
  expect(
    screen.getAllByRole("gridcell", { name: `${day("2026-11-03")}, provisional` })[0],
  ).toHaveFocus();
  await userEvent.keyboard("{ArrowLeft}{ArrowDown}");
  await vi.waitFor(() =>
    expect(screen.getByRole("gridcell", { name: `${day("2026-11-02")}, empty` })).toHaveFocus(),
  );
  await userEvent.keyboard("{Enter}");
  expect(onOpen).toHaveBeenCalledWith("borealis", "2026-11-02");
});

it("a click opens the day", async () => {
  const onOpen = show();
  await userEvent.click(screen.getByRole("gridcell", { name: `${day("2026-11-01")}, missing` }));
  expect(onOpen).toHaveBeenCalledWith("alpine", "2026-11-01");
});

it("the key counts the days of each state", () => {
  show();
  const key = screen.getByRole("list", { name: "Days by state" });
  expect(within(key).getByText("Complete")).toHaveTextContent("Complete3");
  expect(within(key).getByText("Missing")).toHaveTextContent("Missing1");
});

it("keys stay inside the grid", () => {
  const size = { rows: 2, columns: 5 };
  expect(moved({ row: 0, column: 0 }, "ArrowLeft", size)).toEqual({ row: 0, column: 0 });
  expect(moved({ row: 1, column: 3 }, "PageDown", size)).toEqual({ row: 1, column: 4 });
  expect(moved({ row: 1, column: 3 }, "Home", size, true)).toEqual({ row: 0, column: 0 });
  expect(moved({ row: 1, column: 3 }, "x", size)).toBeUndefined();
});
