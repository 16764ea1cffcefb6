import { MantineProvider } from "@mantine/core";
import { render, screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { SyncTimeline } from "./SyncTimeline.tsx";
import { type Step, stepWord, timelineOf, withCurrent } from "./timeline.ts";

const at = (second: number) => new Date(Date.UTC(2026, 10, 23, 6, 0, second)).toISOString();
const step = (name: string, from: number, to: number | null, calls = 0, bytes = 0): Step => ({
  step: name,
  started_at: at(from),
  finished_at: to === null ? null : at(to),
  calls,
  bytes,
});

it("places each step on one line of time", () => {
  const { steps, seconds, calls, bytes } = timelineOf(
    [step("entities", 0, 5, 3), step("waiting", 5, 45, 2), step("loading", 45, null, 0, 900)],
    new Date(at(50)),
  );
  expect(steps.map(({ left, width }) => [left, width])).toEqual([
    [0, 10],
    [10, 80],
    [90, 10],
  ]);
  expect(steps.map(({ running }) => running)).toEqual([false, false, true]);
  expect({ seconds, calls, bytes }).toEqual({ seconds: 50, calls: 5, bytes: 900 });
});

it("a clock that runs behind makes no negative step", () => {
  const [only] = timelineOf([step("queued", 10, null)], new Date(at(5))).steps;
  expect(only).toMatchObject({ seconds: 0, left: 0, width: 0 });
});

it("shows calls and bytes per step and together", () => {
  render(
    <MantineProvider env="test">
      <SyncTimeline
        running={false}
        steps={[step("requesting", 0, 2, 2), step("downloading", 2, 4, 1, 1_500_000)]}
      />
    </MantineProvider>,
  );
  const table = screen.getByRole("table", { name: /Steps of this sync/ });
  expect(within(table).getByRole("row", { name: /Download/ })).toHaveTextContent("2 s11.5 MB");
  expect(within(table).getByRole("row", { name: /Together/ })).toHaveTextContent("4 s31.5 MB");
});

it("a step it does not know is shown as it is", () => {
  expect(stepWord("month_close")).toBe("Month close");
});

it("the step under way began when the last one ended", () => {
  const sync = { state: "waiting", started_at: at(0), created_at: at(0) };
  const steps = withCurrent([step("requesting", 0, 2)], sync, true);
  expect(steps.at(-1)).toMatchObject({ step: "waiting", started_at: at(2) });
  expect(withCurrent([], { ...sync, started_at: null }, true)).toHaveLength(1);
  expect(withCurrent([step("requesting", 0, 2)], sync, false)).toHaveLength(1);
});
