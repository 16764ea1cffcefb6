//! The record reader against small texts, in one piece and byte by byte.

use std::io::{BufRead, BufReader};

use super::{Error, Found, Records};

/// All records; a blank line is an empty list.
fn read(input: impl BufRead) -> Result<Vec<Vec<String>>, Error> {
    let mut records = Records::new(input, b',')?;
    let mut all = Vec::new();
    loop {
        match records.advance()? {
            Found::Record => all.push(records.record().fields().map(str::to_owned).collect()),
            Found::Blank => all.push(Vec::new()),
            Found::End => return Ok(all),
        }
    }
}

fn check(text: &str, expected: &[&[&str]]) {
    for buffer in [1, 2, 3, 8192] {
        let all = read(BufReader::with_capacity(buffer.max(3), text.as_bytes())).unwrap();
        assert_eq!(all, expected, "{text:?} with a buffer of {buffer}");
    }
}

#[test]
fn fields_quotes_and_line_ends_are_read() {
    check("a,b\n1,2\n", &[&["a", "b"], &["1", "2"]]);
    check("a,b\r\n1,2\r\n", &[&["a", "b"], &["1", "2"]]);
    check("\u{feff}a,b\n", &[&["a", "b"]]);
    check("\"a,\"\"b\"\"\nc\",\\d\n", &[&["a,\"b\"\nc", "\\d"]]);
    check(
        "a,\n,b\n,\n\"\"\n",
        &[&["a", ""], &["", "b"], &["", ""], &[""]],
    );
    check("a\n\nb", &[&["a"], &[], &["b"]]);
    check("a\r\n\r\nb", &[&["a"], &[], &["b"]]);
    check("", &[]);
    check("\n", &[&[]]);
    check("\r\n", &[&[]]);
    check("\"\"\r\n", &[&[""]]);
}

#[test]
fn broken_records_are_refused_with_their_line() {
    let error = |text: &str| read(text.as_bytes()).unwrap_err().to_string();
    assert_eq!(
        error("a\nb\"c\n"),
        "line 2: a quote stands inside an unquoted field"
    );
    assert_eq!(error("\"a\"b\n"), "line 1: text follows a closing quote");
    assert_eq!(error("a\n\"b\nc"), "line 3: a quoted field is never closed");
    assert_eq!(
        error("a\rb\n"),
        "line 1: a carriage return without a line feed"
    );
    assert_eq!(error("a\0b\n"), "line 1: a NUL byte");
    let bytes: &[u8] = b"a\n\xff\n";
    assert_eq!(
        read(bytes).unwrap_err().to_string(),
        "line 2: the text is not UTF-8"
    );
}

#[test]
fn an_endless_record_is_refused_in_bounded_memory() {
    let endless = BufReader::new(std::io::repeat(b'x'));
    assert!(matches!(read(endless), Err(Error::TooLong { line: 1 })));
    let wide = format!("{}\n", ",".repeat(10_000));
    for text in [wide.clone(), format!("\"\"{wide}")] {
        let error = read(text.as_bytes());
        assert!(matches!(error, Err(Error::TooManyFields { line: 1 })));
    }
}
