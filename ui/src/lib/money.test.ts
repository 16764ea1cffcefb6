import { describe, expect, it } from "vitest";
import { amount, decimal, exactMoney, inUnit, money, percent, shortMoney } from "./money.ts";

/** Intl uses narrow spaces that look the same and are not. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

describe("micros", () => {
  it("become whole units in tables", () => {
    expect(amount(12_345_678_900, "en")).toBe("12,346");
    expect(amount(null, "en")).toBe("–");
  });

  it("never become minus zero", () => {
    expect(amount(-400_000, "en")).toBe("0");
    expect(money(-1, "EUR", "en")).toBe("€0");
  });

  it("carry their currency in key figures, in the reader's locale", () => {
    expect(money(12_345_678_900, "EUR", "en")).toBe("€12,346");
    expect(plain(money(12_345_678_900, "EUR", "de"))).toBe("12.346 €");
    expect(plain(exactMoney(1_234_560_000, "JPY", "en"))).toBe("¥1,235");
    expect(plain(exactMoney(1_234_560_000, "EUR", "fr"))).toBe("1 234,56 €");
  });

  it("are short on an axis", () => {
    expect(shortMoney(12_000_000_000, "GBP", "en")).toBe("£12K");
  });

  it("say so when they count impressions", () => {
    expect(inUnit(27_000_000_000_000, "impressions", "INR", "en")).toBe("27,000,000 impressions");
  });
});

describe("decimal text", () => {
  it("becomes a percentage in the reader's locale", () => {
    expect(percent("98.53", "en")).toBe("98.5%");
    expect(plain(percent("98.53", "de"))).toBe("98,5 %");
    expect(percent(null, "en")).toBe("–");
    expect(percent("not a number", "en")).toBe("–");
  });

  it("stays a plain figure where the header names the unit", () => {
    expect(decimal("112.049", "en")).toBe("112.0");
  });
});
