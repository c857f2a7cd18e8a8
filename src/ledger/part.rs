//! The files that a ledger consists of, and their names (C2SP tlog-tiles, with our own first folder).

use crate::ledger::merkle::{Edge, HEIGHT, TILE};

/// How many entries a bundle holds.
pub const BUNDLE: u64 = TILE as u64;

/// A file of a ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The newest checkpoint.
    Checkpoint,
    /// The first page.
    Genesis,
    /// 256 entries, one a line; only the last bundle has fewer.
    Bundle(u64),
    /// Hashes of one row of the tree.
    Tile(Tile),
}

/// A tile: `width` hashes of a row, 256 of them when it is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    /// Row, 0 for leaf hashes.
    pub row: u8,
    /// Number in the row.
    pub index: u64,
    /// How many hashes.
    pub width: u16,
}

impl Tile {
    /// Whether the tile is full.
    #[must_use]
    pub fn is_full(&self) -> bool {
        usize::from(self.width) == TILE
    }
}

impl Part {
    /// Its path below the ledger's folder.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Part::Checkpoint => "checkpoint".to_owned(),
            Part::Genesis => "genesis.json".to_owned(),
            Part::Bundle(index) => format!("entries/{}.jsonl", number(*index)),
            Part::Tile(tile) if tile.is_full() => format!("tiles/{}/{}", tile.row, number(tile.index)),
            Part::Tile(tile) => format!("tiles/{}/{}.p/{}", tile.row, number(tile.index), tile.width),
        }
    }

    /// Reads a path; `None` for whatever is no part of a ledger.
    #[must_use]
    pub fn parse(path: &str) -> Option<Part> {
        let part = match path {
            "checkpoint" => Part::Checkpoint,
            "genesis.json" => Part::Genesis,
            _ => match path.split_once('/')? {
                ("entries", rest) => Part::Bundle(parse_number(rest.strip_suffix(".jsonl")?)?),
                ("tiles", rest) => {
                    let (row, rest) = rest.split_once('/')?;
                    let (index, width) = match rest.split_once(".p/") {
                        Some((index, width)) => (index, width.parse().ok().filter(|w| (1..TILE as u16).contains(w))?),
                        None => (rest, TILE as u16),
                    };
                    Part::Tile(Tile { row: row.parse().ok()?, index: parse_number(index)?, width })
                }
                _ => return None,
            },
        };
        // One part, one spelling.
        (part.path() == path).then_some(part)
    }

    /// Whether the part belongs to a ledger of this size.
    #[must_use]
    pub fn belongs(&self, size: u64) -> bool {
        match self {
            Part::Checkpoint | Part::Genesis => true,
            Part::Bundle(index) => *index < size.div_ceil(BUNDLE),
            Part::Tile(tile) => {
                let hashes = size.checked_shr(u32::from(tile.row) * HEIGHT).unwrap_or(0);
                let first = tile.index.checked_mul(BUNDLE);
                first.and_then(|first| hashes.checked_sub(first)).is_some_and(|rest| match tile.is_full() {
                    true => rest >= BUNDLE,
                    false => rest == u64::from(tile.width),
                })
            }
        }
    }
}

/// The unfinished tiles of a ledger of this size.
pub fn partial(size: u64) -> impl Iterator<Item = Tile> {
    let widths = Edge::widths(size).into_iter().enumerate().filter(|(_, width)| *width > 0);
    widths.map(move |(row, width)| {
        let index = size >> ((row as u32 + 1) * HEIGHT).min(63);
        Tile { row: row as u8, index, width: width as u16 }
    })
}

/// How many parts a ledger of this size has.
#[must_use]
pub fn count(size: u64) -> u64 {
    let mut parts = 2 + size.div_ceil(BUNDLE) + partial(size).count() as u64;
    let mut hashes = size;
    while hashes >= BUNDLE {
        hashes /= BUNDLE;
        parts += hashes;
    }
    parts
}

/// A number in groups of three digits: 1234067 is `x001/x234/067`.
fn number(value: u64) -> String {
    let mut groups = vec![format!("{:03}", value % 1000)];
    let mut rest = value / 1000;
    while rest > 0 {
        groups.push(format!("x{:03}", rest % 1000));
        rest /= 1000;
    }
    groups.reverse();
    groups.join("/")
}

fn parse_number(text: &str) -> Option<u64> {
    text.split('/').try_fold(0_u64, |value, group| {
        let digits = group.strip_prefix('x').unwrap_or(group);
        let digits = (digits.len() == 3).then(|| digits.parse::<u64>().ok())??;
        value.checked_mul(1000)?.checked_add(digits)
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_back_and_have_one_spelling() {
        let tile = |row, index, width| Part::Tile(Tile { row, index, width });
        let cases = [
            (Part::Bundle(42), "entries/042.jsonl"),
            (Part::Bundle(1_234_067), "entries/x001/x234/067.jsonl"),
            (tile(0, 42, 256), "tiles/0/042"),
            (tile(1, 1000, 7), "tiles/1/x001/000.p/7"),
        ];
        for (part, path) in cases {
            assert_eq!(part.path(), path);
            assert_eq!(Part::parse(path), Some(part), "{path}");
        }
        for wrong in [
            "entries/42.jsonl",
            "entries/x000/042.jsonl",
            "tiles/0/042.p/256",
            "tiles/0/042.p/07",
            "tiles/00/042",
            "x",
            "entries/0042.jsonl",
        ] {
            assert_eq!(Part::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_ledger_has_exactly_the_parts_that_belong_to_its_size() {
        for size in [1_u64, 255, 256, 257, 512, 65_535, 65_536, 65_537, 70_000] {
            let mut found: Vec<Part> = vec![Part::Checkpoint, Part::Genesis];
            found.extend((0..size.div_ceil(256) + 3).map(Part::Bundle));
            for row in 0..4 {
                for index in 0..(size >> (8 * (row + 1))) + 2 {
                    let widths =
                        if size < 600 { (1..=256).collect() } else { vec![(size >> (8 * row)) as u16 % 256, 5, 256] };
                    found.extend(
                        widths
                            .into_iter()
                            .filter(|w| *w > 0)
                            .map(|width| Part::Tile(Tile { row: row as u8, index, width })),
                    );
                }
            }
            found.sort();
            found.dedup();
            let belonging = found.iter().filter(|part| part.belongs(size)).count() as u64;
            assert_eq!(belonging, count(size), "{size}");
            assert!(partial(size).all(|tile| Part::Tile(tile).belongs(size)), "{size}");
        }
    }
}
