//! Repairs applied to a copy in memory.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use sha3::{Digest, Sha3_256};

use crate::project::path;
use crate::project::snapshot::{Mode, Snapshot, Target};
use crate::rule::fix::{Change, Fix};
use crate::text::edit::{self, Edit, EditError};
use crate::text::source::Sources;

use super::{HealedFile, MAX_FILE_BYTES, Refusal, format};

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The edits of one or several repairs, by file; each repair has a number.
#[derive(Debug, Default)]
pub struct Patch {
    edits: BTreeMap<String, Vec<(Edit, usize)>>,
    made: BTreeMap<String, (String, usize)>,
    /// Old path by new path.
    moved: BTreeMap<String, String>,
}

impl Patch {
    /// Adds a repair whose spans point into `sources`, to be applied to `snapshot`. Leaves the patch alone if it cannot.
    ///
    /// # Errors
    /// When a file of it cannot be edited, or when it touches bytes that another repair touches.
    pub fn add(&mut self, fix: &Fix, number: usize, sources: &Sources, snapshot: &Snapshot) -> Result<(), Refusal> {
        let mut edits: BTreeMap<String, Vec<(Edit, usize)>> = BTreeMap::new();
        let (mut made, mut moved) = (BTreeMap::new(), BTreeMap::new());
        for change in &fix.changes {
            match change {
                Change::Edit { span, text } => {
                    let source = sources.get(span.file).filter(|source| source.is_file);
                    let source = source.ok_or_else(|| Refusal::NoFile { name: name_of(sources, *span) })?;
                    let file = editable(snapshot, &source.name, &source.text)?;
                    let edit = Edit { range: span.range(), text: text.clone() };
                    edits.entry(file).or_default().push((fitted(edit, &source.text), number));
                }
                Change::Create { path, text } => {
                    made.insert(place_for(snapshot, path)?, (text.clone(), number));
                }
                Change::Rename { from, to } => {
                    moved.insert(place_for(snapshot, to)?, movable(snapshot, from)?);
                }
            }
        }
        for (path, new) in &edits {
            let known = self.edits.get(path).map(Vec::as_slice).unwrap_or_default();
            let clash = known.iter().find_map(|(old, _)| new.iter().find(|(edit, _)| clashes(old, edit)));
            if let Some((edit, _)) = clash {
                let error = EditError::Overlap(edit.range.start);
                return Err(Refusal::Misfit { path: path.clone(), error });
            }
        }
        let is_taken = |path: &&String| self.made.contains_key(*path) || self.moved.contains_key(*path);
        if let Some(path) = made.keys().chain(moved.keys()).find(is_taken) {
            return Err(Refusal::Exists { path: path.clone() });
        }
        // A file gets its new name in one round and its edits in another.
        let is_moved = |path: &str| moved.values().chain(self.moved.values()).any(|from| from == path);
        if let Some(path) = edits.keys().chain(self.edits.keys()).find(|path| is_moved(path)) {
            return Err(Refusal::NoFile { name: path.clone() });
        }
        if let Some(path) = moved.values().find(|path| self.moved.values().any(|from| from == *path)) {
            return Err(Refusal::NoFile { name: path.clone() });
        }
        for (path, new) in edits {
            self.edits.entry(path).or_default().extend(new);
        }
        self.made.extend(made);
        self.moved.extend(moved);
        Ok(())
    }
}

fn name_of(sources: &Sources, span: crate::text::span::Span) -> String {
    sources.get(span.file).map_or_else(|| "a default".to_owned(), |source| source.name.clone())
}

fn clashes(one: &Edit, other: &Edit) -> bool {
    let is_same_place = one.range.start == other.range.start;
    is_same_place || (one.range.start < other.range.end && other.range.start < one.range.end)
}

/// The file that a path leads to, if its text is the one that the edit was made for.
fn editable(snapshot: &Snapshot, path: &str, text: &str) -> Result<String, Refusal> {
    let path = path.to_owned();
    let file = match snapshot.target(&path) {
        Target::File(file) => file,
        Target::Outside => return Err(Refusal::Outside { path }),
        _ => return Err(Refusal::NoFile { name: path }),
    };
    let bytes = snapshot.read(&path).map_err(|_| Refusal::NoFile { name: path.clone() })?;
    if bytes.len() > MAX_FILE_BYTES {
        return Err(Refusal::TooLarge { path });
    }
    if *bytes != *text.as_bytes() {
        return Err(Refusal::NotText { path });
    }
    Ok(file)
}

/// The file that gets another name: one that git tracks itself, reached by no link.
fn movable(snapshot: &Snapshot, path: &str) -> Result<String, Refusal> {
    let entry = snapshot.entry(path).filter(|entry| matches!(entry.mode, Mode::File | Mode::Executable));
    let entry = entry.ok_or_else(|| Refusal::NoFile { name: path.to_owned() })?;
    let bytes = snapshot.read(path).map_err(|_| Refusal::NoFile { name: path.to_owned() })?;
    if bytes.len() > MAX_FILE_BYTES {
        return Err(Refusal::TooLarge { path: path.to_owned() });
    }
    Ok(entry.path.to_string())
}

/// Where a new file is written, links to folders followed.
fn place_for(snapshot: &Snapshot, wanted: &str) -> Result<String, Refusal> {
    let no_place = || Refusal::NoPlace { path: wanted.to_owned() };
    if path::join("", wanted).as_deref() != Some(wanted) || wanted.is_empty() || wanted.split('/').any(is_of_git) {
        return Err(no_place());
    }
    if snapshot.entry(wanted).is_some() || snapshot.target(wanted) != Target::Missing {
        return Err(Refusal::Exists { path: wanted.to_owned() });
    }
    let folder = path::parent(wanted).unwrap_or_default();
    for above in path::ancestors(folder) {
        match snapshot.target(above) {
            Target::Directory(real) => {
                let below = path::strip(wanted, above).unwrap_or(wanted);
                return Ok(path::child(&real, below));
            }
            Target::Missing => {}
            Target::Outside => return Err(Refusal::Outside { path: above.to_owned() }),
            _ => return Err(no_place()),
        }
    }
    Err(no_place())
}

fn is_of_git(part: &str) -> bool {
    part.eq_ignore_ascii_case(".git")
}

/// The same edit in the manner of its file: its line breaks, and behind its byte order mark.
fn fitted(mut edit: Edit, text: &str) -> Edit {
    if edit.range == (0..0) && text.starts_with(BYTE_ORDER_MARK) {
        edit.range = BYTE_ORDER_MARK.len()..BYTE_ORDER_MARK.len();
    }
    let replaced = text.get(edit.range.clone()).unwrap_or_default();
    let is_about_breaks = replaced.contains('\r') && replaced.replace('\r', "") == edit.text.replace('\r', "");
    if edit.text.contains('\n') && !is_about_breaks {
        let plain = edit.text.replace("\r\n", "\n");
        edit.text = if has_windows_breaks(text) { plain.replace('\n', "\r\n") } else { plain };
    }
    edit
}

/// Whether most lines end in CRLF.
fn has_windows_breaks(text: &str) -> bool {
    let bytes = text.as_bytes();
    let breaks = memchr::memchr_iter(b'\n', bytes);
    let (windows, all) = breaks.fold((0usize, 0usize), |(windows, all), at| {
        (windows + usize::from(at > 0 && bytes[at - 1] == b'\r'), all + 1)
    });
    windows * 2 > all
}

/// A tree in which some files have other contents.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    files: BTreeMap<String, HealedFile>,
    /// Whether its last patch has made a file readable.
    pub opens: bool,
}

impl Draft {
    /// The draft with a patch applied to `snapshot`, which is the tree of this draft.
    ///
    /// # Errors
    /// When edits do not fit, or a file could not be read any more.
    pub fn with(&self, patch: &Patch, snapshot: &Snapshot) -> Result<Draft, Refusal> {
        let mut draft = Draft { opens: false, ..self.clone() };
        for (path, tagged) in &patch.edits {
            let bytes = snapshot.read(path).map_err(|_| Refusal::NoFile { name: path.clone() })?;
            let text = std::str::from_utf8(&bytes).map_err(|_| Refusal::NotText { path: path.clone() })?;
            let mut tagged: Vec<&(Edit, usize)> = tagged.iter().collect();
            tagged.sort_by_key(|(edit, _)| (edit.range.start, edit.range.end));
            let edits: Vec<Edit> = tagged.iter().map(|(edit, _)| edit.clone()).collect();
            let after = edit::apply(text, &edits).map_err(|error| Refusal::Misfit { path: path.clone(), error })?;
            draft.opens |= format::check(path, text, &after, &edits)?;
            let known = draft.files.remove(path);
            let (before, from, old_marks) = match known {
                Some(file) => (file.before, file.from, file.marks),
                None => (Some(Arc::clone(&bytes)), None, Vec::new()),
            };
            let marks = moved(old_marks, &tagged);
            let file = HealedFile { path: path.clone(), from, before, after: Arc::from(after.into_bytes()), marks };
            draft.files.insert(path.clone(), file);
        }
        for (path, (text, number)) in &patch.made {
            let marks = vec![(0..text.len(), *number)];
            let after = Arc::from(text.as_bytes());
            draft.files.insert(path.clone(), HealedFile { path: path.clone(), from: None, before: None, after, marks });
        }
        for (to, from) in &patch.moved {
            let bytes = snapshot.read(from).map_err(|_| Refusal::NoFile { name: from.clone() })?;
            let known = draft.files.remove(from);
            let (before, first, marks) = match known {
                Some(file) => (file.before, file.from.unwrap_or_else(|| from.clone()), file.marks),
                None => (Some(Arc::clone(&bytes)), from.clone(), Vec::new()),
            };
            // What a repair has made itself has no old name.
            let from = (before.is_some() && first != *to).then_some(first);
            draft.files.insert(to.clone(), HealedFile { path: to.clone(), from, before, after: bytes, marks });
        }
        Ok(draft)
    }

    /// The tree.
    #[must_use]
    pub fn snapshot(&self, base: &Snapshot) -> Snapshot {
        super::tree(base, self.files.values())
    }

    /// Same for drafts with the same contents.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        let mut hasher = Sha3_256::new();
        for (path, file) in self.files.iter().filter(|(_, file)| is_other(file)) {
            hasher.update(path.len().to_le_bytes());
            hasher.update(path.as_bytes());
            hasher.update(file.after.len().to_le_bytes());
            hasher.update(&file.after);
        }
        hasher.finalize().into()
    }

    /// The files that differ from the repository's.
    #[must_use]
    pub fn into_files(self) -> Vec<HealedFile> {
        self.files.into_values().filter(is_other).collect()
    }
}

/// Whether a file differs from the repository's, by its content or by its name.
fn is_other(file: &HealedFile) -> bool {
    file.from.is_some() || file.before.as_ref() != Some(&file.after)
}

/// Where earlier marks are after sorted edits, together with the marks of these edits.
fn moved(old: Vec<(Range<usize>, usize)>, edits: &[&(Edit, usize)]) -> Vec<(Range<usize>, usize)> {
    // Offset `at` of the old text in the new one; an offset inside an edit goes to the edit's end.
    let map = |at: usize| {
        let mut shift: isize = 0;
        for (edit, _) in edits {
            if edit.range.start >= at {
                break;
            }
            if edit.range.end > at {
                return (edit.range.start as isize + shift) as usize + edit.text.len();
            }
            shift += edit.text.len() as isize - edit.range.len() as isize;
        }
        (at as isize + shift) as usize
    };
    let mut marks: Vec<(Range<usize>, usize)> =
        old.into_iter().map(|(range, number)| (map(range.start)..map(range.end), number)).collect();
    let mut shift: isize = 0;
    for (edit, number) in edits {
        let start = (edit.range.start as isize + shift) as usize;
        marks.push((start..start + edit.text.len(), *number));
        shift += edit.text.len() as isize - edit.range.len() as isize;
    }
    marks
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
