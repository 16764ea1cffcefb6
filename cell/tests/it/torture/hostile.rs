//! Files that are meant to hurt: each is refused with its place, in bounded memory and time,
//! however long it is.

use std::io::{BufRead, BufReader, Read};
use std::time::{Duration, Instant};

use super::Reader;
use super::oracle::REPORT;

const GIB: u64 = 1 << 30;
/// What a file may add to the memory of the process, whatever its length.
const MOST_KIB: u64 = 24 << 10;
/// In an unoptimised build, on a busy machine.
const LONGEST: Duration = Duration::from_secs(10);

/// The most memory this process has held; each test has one of its own.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.unwrap()
        .trim()
        .trim_end_matches(" kB")
        .parse()
        .unwrap()
}

/// `start`, and then `piece` over and over, a gibibyte of it.
fn endless(start: &str, piece: &'static [u8]) -> Box<dyn BufRead + Send> {
    struct Over(&'static [u8], usize);
    impl Read for Over {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            for byte in buffer.iter_mut() {
                *byte = self.0[self.1 % self.0.len()];
                self.1 += 1;
            }
            Ok(buffer.len())
        }
    }
    let start = std::io::Cursor::new(start.as_bytes().to_vec());
    Box::new(BufReader::new(start.chain(Over(piece, 0)).take(GIB)))
}

fn bytes(text: impl Into<Vec<u8>>) -> Box<dyn BufRead + Send> {
    Box::new(std::io::Cursor::new(text.into()))
}

/// The report with the last cell of its first row replaced.
fn with_cell(cell: &[u8]) -> Box<dyn BufRead + Send> {
    let (before, after) = REPORT.split_once("9.000001").unwrap();
    bytes([before.as_bytes(), cell, after.as_bytes()].concat())
}

/// What it is, the file, and part of what is said.
type Case = (&'static str, Box<dyn BufRead + Send>, &'static str);

const TOO_LONG: &str = "line 2: a record is longer than 1048576 bytes";
const LONG_TAIL: &str = "what follows the rows is longer than any footer";
const ENCODING: &str = "line 2: the text is not UTF-8";
const NO_NUMBER: &str = "is not a number";

fn large_files() -> Vec<Case> {
    let header = REPORT.split_inclusive('\n').next().unwrap();
    let quoted = &format!("{header}\"");
    let (rows, footer) = REPORT.split_once("\n\n").unwrap();
    let blank = format!("{rows}\n\n");
    let open = &format!("{blank}{footer}");
    let two = "line 2: 2 fields where the header has 15";
    vec![
        ("a line of a gibibyte", endless(header, b"x"), TOO_LONG),
        ("a quoted one", endless(quoted, b"x"), TOO_LONG),
        ("line feeds in quotes", endless(quoted, b"\n"), TOO_LONG),
        ("doubled quotes", endless(quoted, b"\"\""), TOO_LONG),
        ("nothing but commas", endless(header, b","), TOO_LONG),
        ("nothing but NULs", endless(header, b"\0"), TOO_LONG),
        ("carriage returns", endless(header, b"\r"), TOO_LONG),
        ("rows of two", endless(header, b"\"\",1\n"), two),
        ("blank lines", endless(&blank, b"\n"), LONG_TAIL),
        ("groups", endless(open, b"Group By:,Date\n"), LONG_TAIL),
        ("filters", endless(open, b"Filter by X:,1,2\n"), LONG_TAIL),
    ]
}

fn small_files() -> Vec<Case> {
    let wide = format!("{}\n", vec!["x"; 10_000].join(","));
    let columns = "line 1: a record has more than 1024 fields";
    let bomb = zstd::encode_all(std::io::repeat(0).take(GIB / 16), 1).unwrap();
    let utf16: Vec<u8> = REPORT.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let utf16 = [&b"\xff\xfe"[..], &utf16].concat();
    let workbook = *b"PK\x03\x04\x14\0\x06\0\x08\0\0\0";
    let formula = "\"=1+1\" in column \"Billable Cost (Adv Currency)\"";
    let digits = "9".repeat(500);
    vec![
        ("10,000 columns", bytes(wide), columns),
        ("a NUL", with_cell(b"9\0"), "line 2: a NUL byte"),
        ("Latin 1", with_cell(b"\xe4"), ENCODING),
        ("overlong UTF-8", with_cell(b"\xc0\xb1"), ENCODING),
        ("half a surrogate", with_cell(b"\xed\xa0\x80"), ENCODING),
        ("UTF-16", bytes(utf16), "line 1: "),
        ("a compressed bomb", bytes(bomb), "line 1: "),
        ("a workbook", bytes(workbook), "line 1: "),
        ("many digits", with_cell(digits.as_bytes()), NO_NUMBER),
        ("too much", with_cell(b"9999999999999999"), NO_NUMBER),
        ("an exponent", with_cell(b"1e9"), NO_NUMBER),
        ("not a number", with_cell(b"NaN"), NO_NUMBER),
        ("a formula", with_cell(b"=1+1"), formula),
    ]
}

#[test]
fn a_hostile_file_is_refused_in_bounded_memory_and_time() {
    let reader = Reader::new();
    for (name, mut input, expected) in large_files().into_iter().chain(small_files()) {
        let (before, started) = (peak_kib(), Instant::now());
        let refused = reader.read_from(&mut input, None).unwrap_err();
        assert!(refused.message.contains(expected), "{name}: {refused}");
        assert!(refused.message.len() < 1_000, "{name}: {refused}");
        let (more, took) = (peak_kib() - before, started.elapsed());
        assert!(more < MOST_KIB, "{name} took {more} KiB");
        assert!(took < LONGEST, "{name} took {took:?}");
    }
}
