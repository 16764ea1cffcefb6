//! A DV360 report file: header, rows, totals row, blank line, footer.
//!
//! What is DV360's own about it is here and in `footer`; the reading itself is `reading`'s.

use std::io::BufRead;

use super::footer::Footer;
use crate::ingestion::connector::{FileError, ReadSummary, ReportRequest, RowSink};
use crate::ingestion::pipelines::Spec;
use crate::ingestion::pipelines::spec::DateFormat;
use crate::ingestion::reading::numbers::Numbers;
use crate::ingestion::reading::{self, Dialect, Expected, TotalsRow};

/// Some report types have no totals row.
const DIALECT: Dialect<'static> = Dialect {
    delimiter: b',',
    skip_lines: 0,
    totals: TotalsRow::Optional,
    numbers: Numbers::POINT,
    dates: DateFormat::YearMonthDay,
    nulls: &["-", "Unknown"],
    no_data: Some("No data returned by the reporting service."),
    currency: None,
};

pub(super) fn read(
    input: impl BufRead,
    spec: &Spec,
    request: &ReportRequest,
    bytes: Option<u64>,
    sink: RowSink<'_>,
) -> Result<ReadSummary, FileError> {
    let filters = [
        ("Partner ID", std::slice::from_ref(&request.partner_id)),
        ("Advertiser ID", &request.advertiser_ids[..]),
    ];
    let mut footer = Footer::new((request.start, request.end), &filters);
    let expected = Expected {
        spec,
        request,
        dialect: DIALECT,
        bytes,
    };
    reading::read(input, &expected, Some(&mut footer), sink)
}

#[cfg(test)]
mod tests;
