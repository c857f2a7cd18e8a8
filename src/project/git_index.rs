//! Reads git's index (`.git/index`) as `git ls-files --stage` would list it, in a fraction of the time that a process
//! takes. Whatever is not plainly understood is left to git: the caller asks it when there is no answer here.
//!
//! Source: "Git index format" (`gitformat-index`), versions 2 to 4.

/// One entry of the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed<'a> {
    /// The mode as git writes it: `0o100644`, `0o100755`, `0o120000` or `0o160000`.
    pub mode: u32,
    /// 0, or 1 to 3 for the sides of a merge that is not resolved.
    pub stage: u8,
    /// The path below the top of the work tree.
    pub path: &'a [u8],
}

/// Bytes of the checksum at the end; object names are of the same length.
const HASH: usize = 20;
/// Times, device, inode, mode, owner, size, object name, flags.
const FIXED: usize = 40 + HASH + 2;
const MODE_AT: usize = 24;
const EXTENDED: u16 = 0x4000;
const LENGTH: u16 = 0x0fff;

/// Hands every entry to `take`, in the order of the file, which is the order of paths.
///
/// `None` where the file is not an index of SHA-1 objects that this reader understands as a whole: another version, an
/// index that is split or sparse, a length that does not fit, an order that git would refuse. Entries that were handed
/// over before must then be forgotten. The checksum is not looked at, as git itself does not when it lists files.
pub fn read(bytes: &[u8], take: impl FnMut(Listed<'_>)) -> Option<()> {
    let index = Index::open(bytes)?;
    let whole = Part { start: FIRST, count: index.count, before: None };
    extensions(index.body, index.read_part(&whole, take)?)
}

/// Where the first entry begins.
const FIRST: usize = 12;

/// An index whose head was understood.
#[derive(Debug, Clone, Copy)]
pub struct Index<'a> {
    body: &'a [u8],
    version: u32,
    count: u32,
}

/// Entries that follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    start: usize,
    count: u32,
    /// Where the entry before them begins, which they must come after.
    before: Option<usize>,
}

impl Part {
    /// How many entries it holds.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.count
    }
}

impl<'a> Index<'a> {
    /// Reads the head of an index.
    #[must_use]
    pub fn open(bytes: &'a [u8]) -> Option<Index<'a>> {
        let body = bytes.get(..bytes.len().checked_sub(HASH)?)?;
        let version = number(body, 4)?;
        let is_known = body.get(..4)? == b"DIRC" && (2..=4).contains(&version);
        is_known.then_some(Index { body, version, count: number(body, 8)? })
    }

    /// How many entries it says to have.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.count
    }

    /// Parts that can be read side by side, at most `most`; the whole is only good if every part is. `None` where it is
    /// no index, and in version 4, in which an entry is not understood without all before it.
    #[must_use]
    pub fn parts(&self, most: u32) -> Option<Vec<Part>> {
        if self.version == 4 {
            return None;
        }
        let length = self.count.div_ceil(most.max(1)).max(1);
        let (mut at, mut before, mut parts) = (FIRST, None, Vec::new());
        for number in 0..self.count {
            if number % length == 0 {
                parts.push(Part { start: at, count: length.min(self.count - number), before });
            }
            before = Some(at);
            at = self.skip(at)?;
        }
        extensions(self.body, at)?;
        Some(parts)
    }

    /// Where the entry after this one begins, if it is one.
    fn skip(&self, start: usize) -> Option<usize> {
        let flags = u16::from_be_bytes(self.body.get(start + FIXED - 2..start + FIXED)?.try_into().ok()?);
        let at = start + FIXED + if flags & EXTENDED == 0 { 0 } else { 2 };
        let length = match flags & LENGTH {
            LENGTH => memchr::memchr(0, self.body.get(at..)?)?,
            known => usize::from(known),
        };
        Some(padded(start, at + length))
    }

    /// Hands the entries of a part to `take`; where the last one ends. Conditions as for [`read`].
    pub fn read_part(&self, part: &Part, mut take: impl FnMut(Listed<'_>)) -> Option<usize> {
        let mut path = Path::default();
        if let Some(before) = part.before {
            entry(self.body, before, self.version, &mut path)?;
        }
        let mut at = part.start;
        for _ in 0..part.count {
            at = entry(self.body, at, self.version, &mut path)?;
            take(Listed { mode: path.mode, stage: path.stage, path: &path.bytes });
        }
        Some(at)
    }
}

/// Entries are padded with one to eight NULs to a multiple of eight bytes.
fn padded(start: usize, end: usize) -> usize {
    start + (end - start + 8) / 8 * 8
}

/// The entry that is being read; the path of one is the beginning of the next in version 4.
#[derive(Default)]
struct Path {
    bytes: Vec<u8>,
    mode: u32,
    stage: u8,
}

/// Reads one entry and says where the next one starts.
fn entry(body: &[u8], start: usize, version: u32, path: &mut Path) -> Option<usize> {
    let flags = u16::from_be_bytes(body.get(start + FIXED - 2..start + FIXED)?.try_into().ok()?);
    let is_extended = flags & EXTENDED != 0;
    if is_extended && version < 3 {
        return None;
    }
    let mut at = start + FIXED + if is_extended { 2 } else { 0 };
    let mut kept = 0;
    if version == 4 {
        let (dropped, after) = variable_number(body, at)?;
        kept = path.bytes.len().checked_sub(dropped)?;
        at = after;
    }
    let rest = body.get(at..)?;
    let known = usize::from(flags & LENGTH);
    // Lengths that do not fit the field, and those of version 4, end at a NUL.
    let length = if version == 4 || known == usize::from(LENGTH) { memchr::memchr(0, rest)? } else { known };
    let name = rest.get(..length)?;
    if rest.get(length)? != &0 {
        return None;
    }
    let stage = u8::try_from((flags >> 12) & 3).ok()?;
    let is_later = follows(path, kept, name, stage);
    path.bytes.truncate(kept);
    path.bytes.extend_from_slice(name);
    path.stage = stage;
    path.mode = number(body, start + MODE_AT)?;
    let is_known = matches!(path.mode, 0o100_644 | 0o100_755 | 0o120_000 | 0o160_000);
    let fits = known == path.bytes.len().min(usize::from(LENGTH));
    let end = at + length;
    let next = if version == 4 { end + 1 } else { padded(start, end) };
    (is_later && is_known && fits && memchr::memchr(0, name).is_none()).then_some(next)
}

/// Whether an entry comes after the one before it, as git demands.
fn follows(last: &Path, kept: usize, name: &[u8], stage: u8) -> bool {
    match last.bytes[kept..].cmp(name) {
        std::cmp::Ordering::Less => true,
        std::cmp::Ordering::Equal => last.stage != 0 && last.stage < stage,
        std::cmp::Ordering::Greater => false,
    }
}

/// Extensions whose names begin with a capital letter may be passed over; the others change what is listed.
fn extensions(body: &[u8], mut at: usize) -> Option<()> {
    while at < body.len() {
        if !body.get(at)?.is_ascii_uppercase() {
            return None;
        }
        at = at.checked_add(8)?.checked_add(usize::try_from(number(body, at + 4)?).ok()?)?;
    }
    (at == body.len()).then_some(())
}

fn number(body: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(body.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// The number that version 4 writes in groups of seven bits, each but the last with its top bit set, and the place
/// after it (`decode_varint` in git's `varint.c`).
fn variable_number(body: &[u8], mut at: usize) -> Option<(usize, usize)> {
    let mut byte = *body.get(at)?;
    let mut value = usize::from(byte & 0x7f);
    while byte & 0x80 != 0 {
        at += 1;
        byte = *body.get(at)?;
        value = value.checked_add(1)?.checked_mul(128)? | usize::from(byte & 0x7f);
    }
    Some((value, at + 1))
}
