"""What pacing comes to, worked out apart from the product: Python's standard library, exact
fractions, one day after the other. One segment of JSON a line in, its figures a line out.

Formulas and where they are from:
- pacing = spend / (budget / days * days elapsed through the last complete day): Basis DSP.
- days ahead = days elapsed * (pacing - 1): Google's margin-protection.
- needed per day = remaining / days left; on average = spend / days: Display & Video 360's own.
- projection = spend + rate * days left, rate of yesterday, of seven days, to date: Basis, Google.
- ahead = at most 120 % of even; as soon as possible = the whole budget: Display & Video 360.
- the lowest of all caps binds: Display & Video 360.
A calendar gives a day a weight in percent; "day" above then means a day's weight over a hundred.
A budget edited on the way keeps the plan of the days before, and spreads the rest over those after.
"""

import json
import sys
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction

ONE_DAY = timedelta(days=1)
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


def span(first, last):
    day = first
    while day <= last:
        yield day
        day += ONE_DAY


def half_even(value):
    # No denominator here comes near 10^40, so eighty digits never mistake a half.
    with localcontext() as context:
        context.prec = 80
        quotient = Decimal(value.numerator) / Decimal(value.denominator)
        return int(quotient.to_integral_value(rounding=ROUND_HALF_EVEN))


def two_digits(value):
    hundredths = half_even(value * 100)
    sign = "-" if hundredths < 0 else ""
    return f"{sign}{abs(hundredths) // 100}.{abs(hundredths) % 100:02}"


class Segment:
    def __init__(self, given):
        self.start = date.fromisoformat(given["start"])
        self.edits = [
            (date.fromisoformat(one["from"]), date.fromisoformat(one["end"]), one["budget"])
            for one in given["edits"]
        ]
        _, self.end, self.budget = self.edits[-1]
        self.kind = given["kind"]
        self.grain = 1_000_000 if given["impressions"] else 1
        through = date.fromisoformat(given["through"])
        self.last = min(through, self.end)
        self.values = {date.fromisoformat(day): value for day, value in given["days"].items()}
        self.calendar = given["calendar"]
        self.daily_max = given["daily_max"]
        self.daily = given["daily"]
        self.ceiling = given["ceiling"]
        self.band = given["band"]
        whole = list(span(self.start, self.end))
        self.plain = all(self.says(day) == 0 for day in whole)
        self.done = [day for day in whole if day <= self.last]
        self.left = [day for day in whole if day > self.last]

    def says(self, day):
        weight = self.calendar["weekdays"].get(WEEKDAYS[day.weekday()], 100)
        for one in self.calendar["days"]:
            if date.fromisoformat(one["from"]) <= day <= date.fromisoformat(one["to"]):
                weight = one["percent"]
        return weight

    def weight(self, days):
        """In days; all alike where the calendar leaves none to run on."""
        return sum((Fraction(100 if self.plain else self.says(day), 100) for day in days), Fraction(0))

    def money(self, value):
        return half_even(value / self.grain) * self.grain

    def even(self, upto):
        """The plan's even curve at the end of a day, edit by edit, one day after the other."""
        planned, budget = Fraction(0), Fraction(0)
        edits = self.edits
        if edits[-1][0] > self.end:
            edits = [(self.start, edits[-1][1], edits[-1][2])]
        for index, (begins, end, budget) in enumerate(edits):
            budget = Fraction(max(budget, 0))
            stops = edits[index + 1][0] - ONE_DAY if index + 1 < len(edits) else upto
            # What was planned is an amount; a cut budget is never planned beyond.
            base = min(Fraction(self.money(planned)) if index else Fraction(0), budget)
            days = list(span(begins, end))
            weights = {day: Fraction(self.says(day), 100) for day in days}
            if sum(weights.values()) == 0:
                weights = {day: Fraction(1) for day in days}
            total = sum(weights.values())
            # An edit is made at the beginning of its day; the day itself belongs to what follows.
            planned = base
            for day in span(begins, min(stops, upto, end)):
                planned += (budget - base) * weights[day] / total
            if stops >= upto:
                break
        return planned, budget

    def figures(self):
        spent = sum(self.values.get(day, 0) for day in self.done)
        elapsed = len(self.done)
        even, budget = self.even(self.last) if elapsed else (Fraction(0), Fraction(self.budget))
        target = {
            "even": even,
            "ahead": min(even * Fraction(6, 5), budget),
            "asap": budget if elapsed else Fraction(0),
        }[self.kind]
        pacing = spent / target if target > 0 else None
        remaining = self.budget - spent
        open_ = max(remaining, 0)
        left = self.weight(self.left)
        needed = open_ / left if left else None
        found = {
            "days_total": elapsed + len(self.left),
            "days_elapsed": elapsed,
            "expected": self.money(target),
            "pacing_percent": two_digits(pacing * 100) if pacing is not None else None,
            "percent_ahead": two_digits((pacing - 1) * 100) if pacing is not None else None,
            "days_ahead": two_digits(self.weight(self.done) * (pacing - 1)) if pacing is not None else None,
            "ahead": spent - self.money(target),
            "remaining": remaining,
            "needed_per_day": self.money(needed) if needed is not None else None,
            "target_next_day": self.target(needed, open_),
            "average_per_day": self.money(Fraction(spent, elapsed)) if elapsed else None,
        }
        found.update(self.projected(spent, left))
        found["status"] = self.status(spent, even, target)
        running = found["status"] in ("on_pace", "behind", "ahead")
        end = found["projected_end"]
        found["underspend_at_risk"] = max(self.budget - end, 0) if running and end is not None else 0
        share = Fraction(found["underspend_at_risk"], self.budget) if running else None
        found["at_risk_percent"] = two_digits(share * 100) if running else None
        return found

    def target(self, needed, open_):
        if needed is None:
            return None
        most = open_ if self.daily_max is None else min(self.daily_max, open_)
        if self.daily and self.daily_max is not None:
            return self.money(Fraction(most))
        today = needed * self.weight([self.left[0]])
        wanted = {"even": today, "ahead": today * Fraction(6, 5), "asap": Fraction(most)}[self.kind]
        return self.money(min(wanted, Fraction(most)))

    def rate(self, days):
        """What an ordinary day brings, by some days; days that want nothing say nothing."""
        for memory in (days, self.done):
            weight = self.weight(memory)
            if weight:
                return sum(self.values.get(day, 0) for day in memory) / weight
        return Fraction(sum(self.values.get(day, 0) for day in self.done), len(self.done))

    def projected(self, spent, left):
        if not self.done:
            return dict.fromkeys(["projected_end", "projected_low", "projected_high", "used_up_on"])
        most = Fraction(self.ceiling) if self.ceiling is not None else None
        rates = [self.rate(self.done[-1:]), self.rate(self.done[-7:]), self.rate(self.done)]
        futures = [rate * left if most is None else min(rate * left, most) for rate in rates]
        ends = [self.money(spent + future) for future in futures]
        return {
            "projected_end": ends[1],
            "projected_low": min(ends),
            "projected_high": max(ends),
            "used_up_on": self.used_up(spent, rates[1]),
        }

    def used_up(self, spent, rate):
        if not self.left or self.budget <= 0:
            return None
        if spent >= self.budget:
            return self.last.isoformat()
        if self.ceiling is not None and self.ceiling < self.budget - spent:
            return None
        total = Fraction(spent)
        for day in self.left[:-1]:
            total += rate * self.weight([day])
            if total >= self.budget:
                return day.isoformat()
        return None

    def status(self, spent, even, target):
        if self.budget <= 0:
            return "no_budget"
        if not self.done:
            return "not_started"
        if not self.left:
            return "ended"
        judged = even if self.kind == "asap" else target
        if spent * 100 < self.band[0] * judged:
            return "behind"
        if spent * 100 > self.band[1] * judged and self.kind != "asap":
            return "ahead"
        return "on_pace"


for line in sys.stdin:
    print(json.dumps(Segment(json.loads(line)).figures()))
