import { expect, it } from "vitest";
import { syncAdvertiserStatus } from "./Chip.tsx";

it("nothing is said to be loading while its sync waits, rests or is over", () => {
  const words = ["waiting", "loading", "paused", "quarantined", "cancelled"].map(
    (sync) => syncAdvertiserStatus("working", sync).word,
  );
  expect(words).toEqual(["Waiting", "Loading", "Paused", "Not loaded", "Not loaded"]);
  expect(syncAdvertiserStatus("done", "paused").word).toBe("In");
});
