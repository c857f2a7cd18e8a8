//! What rules about package managers share: what pins the version of one.

use crate::platform::job::Job;
use crate::text::span::Span;

/// What pins a package manager.
pub(super) struct Pin {
    /// The whole value.
    pub(super) span: Span,
    /// Whether it is the field `packageManager`.
    pub(super) is_field: bool,
}

/// What pins a package manager for a folder: `packageManager` of the nearest manifest that has one, else its variable.
pub(super) fn pin(job: &Job<'_>, dir: &str, name: &str) -> Option<Pin> {
    let mut dirs = crate::project::path::ancestors(dir);
    let field = dirs.find_map(|dir| {
        let manifest = job.manifest(dir).filter(|manifest| manifest.dir() == dir)?;
        let field = manifest.package_manager()?;
        (field.name == name).then_some(field.span)
    });
    if let Some(span) = field {
        return Some(Pin { span, is_field: true });
    }
    let span = job.variable(&format!("{}_VERSION", name.to_uppercase()))?.span()?;
    Some(Pin { span, is_field: false })
}
