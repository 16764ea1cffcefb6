//! A convention of ten fields, right names of it, and wrong ones with the name that was meant: all
//! from a seed, so that the same seed is the same set for ever.
//!
//! Shared with `cargo x bench taxonomy`. It knows nothing of the cell; what it breaks it breaks by
//! letters, as people and tools do.

use serde_json::{Value, json};

pub(crate) const FIELDS: usize = 10;
pub(crate) const VALUES: usize = 200;

/// The ways in which a name goes wrong, each as likely as the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Slip {
    LowerCase,
    UpperCase,
    Alias,
    LetterReplaced,
    LetterLost,
    LetterAdded,
    LettersSwapped,
    OtherDelimiter,
    DoubledDelimiter,
    LostDelimiter,
    SpaceAround,
    FieldsSwapped,
    OtherDateFormat,
    PartAppended,
}

pub(crate) const SLIPS: [Slip; 14] = [
    Slip::LowerCase,
    Slip::UpperCase,
    Slip::Alias,
    Slip::LetterReplaced,
    Slip::LetterLost,
    Slip::LetterAdded,
    Slip::LettersSwapped,
    Slip::OtherDelimiter,
    Slip::DoubledDelimiter,
    Slip::LostDelimiter,
    Slip::SpaceAround,
    Slip::FieldsSwapped,
    Slip::OtherDateFormat,
    Slip::PartAppended,
];

/// SplitMix64 (Steele, Lea, Flood 2014).
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).expect("it is below a usize")
    }
}

/// Ten picklists of two hundred words; the ninth field is a date where `dated`.
pub(crate) struct Agency {
    /// By field; empty for the date.
    pub(crate) words: Vec<Vec<String>>,
    dated: bool,
}

const DATE_FIELD: usize = 8;

impl Agency {
    pub(crate) fn new(seed: u64, dated: bool) -> Self {
        let mut dice = Dice::new(seed);
        let words = (0..FIELDS).map(|field| {
            if dated && field == DATE_FIELD {
                return Vec::new();
            }
            let mut words: Vec<String> = Vec::new();
            while words.len() < VALUES {
                let word = word(&mut dice);
                if !words.contains(&word) {
                    words.push(word);
                }
            }
            words
        });
        Self {
            words: words.collect(),
            dated,
        }
    }

    /// The convention as a document.
    pub(crate) fn document(&self) -> Value {
        let fields = self.words.iter().enumerate().map(|(at, words)| {
            let values = words
                .iter()
                .map(|word| json!({"code": word, "aliases": [alias(word)]}));
            let kind = if words.is_empty() {
                json!({"type": "date", "format": "YYYYMMDD"})
            } else {
                json!({"type": "picklist", "values": values.collect::<Vec<_>>()})
            };
            json!({"name": format!("field_{at}"), "kind": kind})
        });
        json!({"title": "Seeded", "level": "line_item", "delimiter": "_",
            "fields": fields.collect::<Vec<_>>()})
    }

    pub(crate) fn parts(&self, dice: &mut Dice) -> Vec<String> {
        let parts = self.words.iter().map(|words| match words.len() {
            0 => date(dice),
            count => words[dice.below(count)].clone(),
        });
        parts.collect()
    }

    /// A wrong name, and the one it comes from. It may happen to be right in another way, or mean
    /// nothing any more; whoever uses it says what became of those.
    pub(crate) fn spoilt(&self, slip: Slip, dice: &mut Dice) -> (String, String) {
        let parts = self.parts(dice);
        let right = parts.join("_");
        let (field, other) = self.two_words(dice);
        let mut wrong = parts;
        match slip {
            Slip::LowerCase => wrong[field] = wrong[field].to_lowercase(),
            Slip::UpperCase => wrong[field] = wrong[field].to_uppercase(),
            Slip::Alias => wrong[field] = alias(&wrong[field]),
            Slip::LetterReplaced | Slip::LetterLost | Slip::LetterAdded | Slip::LettersSwapped => {
                wrong[field] = mistyped(&wrong[field], slip, dice)
            }
            Slip::OtherDelimiter => {
                return (wrong.join(["-", "|", " ", "."][dice.below(4)]), right);
            }
            Slip::DoubledDelimiter => wrong[field].push('_'),
            Slip::LostDelimiter => {
                let at = dice.below(FIELDS - 1);
                let second = wrong.remove(at + 1);
                wrong[at].push_str(&second);
            }
            Slip::SpaceAround => {
                wrong[field] = [format!(" {}", wrong[field]), format!("{} ", wrong[field])]
                    [dice.below(2)]
                .clone();
            }
            Slip::FieldsSwapped => wrong.swap(field, other),
            Slip::OtherDateFormat => wrong[DATE_FIELD] = other_date(&wrong[DATE_FIELD], dice),
            Slip::PartAppended => {
                wrong.push(["copy", "v2", "final", "new", "1"][dice.below(5)].to_owned());
            }
        }
        (wrong.join("_"), right)
    }

    fn two_words(&self, dice: &mut Dice) -> (usize, usize) {
        let fields: Vec<usize> = (0..FIELDS)
            .filter(|field| !self.dated || *field != DATE_FIELD)
            .collect();
        let first = dice.below(fields.len());
        let second = (first + 1 + dice.below(fields.len() - 1)) % fields.len();
        (fields[first], fields[second])
    }
}

/// Two to four syllables with a capital in front, as brands and products have.
fn word(dice: &mut Dice) -> String {
    const ONSETS: &[u8; 16] = b"bcdfghjklmnprstv";
    const VOWELS: &[u8; 5] = b"aeiou";
    let mut word = String::new();
    for _ in 0..2 + dice.below(3) {
        word.push(char::from(ONSETS[dice.below(ONSETS.len())]));
        word.push(char::from(VOWELS[dice.below(VOWELS.len())]));
        if dice.below(3) == 0 {
            word.push(char::from(ONSETS[dice.below(ONSETS.len())]));
        }
    }
    word[..1].to_uppercase() + &word[1..]
}

/// A second name that the agency knows for a value.
fn alias(word: &str) -> String {
    let turned: String = word.chars().rev().collect();
    format!("{turned}X")
}

fn date(dice: &mut Dice) -> String {
    format!(
        "202{}{:02}{:02}",
        5 + dice.below(3),
        1 + dice.below(12),
        1 + dice.below(28)
    )
}

/// The same day as other tools write it; days up to the twelfth may be read in two ways, too.
fn other_date(date: &str, dice: &mut Dice) -> String {
    let (year, month, day) = (&date[..4], &date[4..6], &date[6..]);
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let name = MONTHS[month.parse::<usize>().expect("a month") - 1];
    match dice.below(4) {
        0 => format!("{year}-{month}-{day}"),
        1 => format!("{day}.{month}.{year}"),
        2 => format!("{day}{name}{year}"),
        _ => format!("{}{}{}", day, name.to_uppercase(), &year[2..]),
    }
}

fn mistyped(word: &str, slip: Slip, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let at = dice.below(letters.len());
    let letter = char::from(b'a' + u8::try_from(dice.below(26)).expect("a letter"));
    match slip {
        Slip::LetterReplaced => letters[at] = letter,
        Slip::LetterLost => drop(letters.remove(at)),
        Slip::LetterAdded => letters.insert(at, letter),
        _ => {
            let at = at.min(letters.len() - 2);
            letters.swap(at, at + 1);
        }
    }
    letters.into_iter().collect()
}
