//! Which names a pattern means: `*` and `?` stand for anything but `/`, everything else for itself.
//!
//! No regular expressions: a stranger's pattern must cost no more than its length times the name's.

/// Whether the whole name fits.
pub fn matches(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    let (mut at, mut in_name) = (0, 0);
    // The latest star and what it has swallowed so far; an earlier one never has to give back.
    let mut star: Option<(usize, usize)> = None;
    while in_name < name.len() {
        let fits = match pattern.get(at) {
            Some('*') => {
                star = Some((at, in_name));
                at += 1;
                continue;
            }
            Some('?') => name[in_name] != '/',
            Some(one) => *one == name[in_name],
            None => false,
        };
        if fits {
            at += 1;
            in_name += 1;
        } else if let Some((place, swallowed)) = star
            && name[swallowed] != '/'
        {
            star = Some((place, swallowed + 1));
            at = place + 1;
            in_name = swallowed + 1;
        } else {
            return false;
        }
    }
    pattern[at..].iter().all(|one| *one == '*')
}

#[cfg(test)]
mod tests {
    //! What fits and how long it takes to find out.

    use std::time::{Duration, Instant};

    use super::matches;

    #[test]
    fn stars_stay_within_a_folder() {
        for (pattern, name, fits) in [
            ("*.csv", "a.csv", true),
            ("*.csv", ".csv", true),
            ("*.csv", "a.csv.gz", false),
            ("*.csv", "x/a.csv", false),
            ("x/*.csv", "x/a.csv", true),
            ("*/*.csv", "x/a.csv", true),
            ("*/*.csv", "a.csv", false),
            ("a?c", "abc", true),
            ("a?c", "a/c", false),
            ("a?c", "ac", false),
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
            ("*a*b*c", "xxaxxbxxc", true),
            ("*a*b*c", "xxaxxbxx", false),
            ("daily_[0-9].csv", "daily_1.csv", false),
            ("ä*", "äö.csv", true),
        ] {
            assert_eq!(matches(pattern, name), fits, "{pattern:?} {name:?}");
        }
    }

    #[test]
    fn a_pattern_made_to_be_slow_is_not() {
        let begun = Instant::now();
        let pattern = format!("{}b", "*a".repeat(100));
        assert!(!matches(&pattern, &"a".repeat(250)));
        assert!(begun.elapsed() < Duration::from_millis(500));
    }
}
