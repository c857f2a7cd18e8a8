//! Certifies what is checked out, so that the check run says what others can verify.

use std::path::{Path, PathBuf};

use crate::certificate::bundle::FILE_NAME;
use crate::cli::certify::{self, Arguments};
use crate::cli::{CliError, input, secret};
use crate::report::certificate as report;

use super::examine::Examined;
use super::scene::Scene;
use super::setting::{Settings, Source};

/// Certifies every folder; the first certificate that was written, for the output of that name.
///
/// Files that came over the API are no checkout, so nothing can be recomputed from disk and nothing is certified.
pub(super) fn all(settings: &Settings, scene: &mut Scene, examined: &mut [Examined]) -> Option<PathBuf> {
    let folder = settings.report_path.as_deref().filter(|_| scene.source == Source::Checkout)?;
    let mut written = None;
    for one in examined.iter_mut().filter(|one| !one.inspection.healing.before.is_empty()) {
        let root = scene.workspace.join(&one.inspection.prefix);
        let out = folder.join(file_name(&one.inspection.prefix));
        match certified(settings, scene, &root, &out) {
            Ok(text) => {
                one.inspection.certification = Some(text);
                written = written.or(Some(out));
            }
            Err(error) => scene.tally.note(format!("Not certified: {}", error.message)),
        }
    }
    written
}

fn certified(settings: &Settings, scene: &Scene, root: &Path, out: &Path) -> Result<String, CliError> {
    let failed =
        |error: std::io::Error| CliError::unreadable(format!("\"{}\" cannot be written: {error}", out.display()));
    std::fs::create_dir_all(out.parent().unwrap_or(out)).map_err(failed)?;
    let simulation = input::Target {
        // One platform, or all that the repository is made for.
        platform: match settings.platforms.as_slice() {
            [only] => *only,
            _ => input::Platform::Auto,
        },
        context: "production".to_owned(),
        branch: scene.branch.clone().unwrap_or_else(|| "main".to_owned()),
        site_settings: None,
        repository: None,
        day: None,
    };
    let arguments = Arguments::of_step(root, simulation, out.to_owned());
    let signer = secret::Source::default().signer()?;
    let (bundle, _) = certify::certify(&arguments, root, &signer)?;
    Ok(report::markdown(&bundle))
}

/// The folder's name stands before the usual one, so that several sites do not overwrite each other.
fn file_name(prefix: &str) -> String {
    if prefix.is_empty() { FILE_NAME.to_owned() } else { format!("{}.{FILE_NAME}", prefix.replace('/', "-")) }
}
