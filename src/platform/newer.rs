//! What is newer than all that is known: other people's releases beyond the edge of the table.

use crate::project::locked::Installed;
use crate::project::manifest::DependencyKind;
use crate::sim::plan::Unknown;
use crate::sim::stage::Stage;

use super::job::Job;
use super::toolbox::release;

/// The packages of a build whose major came out after the table was made: what they changed, nobody has looked at.
#[must_use]
pub fn unknowns(job: &Job<'_>) -> Vec<Unknown> {
    let Some(manifest) = job.manifest(job.dir).filter(|_| !job.commands.is_empty()) else { return Vec::new() };
    let newer = release::majors().filter_map(|(name, major)| {
        let installed = DependencyKind::ALL.into_iter().filter(|kind| *kind != DependencyKind::Peer);
        let wanted = installed.flat_map(|kind| manifest.dependencies(kind)).find(|field| field.key == name)?.text?;
        let is_newer = Installed::of(job.snapshot, manifest.dir(), name, wanted).is_beyond(major);
        is_newer.then(|| Unknown {
            stage: Stage::BuildCommand,
            what: format!("\"{name}\" is newer than {major}, the newest that is known ({})", release::seen()),
            would_change: "whether the build succeeds".to_owned(),
            tell: None,
            decides: true,
        })
    });
    newer.collect()
}
