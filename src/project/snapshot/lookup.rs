//! What is looked for in the whole tree, and kept because it is asked for again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::{Entry, Mode, Snapshot};
use crate::project::name_filter::NameFilter;
use crate::project::path;

/// What is known of all entries, and places of entries by what they are looked for.
pub(super) struct Lookup {
    /// The last parts of all paths.
    pub(super) names: NameFilter,
    /// Whether there are symbolic links or submodules.
    pub(super) has_links: bool,
    submodules: Vec<u32>,
    /// Those with a capital letter.
    capitals: Vec<u32>,
    /// By their path in small letters.
    folded: OnceLock<HashMap<String, Vec<u32>>>,
    /// Those whose paths differ only in case, each with the first of them.
    clashes: OnceLock<Vec<(u32, u32)>>,
    named: Mutex<Vec<(String, Arc<[u32]>)>>,
}

impl Lookup {
    /// Looks once at every entry; nothing has been asked for yet.
    pub(super) fn of(entries: &[Entry]) -> Lookup {
        let mut lookup = Lookup {
            names: NameFilter::new(),
            has_links: false,
            submodules: Vec::new(),
            capitals: Vec::new(),
            folded: OnceLock::new(),
            clashes: OnceLock::new(),
            named: Mutex::default(),
        };
        let has_capital = |text: &str| text.bytes().any(|byte| byte.is_ascii_uppercase());
        let (mut folder, mut is_capital) = ("", false);
        for (at, entry) in (0..).zip(entries) {
            let (above, name) = path::split(&entry.path);
            if above != folder {
                (folder, is_capital) = (above, has_capital(above));
            }
            lookup.capitals.extend((is_capital || has_capital(name)).then_some(at));
            lookup.names.add(name);
            lookup.has_links |= matches!(entry.mode, Mode::Symlink | Mode::Submodule);
            lookup.submodules.extend((entry.mode == Mode::Submodule).then_some(at));
        }
        lookup
    }
}

impl Snapshot {
    /// The entries whose last part is `file_name`, in any folder; looked for once, however often it is asked.
    pub fn named(&self, file_name: &str) -> impl Iterator<Item = &Entry> {
        let mut known = self.lookup.named.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known.iter().find(|(name, _)| name == file_name).map(|(_, found)| Arc::clone(found));
        let found = found.unwrap_or_else(|| {
            let found = self.scan(file_name);
            known.push((file_name.to_owned(), Arc::clone(&found)));
            found
        });
        drop(known);
        (0..found.len()).filter_map(move |at| self.entries.get(found[at] as usize))
    }

    /// The entries whose path is this one but for the case of its letters.
    pub fn like(&self, path: &str) -> impl Iterator<Item = &Entry> {
        let folded = self.lookup.folded.get_or_init(|| {
            let mut folded: HashMap<String, Vec<u32>> = HashMap::with_capacity(self.entries.len());
            for (at, entry) in (0..).zip(&self.entries) {
                folded.entry(entry.path.to_lowercase()).or_default().push(at);
            }
            folded
        });
        folded.get(&path.to_lowercase()).into_iter().flatten().filter_map(|at| self.entries.get(*at as usize))
    }

    /// The entries whose paths differ only in the case of ASCII letters, each behind the first of them.
    pub fn clashes(&self) -> impl Iterator<Item = (&Entry, &Entry)> {
        let clashes = self.lookup.clashes.get_or_init(|| self.find_clashes());
        let entry = |at: u32| self.entries.get(at as usize);
        clashes.iter().filter_map(move |(first, other)| Some((entry(*first)?, entry(*other)?)))
    }

    /// Two paths can only clash when one of them holds a capital letter, and most do not; the one without any sorts last.
    fn find_clashes(&self) -> Vec<(u32, u32)> {
        let mut spellings: HashMap<String, (u32, Vec<u32>), hashbrown::DefaultHashBuilder> = HashMap::default();
        for at in &self.lookup.capitals {
            let Some(entry) = self.entries.get(*at as usize) else { continue };
            let (first, others) = spellings.entry(entry.path.to_ascii_lowercase()).or_insert((*at, Vec::new()));
            others.extend((first != at).then_some(*at));
        }
        let mut found = Vec::new();
        for (small, (first, others)) in spellings {
            let plain = self.index().entry(&self.entries, &small).and_then(|at| u32::try_from(at).ok());
            found.extend(others.into_iter().chain(plain).map(|other| (first, other)));
        }
        found.sort_unstable_by_key(|(_, other)| *other);
        found
    }

    /// The submodules, sorted by path.
    pub fn submodules(&self) -> impl Iterator<Item = &Entry> {
        self.lookup.submodules.iter().filter_map(|at| self.entries.get(*at as usize))
    }

    fn scan(&self, file_name: &str) -> Arc<[u32]> {
        if !self.lookup.names.may_have(file_name) {
            return Arc::default();
        }
        // Few paths end with the same letter.
        let last = file_name.as_bytes().last();
        let ends_so = |path: &str| path.as_bytes().last() == last && path.ends_with(file_name);
        let is_named = |path: &str| ends_so(path) && path::name(path) == file_name;
        (0..).zip(&self.entries).filter(|(_, entry)| is_named(&entry.path)).map(|(at, _)| at).collect()
    }
}
