//! All files that a tool reaches from where it begins, with where their imports lead.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::bundle::Bundle;
use super::resolve::Resolved;
use super::scan::{self, Load, Scan};
use crate::project::path;
use crate::project::snapshot::Snapshot;

/// Files that are read for one tool at most.
const MOST: usize = 50_000;
/// Files that a worker takes at once.
const BATCH: usize = 16;
/// Threads that read the files of a large site.
const WORKERS: usize = 2;
/// Files that are reached from which on those are worth their start.
const MANY: usize = 64;

/// A file that is reached.
#[derive(Debug, Clone, Default)]
pub struct Node {
    /// What it says about itself; none when it is not read.
    pub scan: Option<Scan>,
    /// Where its imports lead, one for each load that counts, with the load's position in the scan.
    pub links: Vec<(usize, Resolved)>,
}

impl Node {
    /// The loads that count, with where they lead.
    pub fn loads(&self) -> impl Iterator<Item = (&Load, &Resolved)> {
        let scan = self.scan.as_ref();
        self.links.iter().filter_map(move |(at, resolved)| Some((scan?.loads.get(*at)?, resolved)))
    }
}

/// All files that a tool reaches.
#[derive(Debug, Default)]
pub struct Graph {
    /// The files by path.
    pub files: BTreeMap<String, Node>,
}

/// What is still to be read, and what was.
#[derive(Default)]
struct Queue {
    waiting: Vec<String>,
    seen: HashSet<String>,
    busy: usize,
    done: Vec<(String, Node)>,
}

struct Work<'b> {
    bundle: &'b Bundle,
    snapshot: &'b Snapshot,
    queue: Mutex<Queue>,
    changed: Condvar,
}

impl Graph {
    /// Follows the imports of a bundle.
    #[must_use]
    pub fn of(snapshot: &Snapshot, bundle: &Bundle) -> Graph {
        let mut queue = Queue::default();
        for entry in &bundle.entries {
            queue.add(entry.clone());
        }
        let work = Work { bundle, snapshot, queue: Mutex::new(queue), changed: Condvar::new() };
        work.run_while(|queue| queue.seen.len() < MANY, false);
        if !work.lock().waiting.is_empty() {
            std::thread::scope(|scope| {
                scope.spawn(|| work.run_while(|_| true, true));
                work.run_while(|_| true, true);
            });
        }
        let queue = work.queue.into_inner().unwrap_or_else(PoisonError::into_inner);
        Graph { files: queue.done.into_iter().collect() }
    }
}

/// Whether a file is handed over as it is, so that nobody looks for what it loads: `./x.js?raw`.
fn is_taken_whole(load: &Load) -> bool {
    let query = load.specifier.split_once('?').map_or("", |(_, query)| query);
    query.split('&').any(|part| matches!(part, "raw" | "url"))
}

impl Queue {
    fn add(&mut self, file: String) {
        if self.seen.len() < MOST && !self.seen.contains(&file) {
            self.seen.insert(file.clone());
            self.waiting.push(file);
        }
    }
}

impl Work<'_> {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads files until none is left, or this does not hold any more; another one may be waiting for what it finds.
    fn run_while(&self, holds: impl Fn(&Queue) -> bool, is_shared: bool) {
        loop {
            let goes_on = holds(&self.lock());
            let Some(batch) = goes_on.then(|| self.take()).flatten() else { return };
            let length = batch.len();
            let read: Vec<(String, Node)> = batch.into_iter().map(|file| self.read(file)).collect();
            let mut queue = self.lock();
            for (_, node) in &read {
                for (load, resolved) in node.loads() {
                    if let Resolved::File(file) = resolved
                        && !is_taken_whole(load)
                    {
                        queue.add(file.clone());
                    }
                }
            }
            queue.done.extend(read);
            queue.busy -= length;
            drop(queue);
            if is_shared {
                self.changed.notify_all();
            }
        }
    }

    fn take(&self) -> Option<Vec<String>> {
        let mut queue = self.lock();
        loop {
            if !queue.waiting.is_empty() {
                let share = (queue.waiting.len() / WORKERS).clamp(1, BATCH);
                let from = queue.waiting.len() - share;
                let batch = queue.waiting.split_off(from);
                queue.busy += batch.len();
                return Some(batch);
            }
            if queue.busy == 0 {
                return None;
            }
            queue = self.changed.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn read(&self, file: String) -> (String, Node) {
        let is_own = !file.split('/').any(|part| part == "node_modules");
        let Some(dialect) = self.bundle.dialect(&file).filter(|_| is_own) else { return (file, Node::default()) };
        let text = self.snapshot.read(&file).ok();
        let text = text.as_deref().and_then(|bytes| std::str::from_utf8(bytes).ok());
        let Some(scan) = text.and_then(|text| scan::scan_as(text, dialect)) else { return (file, Node::default()) };
        let dir = path::parent(&file).unwrap_or_default();
        let counted = scan.loads.iter().enumerate().filter(|(_, load)| self.bundle.counts(load));
        let links = counted.map(|(at, load)| (at, self.bundle.resolver.resolve(self.snapshot, load, dir))).collect();
        (file, Node { scan: Some(scan), links })
    }
}
