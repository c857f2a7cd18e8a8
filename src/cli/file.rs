//! Files that are written whole or not at all.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use super::CliError;

/// Puts these bytes in the place of a file, or makes it.
pub(crate) fn replace(place: &Path, bytes: &[u8]) -> Result<(), CliError> {
    let shown = place.display();
    let failed = |error: std::io::Error| CliError::unreadable(format!("\"{shown}\" cannot be written: {error}"));
    // A link stays one: what it leads to is replaced.
    let place = &fs::canonicalize(place).unwrap_or_else(|_| place.to_owned());
    if fs::metadata(place).is_ok_and(|found| !found.is_file() && !found.is_dir()) {
        // A device or a pipe is nothing that a file may take the place of.
        return fs::OpenOptions::new().write(true).open(place).and_then(|mut it| it.write_all(bytes)).map_err(failed);
    }
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

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_device_and_a_link_stay_what_they_are() {
        use std::os::unix::fs::FileTypeExt as _;
        let folder = tempfile::tempdir().unwrap();
        // A pipe of our own: were it a device of the machine, a failure would leave the machine without it.
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || fs::read(pipe)
        });
        replace(&pipe, b"x").unwrap();
        assert!(fs::symlink_metadata(&pipe).unwrap().file_type().is_fifo());
        assert_eq!(reader.join().unwrap().unwrap(), b"x");
        // Only now that such files are known to stay.
        if cfg!(target_os = "linux") {
            assert!(replace(Path::new("/dev/full"), b"x").is_err_and(|error| error.message.contains("No space left")));
        }
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        replace(&link, b"new").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert!(replace(folder.path(), b"x").is_err());
    }
}
