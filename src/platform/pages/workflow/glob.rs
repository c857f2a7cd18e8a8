//! Patterns of branches and tags
//! (<https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet>).

/// Characters of a pattern and of a name that are compared at most.
const MAX_LENGTH: usize = 512;

/// One part of a pattern, and how often it may stand.
enum Item {
    /// A character, any number of times between these (no upper end: any number).
    One(char, bool, bool),
    /// One of some characters.
    Class(Vec<(char, char)>, bool, bool),
    /// `*`: anything but `/`.
    Star,
    /// `**`: anything.
    Stars,
}

/// Whether a pattern fits the whole of a name; `None` when the pattern is none that we know.
#[must_use]
pub fn fits(pattern: &str, name: &str) -> Option<bool> {
    if pattern.len() > MAX_LENGTH || name.len() > MAX_LENGTH {
        return None;
    }
    let items = items(pattern)?;
    let name: Vec<char> = name.chars().collect();
    // One row of a table: whether the items so far fit the first characters of the name.
    let mut row = vec![false; name.len() + 1];
    row[0] = true;
    for item in &items {
        let mut next = vec![false; name.len() + 1];
        for at in 0..=name.len() {
            let before = at.checked_sub(1).map(|before| (name[before], row[before], next[before]));
            next[at] = match item {
                Item::Stars => row[at] || before.is_some_and(|(_, _, again)| again),
                Item::Star => row[at] || before.is_some_and(|(char, _, again)| again && char != '/'),
                Item::One(wanted, may_miss, may_repeat) => {
                    let is_it = |char: char| char == *wanted;
                    (*may_miss && row[at])
                        || before.is_some_and(|(char, once, again)| is_it(char) && (once || *may_repeat && again))
                }
                Item::Class(ranges, may_miss, may_repeat) => {
                    let is_it = |char: char| ranges.iter().any(|(low, high)| (*low..=*high).contains(&char));
                    (*may_miss && row[at])
                        || before.is_some_and(|(char, once, again)| is_it(char) && (once || *may_repeat && again))
                }
            };
        }
        row = next;
    }
    row.last().copied()
}

fn items(pattern: &str) -> Option<Vec<Item>> {
    let mut found = Vec::new();
    let mut chars = pattern.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '*' => {
                let is_double = chars.next_if_eq(&'*').is_some();
                found.push(if is_double { Item::Stars } else { Item::Star });
            }
            '?' | '+' => match found.last_mut()? {
                Item::One(_, may_miss, may_repeat) | Item::Class(_, may_miss, may_repeat) => {
                    *may_miss |= char == '?';
                    *may_repeat |= char == '+';
                }
                Item::Star | Item::Stars => return None,
            },
            '[' => {
                let mut ranges = Vec::new();
                loop {
                    match chars.next()? {
                        ']' => break,
                        low if chars.next_if_eq(&'-').is_some() => ranges.push((low, chars.next()?)),
                        only => ranges.push((only, only)),
                    }
                }
                found.push(Item::Class(ranges, false, false));
            }
            '\\' => found.push(Item::One(chars.next()?, false, false)),
            char => found.push(Item::One(char, false, false)),
        }
    }
    Some(found)
}
