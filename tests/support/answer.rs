//! What we answer for a folder, in-process, as `chimeractl plan --batch` does.

use std::path::Path;

use chimera::platform::netlify::oracle;
use chimera::project::collect::{self, Scope};
use serde_json::{Value, json};

/// Which of the two conformance documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// What the configuration resolves to.
    Resolution,
    /// The steps of a dry run.
    Steps,
}

/// The document of a run with these options.
pub(crate) fn document(dir: &Path, options: &Value, form: Form) -> Value {
    let case = oracle::parse_case(&json!({"dir": ".", "options": options}).to_string()).unwrap();
    let snapshot = collect::collect(dir, Scope::Everything).unwrap();
    let resolved = oracle::options(&case.options, &std::path::absolute(dir).unwrap().to_string_lossy());
    match form {
        Form::Resolution => oracle::document(&snapshot, &case.options, &resolved),
        Form::Steps => oracle::steps_document(&snapshot, &resolved),
    }
}

/// Does the same work for many items on all cores, in order.
pub(crate) fn map_all<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let share = items.len().div_ceil(cores).max(1);
    std::thread::scope(|scope| {
        let threads: Vec<_> =
            items.chunks(share).map(|chunk| scope.spawn(|| chunk.iter().map(&work).collect::<Vec<R>>())).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}
