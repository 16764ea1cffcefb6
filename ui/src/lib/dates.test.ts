import { describe, expect, it } from "vitest";
import {
  addDays,
  day,
  dayRange,
  daysBetween,
  elapsed,
  relative,
  roughDuration,
  todayIn,
} from "./dates.ts";
import { isLate, summarise } from "./freshness.ts";

const now = new Date("2026-11-23T10:00:00Z");

describe("an advertiser's day", () => {
  it("is never shifted by the reader's zone", () => {
    expect(day("2026-11-21", "en-GB", now)).toBe("21 Nov");
    expect(day("2025-12-31", "en-GB", now)).toBe("31 Dec 2025");
    expect(dayRange("2026-11-01", "2026-11-30", "en-GB", now)).toBe("1 Nov – 30 Nov");
  });

  it("is counted over months and clock changes", () => {
    expect(daysBetween("2026-10-24", "2026-10-26")).toBe(2);
    expect(addDays("2026-02-28", 1)).toBe("2026-03-01");
  });

  it("today depends on the zone", () => {
    const late = new Date("2026-11-23T20:30:00Z");
    expect(todayIn("Europe/London", late)).toBe("2026-11-23");
    expect(todayIn("Asia/Tokyo", late)).toBe("2026-11-24");
  });
});

describe("durations", () => {
  it("are relative to now", () => {
    expect(relative("2026-11-23T07:00:00Z", now, "en")).toBe("3 hours ago");
    expect(relative("2026-11-23T09:59:40Z", now, "en")).toBe("just now");
  });

  it("are estimated roughly", () => {
    expect(roughDuration(20)).toBe("under a minute");
    expect(roughDuration(190)).toBe("about 3 minutes");
    expect(elapsed("2026-11-23T09:00:00Z", "2026-11-23T09:01:36Z")).toBe("1 min 36 s");
  });
});

describe("freshness", () => {
  const fresh = { through: "2026-11-22", time_zone: "Europe/Oslo", provisional_days: 2 };
  const old = { through: "2026-11-18", time_zone: "Europe/Oslo", provisional_days: 3 };

  it("is that of the oldest part", () => {
    expect(summarise([fresh, old], now)).toEqual({
      through: "2026-11-18",
      provisionalDays: 3,
      late: true,
    });
    expect(summarise([], now)).toBeNull();
  });

  it("is late only after a day of slack", () => {
    expect(isLate(fresh, now)).toBe(false);
    expect(isLate({ ...fresh, through: "2026-11-21" }, now)).toBe(false);
    expect(isLate(old, now)).toBe(true);
  });
});
