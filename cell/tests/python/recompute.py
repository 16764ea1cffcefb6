"""Adds up the stored reports of an exported folder, with nothing but Python's standard library.

Knows DV360's report format from its documentation and no code of ours. For each advertiser's day of
`days.jsonl` it takes the rows of the one file named there and prints a JSON object: `dataset
advertiser date` to rows and sums. Money and conversions are summed as exact decimals, in millionths.
"""

import csv
import datetime
import decimal
import hashlib
import json
import pathlib
import sys

METRICS = {
    "impressions": ("Impressions", 1),
    "billable_impressions": ("Billable Impressions", 1),
    "clicks": ("Clicks", 1),
    "conversions_micros": ("Total Conversions", 1_000_000),
    "revenue_micros": ("Revenue (Adv Currency)", 1_000_000),
    "media_cost_micros": ("Media Cost (Advertiser Currency)", 1_000_000),
    "billable_cost_micros": ("Billable Cost (Adv Currency)", 1_000_000),
}


def lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def amount(text, unit):
    """Empty, `-` and `Unknown` stand for nothing known."""
    text = text.replace(",", "").strip()
    if text in ("", "-", "Unknown"):
        return 0
    exact = decimal.Decimal(text) * unit
    whole = int(exact)
    if exact != whole:
        raise SystemExit(f"{text} is finer than a millionth")
    return whole


def rows(path):
    """The rows between the header and the totals, as dictionaries."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        table = csv.reader(file)
        header = next(table)
        for row in table:
            # The blank line ends the table; the row of totals before it names no day.
            if not any(row):
                return
            if row[header.index("Date")]:
                yield dict(zip(header, row, strict=True))


def day_of(text):
    return datetime.date.fromisoformat(text.replace("/", "-")).isoformat()


def recompute(folder):
    sums_of_file = {}
    for file in lines(folder / "files.jsonl"):
        path = folder / file["file"]
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != file["sha256"] or len(content) != file["bytes"]:
            raise SystemExit(f"{path} is not what it is said to be")
        sums = sums_of_file.setdefault(file["bronze_id"], {})
        for row in rows(path):
            key = (row["Advertiser ID"], day_of(row["Date"]))
            day = sums.setdefault(key, {"rows": 0} | dict.fromkeys(METRICS, 0))
            day["rows"] += 1
            for metric, (column, unit) in METRICS.items():
                day[metric] += amount(row.get(column, ""), unit)
    result = {}
    for day in lines(folder / "days.jsonl"):
        found = sums_of_file[day["bronze_id"]].get((day["advertiser_id"], day["date"]))
        if found:
            result[f"{day['dataset']} {day['advertiser_id']} {day['date']}"] = found
    return result


if __name__ == "__main__":
    json.dump(recompute(pathlib.Path(sys.argv[1])), sys.stdout, indent=1)
