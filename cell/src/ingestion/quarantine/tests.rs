//! Lines of files that are not nice.

use std::io::BufReader;

use super::{Line, read_lines};

fn line(number: u64, text: &str) -> Line {
    Line {
        number,
        text: text.to_owned(),
        shortened: false,
    }
}

#[test]
fn lines_are_found_by_number() {
    let read = |first, last| read_lines(&b"a\r\nb\n\nd"[..], first, last).unwrap();
    assert_eq!(read(1, 1), [line(1, "a")]);
    assert_eq!(read(3, 9), [line(1, "a"), line(3, ""), line(4, "d")]);
    assert_eq!(read(5, 9), [line(1, "a")]);
}

#[test]
fn what_is_shown_is_bounded_and_is_text() {
    let long = format!("{}\nb\n", "x".repeat(1 << 22));
    let lines = read_lines(BufReader::new(long.as_bytes()), 1, 2).unwrap();
    assert_eq!((lines[0].text.len(), lines[0].shortened), (2000, true));
    assert_eq!(lines[1], line(2, "b"));
    let broken = read_lines(&b"\xff=1+1\0\n"[..], 1, 1).unwrap();
    assert_eq!(broken, [line(1, "\u{fffd}=1+1\0")]);
}

#[test]
fn an_endless_file_is_given_up() {
    let endless = BufReader::with_capacity(1 << 20, std::io::repeat(b'x'));
    assert!(read_lines(endless, 2, 2).is_err());
}
