//! Files that are written whole or not at all.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use super::CliError;

/// Puts these bytes in the place of a file, or makes it.
pub(crate) fn replace(place: &Path, bytes: &[u8]) -> Result<(), CliError> {
    let failed =
        |error: std::io::Error| CliError::unreadable(format!("\"{}\" cannot be written: {error}", place.display()));
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    let temporary = place.with_file_name(format!(".{name}.chimera-{}.tmp", std::process::id()));
    let fill = || {
        let mut file = fs::File::create_new(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temporary, place)
    };
    fill().map_err(|error| {
        let _ = fs::remove_file(&temporary);
        failed(error)
    })
}
