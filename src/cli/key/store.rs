//! Key files on disk.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use crate::cli::CliError;
use crate::key::public::{EXTENSION, PublicKey};
use crate::key::ring::KeyRing;

/// More files are no folder of keys.
const MAX_KEYS: usize = 1000;

/// A longer file is no public key.
const MAX_BYTES: u64 = 1 << 16;

fn cannot(what: &str, place: &Path, error: &std::io::Error) -> CliError {
    CliError::unreadable(format!("\"{}\" cannot be {what}: {error}", place.display()))
}

/// Writes a private key to a new file that only its owner may read.
pub(super) fn create_private(place: &Path, pem: &str) -> Result<(), CliError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(place).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => {
            CliError::usage(format!("\"{}\" is there already; a key is never written over", place.display()))
        }
        _ => cannot("written", place, &error),
    })?;
    let written = file.write_all(pem.as_bytes()).and_then(|()| file.sync_all());
    written.map_err(|error| {
        let _ = fs::remove_file(place);
        cannot("written", place, &error)
    })
}

/// Writes a public key: whole or not at all.
pub(super) fn write_public(place: &Path, text: &str, is_new: bool) -> Result<(), CliError> {
    if is_new && place.exists() {
        return Err(CliError::usage(format!("\"{}\" is there already", place.display())));
    }
    let folder = place.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|error| cannot("made", folder, &error))?;
    crate::cli::file::replace(place, text.as_bytes())
}

/// All public keys of a folder; none when there is no such folder.
pub(crate) fn ring(folder: &Path) -> Result<KeyRing, CliError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(KeyRing::default()),
        Err(error) => return Err(cannot("read", folder, &error)),
    };
    let mut places = Vec::new();
    for entry in entries {
        let place = entry.map_err(|error| cannot("read", folder, &error))?.path();
        if place.extension().is_some_and(|end| end == EXTENSION) {
            places.push(place);
        }
    }
    if places.len() > MAX_KEYS {
        return Err(CliError::usage(format!("\"{}\" holds more than {MAX_KEYS} keys", folder.display())));
    }
    places.sort();
    let keys = places.iter().map(|place| read_public(place)).collect::<Result<_, _>>()?;
    Ok(KeyRing::new(keys))
}

fn read_public(place: &Path) -> Result<PublicKey, CliError> {
    let found = fs::metadata(place).map_err(|error| cannot("read", place, &error))?;
    if !found.is_file() || found.len() > MAX_BYTES {
        return Err(CliError::usage(format!("\"{}\" is no public key", place.display())));
    }
    let text = fs::read_to_string(place).map_err(|error| cannot("read", place, &error))?;
    PublicKey::parse(&text).map_err(|error| CliError::usage(format!("\"{}\": {error}", place.display())))
}

/// The public half of whatever key this file holds.
pub(super) fn read_any(place: &Path) -> Result<PublicKey, CliError> {
    let found = fs::metadata(place).map_err(|error| cannot("read", place, &error))?;
    let is_public = place.extension().is_some_and(|end| end == EXTENSION);
    if found.is_file() && is_public {
        return read_public(place);
    }
    Ok(PublicKey::new(super::read_private(place)?.public(), None))
}
