//! Versions of Python as Render reads them (<https://render.com/docs/python-version>).

use super::table;

/// What a text in `PYTHON_VERSION` is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// Three numbers of a release, as far as is known.
    Full,
    /// Three numbers that name no release; the text says why, in one clause.
    Impossible(String),
    /// The beginning of a version: `3.12`. Holds the newest known release of it, if there is one.
    Partial(Option<String>),
    /// Anything else.
    Other,
}

/// Three numbers with points between, if a text is that.
fn numbers(text: &str) -> Option<Vec<u32>> {
    let is_number = |part: &str| !part.is_empty() && part.len() < 8 && part.bytes().all(|byte| byte.is_ascii_digit());
    text.split('.').map(|part| part.parse().ok().filter(|_| is_number(part))).collect()
}

/// What a wish in `PYTHON_VERSION` is.
#[must_use]
pub fn wish(text: &str) -> Wish {
    match numbers(text).as_deref() {
        Some([3, minor, patch]) => release(*minor, *patch),
        Some([3, minor]) => Wish::Partial(newest(*minor)),
        Some([3]) => Wish::Partial(None),
        Some([2, ..]) => Wish::Impossible("is older than 3.7.3, the oldest that Render supports".to_owned()),
        _ => Wish::Other,
    }
}

fn release(minor: u32, patch: u32) -> Wish {
    if (minor, patch) < (7, 3) {
        return Wish::Impossible("is older than 3.7.3, the oldest that Render supports".to_owned());
    }
    match table::is_python_release(minor, patch) {
        Some(false) => {
            let last = newest(minor).unwrap_or_default();
            Wish::Impossible(format!("was never released; the last one of 3.{minor} is {last}"))
        }
        _ => Wish::Full,
    }
}

/// The newest known release of a minor version.
#[must_use]
pub fn newest(minor: u32) -> Option<String> {
    table::newest_python(minor).map(|patch| format!("3.{minor}.{patch}"))
}

/// The version that a line of `runtime.txt` asks Heroku for: `python-3.12.8` or `3.12`.
#[must_use]
pub fn of_runtime_txt(text: &str) -> Option<&str> {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    let version = line.strip_prefix("python-").or_else(|| line.strip_prefix("Python-")).unwrap_or(line);
    let numbers = numbers(version)?;
    ((2..=3).contains(&numbers.len()) && numbers[0] == 3).then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_wants_three_numbers() {
        assert_eq!(wish("3.12.8"), Wish::Full);
        assert_eq!(wish("3.12"), Wish::Partial(Some("3.12.13".to_owned())));
        assert_eq!(wish("3"), Wish::Partial(None));
        for text in ["", "latest", "python-3.12.1", "3.12.x", "3..1", "v3.12.1", "4.0.0", "3.12.1.1", "3.13.0rc1"] {
            assert_eq!(wish(text), Wish::Other, "{text}");
        }
    }

    #[test]
    fn releases_that_never_were_are_impossible_and_new_ones_are_not() {
        for text in ["3.7.2", "2.7.18", "3.8.30", "3.6.15"] {
            assert!(matches!(wish(text), Wish::Impossible(_)), "{text}");
        }
        assert_eq!((wish("3.14.99"), wish("3.19.0")), (Wish::Full, Wish::Full));
    }

    #[test]
    fn the_line_of_another_platform_is_understood() {
        assert_eq!(of_runtime_txt("\npython-3.11.6\r\n"), Some("3.11.6"));
        assert_eq!((of_runtime_txt("nodejs-18"), of_runtime_txt("")), (None, None));
    }
}
