//! A file from its first byte to its last: header, rows, totals row, and what the source writes
//! behind the blank line.

use std::collections::HashSet;
use std::io::BufRead;

use super::cells::Cells;
use super::dialect::{Header, Tail, TotalsRow, read_tail};
use super::header::{self, Layout};
use super::records::{Found, Record, Records};
use super::rules::Rules;
use super::totals::Totals;
use super::{Error, Expected, Fact, ReadSummary, RowSink};
use crate::ingestion::connector::ReportRequest;
use crate::ingestion::pipelines::spec::{Column, To};

pub(super) fn read(
    input: impl BufRead,
    expected: &Expected<'_>,
    tail: Option<&mut dyn Tail>,
    sink: RowSink<'_>,
) -> Result<ReadSummary, Error> {
    let mut records = Records::new(input, expected.dialect.delimiter)?;
    read_records(&mut records, expected, tail, sink).map_err(|error| {
        if records.cut_off() {
            Error::CutOff(Box::new(error))
        } else {
            error
        }
    })
}

fn read_records<R: BufRead>(
    records: &mut Records<R>,
    expected: &Expected<'_>,
    mut tail: Option<&mut dyn Tail>,
    sink: RowSink<'_>,
) -> Result<ReadSummary, Error> {
    for _ in 0..expected.dialect.skip_lines {
        if !records.skip_line()? {
            return Err(Error::NoHeader);
        }
    }
    if records.advance()? != Found::Record {
        return Err(Error::NoHeader);
    }
    let layout = header::bind(expected.spec, records.record())?;
    let mut body = Body::new(&layout, expected);
    let end = body.read(records, sink)?;
    let mut reported_at = None;
    match (end, &mut tail) {
        (Found::Blank, _) => {
            read_tail(records, tail.as_deref_mut())?;
            if let Some(tail) = tail {
                let present: Vec<&Column> = layout.bound.iter().map(|one| one.column).collect();
                reported_at = tail.finish(&Header {
                    present: &present,
                    new: &layout.new,
                })?;
            }
        }
        (Found::End | Found::Record, None) => {}
        // An empty report may come without a tail; then only its length proves that it is whole.
        (Found::End | Found::Record, Some(_)) => {
            if !body.no_data || expected.bytes.is_none() {
                return Err(Error::NoTail);
            }
        }
    }
    if expected.dialect.totals == TotalsRow::Required && !body.totals.proven && !body.no_data {
        return Err(Error::NoTotals);
    }
    check_length(records, expected.bytes)?;
    let mut drifts = layout.drifts;
    drifts.extend(body.cells.retyped());
    Ok(ReadSummary {
        rows: body.rows,
        bytes: records.bytes(),
        control_total: body.totals.proven,
        reported_at,
        drifts,
        warnings: body.rules.into_warnings(),
        censored: body.cells.seen.iter().map(|seen| seen.censored).sum(),
        nulls: body.cells.nulls,
        sums: body.totals.into_sums(&body.cells),
    })
}

fn check_length<R: BufRead>(records: &Records<R>, announced: Option<u64>) -> Result<(), Error> {
    match announced {
        Some(announced) if announced != records.bytes() => Err(Error::Length {
            read: records.bytes(),
            announced,
        }),
        None if !records.ends_with_line_feed() => Err(Error::OpenEnd),
        Some(_) | None => Ok(()),
    }
}

/// The rows and the totals row.
struct Body<'e> {
    width: usize,
    cells: Cells<'e>,
    totals: Totals,
    rules: Rules,
    asked: Asked<'e>,
    dialect: &'e super::Dialect<'e>,
    rows: u64,
    no_data: bool,
}

impl<'e> Body<'e> {
    fn new(layout: &Layout<'e>, expected: &'e Expected<'e>) -> Self {
        let spec = expected.spec;
        let columns = spec.columns.len();
        let retyped = spec.contract.retyped_column;
        let cells = Cells::new(layout, columns, &expected.dialect, retyped);
        Self {
            width: layout.width,
            rules: Rules::new(spec, &cells),
            totals: Totals::new(columns),
            asked: Asked::new(expected.request, &cells),
            dialect: &expected.dialect,
            cells,
            rows: 0,
            no_data: false,
        }
    }

    /// Reads up to the blank line, which is the only reliable boundary, or to the end of the file.
    fn read<R: BufRead>(
        &mut self,
        records: &mut Records<R>,
        sink: RowSink<'_>,
    ) -> Result<Found, Error> {
        // A record without dimensions is the totals row only if the boundary follows it.
        let mut totals_at: Option<u64> = None;
        loop {
            let found = records.advance()?;
            if found != Found::Record {
                return Ok(found);
            }
            if let Some(line) = totals_at {
                return Err(Error::EarlyTotals { line });
            }
            let record = records.record();
            if self.rows == 0 && self.says_no_data(record) {
                self.no_data = true;
                continue;
            }
            if self.no_data || record.len() != self.width {
                return Err(Error::Shape {
                    line: record.line,
                    fields: record.len(),
                    expected: self.width,
                });
            }
            if self.dialect.totals != TotalsRow::Never && self.cells.without_dimensions(record) {
                self.totals.check(&self.cells, record)?;
                totals_at = Some(record.line);
                continue;
            }
            self.read_row(record, sink)?;
        }
    }

    fn says_no_data(&self, record: Record<'_>) -> bool {
        !self.no_data && record.len() == 1 && self.dialect.no_data == Some(record.field(0))
    }

    fn read_row(&mut self, record: Record<'_>, sink: RowSink<'_>) -> Result<(), Error> {
        let line = record.line;
        self.cells.read(record)?;
        self.totals.add(&self.cells.values);
        self.rules.check(&self.cells, record)?;
        let fact = self.cells.fact(record);
        let refuse = |reason| Error::Row { line, reason };
        self.asked.check(&fact).map_err(refuse)?;
        self.rows += 1;
        sink(&fact).map_err(refuse)
    }
}

/// What was asked for. A row must belong to it, down to the day.
struct Asked<'e> {
    request: &'e ReportRequest,
    /// None: whatever the file holds.
    advertisers: Option<HashSet<&'e str>>,
    /// The advertiser of the last row, since rows of one often follow each other.
    last: &'e str,
    dated: bool,
}

impl<'e> Asked<'e> {
    fn new(request: &'e ReportRequest, cells: &Cells<'_>) -> Self {
        let has = |to: To| cells.plans.iter().any(|plan| plan.column.to == to);
        let ids = &request.advertiser_ids;
        let limited = !ids.is_empty() && has(To::AdvertiserId);
        Self {
            request,
            advertisers: limited.then(|| ids.iter().map(String::as_str).collect()),
            last: "",
            dated: !ids.is_empty() && has(To::Date),
        }
    }

    fn check(&mut self, fact: &Fact<'_>) -> Result<(), String> {
        let (date, id) = (fact.date, fact.advertiser_id);
        if self.dated && (date < self.request.start || date > self.request.end) {
            return Err(format!("{date} is outside the dates asked for"));
        }
        if let Some(advertisers) = &self.advertisers
            && self.last != id
        {
            let known = advertisers.get(id);
            self.last = known.ok_or_else(|| format!("advertiser {id} was not asked for"))?;
        }
        Ok(())
    }
}
