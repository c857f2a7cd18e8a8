//! Where secrets come in: environment variables and file descriptors, never arguments.

use std::io::Read as _;
use std::path::Path;

use zeroize::Zeroizing;

use crate::certificate::envelope::Signer;
use crate::key::mac::SharedSecret;
use crate::key::signing::SigningKey;

use super::CliError;

/// The variable that holds a private key.
pub(crate) const SIGNING_KEY: &str = "CHIMERA_SIGNING_KEY";

/// The variable that holds a shared secret.
pub(crate) const HMAC_KEY: &str = "CHIMERA_HMAC_KEY";

/// Variables that hold secrets of ours.
pub(crate) const NAMES: [&str; 6] =
    [SIGNING_KEY, HMAC_KEY, "NETLIFY_AUTH_TOKEN", "NETLIFY_BUILD_HOOK", "GITHUB_TOKEN", "GH_TOKEN"];

/// Tells the runner of GitHub Actions to black out secrets in everything that is printed from now on, even by others.
///
/// Commands are read from both streams; standard output is for documents. What is masked twice is masked once.
pub(crate) fn mask() {
    if is_heard() {
        NAMES.iter().filter_map(|name| std::env::var(name).ok()).for_each(|text| hide(&text));
    }
}

/// Whether a runner reads what is printed: elsewhere, and in a file, a command that masks a secret would tell it.
fn is_heard() -> bool {
    std::env::var("GITHUB_ACTIONS").is_ok_and(|value| value == "true") && !is_into_file()
}

/// Whether standard error is sent to a file.
#[cfg(unix)]
fn is_into_file() -> bool {
    use std::os::fd::AsFd as _;
    let copy = std::io::stderr().as_fd().try_clone_to_owned().map(std::fs::File::from);
    copy.and_then(|file| file.metadata()).is_ok_and(|found| found.is_file())
}

#[cfg(not(unix))]
fn is_into_file() -> bool {
    false
}

/// Masks each line, as the runner does: it knows no secrets of several lines.
fn hide(text: &str) {
    use std::io::Write as _;
    let mut stderr = std::io::stderr().lock();
    // What is short would black out half the log, and what is no key of ours says nothing.
    for line in text.lines().map(str::trim).filter(|line| line.len() >= 8 && !line.starts_with("-----")) {
        let _ = writeln!(stderr, "::add-mask::{line}");
    }
}

/// A longer text is no key.
const MAX_BYTES: u64 = 1 << 16;

#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Source {
    /// Read the signing key from file descriptor N instead of CHIMERA_SIGNING_KEY
    #[arg(long, value_name = "N")]
    key_fd: Option<u32>,
}

impl Source {
    /// The private key, if there is one.
    pub(crate) fn signing_key(&self) -> Result<Option<SigningKey>, CliError> {
        let (name, text) = match self.key_fd {
            Some(number) => (format!("--key-fd {number}"), Some(descriptor(number)?)),
            None => (SIGNING_KEY.to_owned(), variable(SIGNING_KEY)?),
        };
        let Some(text) = text else { return Ok(None) };
        if self.key_fd.is_some() && is_heard() {
            hide(&text);
        }
        let wrong = |error| CliError::usage(format!("{name}: {error}"));
        SigningKey::parse(&text).map(Some).map_err(wrong)
    }

    /// What certificates are sealed with: a key, else a shared secret, else nothing.
    pub(crate) fn signer(&self) -> Result<Signer, CliError> {
        if let Some(key) = self.signing_key()? {
            return Ok(Signer::Key(Box::new(key)));
        }
        Ok(shared()?.map_or(Signer::Nobody, Signer::Secret))
    }
}

/// The shared secret, if there is one.
pub(crate) fn shared() -> Result<Option<SharedSecret>, CliError> {
    let Some(text) = variable(HMAC_KEY)? else { return Ok(None) };
    SharedSecret::parse(&text).map(Some).map_err(|error| CliError::usage(format!("{HMAC_KEY}: {error}")))
}

/// A variable that is set to nothing is one that is not set: workflows pass on secrets that are not there like that.
fn variable(name: &str) -> Result<Option<Zeroizing<String>>, CliError> {
    match std::env::var(name) {
        Ok(text) => Ok(Some(Zeroizing::new(text)).filter(|text| !text.trim().is_empty())),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => Err(CliError::usage(format!("{name} is not UTF-8"))),
    }
}

fn descriptor(number: u32) -> Result<Zeroizing<String>, CliError> {
    if !cfg!(unix) {
        return Err(CliError::usage(format!("--key-fd works on Unix only; set {SIGNING_KEY}")));
    }
    read(Path::new(&format!("/dev/fd/{number}")), &format!("--key-fd {number}"))
}

/// Reads a file with a secret, which nobody else may read.
pub(crate) fn read(path: &Path, name: &str) -> Result<Zeroizing<String>, CliError> {
    let failed = |error: std::io::Error| CliError::unreadable(format!("{name} cannot be read: {error}"));
    let file = std::fs::File::open(path).map_err(failed)?;
    check_rights(&file.metadata().map_err(failed)?, name)?;
    // Reserved at once, so that growing leaves no copy behind.
    let mut text = Zeroizing::new(String::with_capacity(usize::try_from(MAX_BYTES).unwrap_or_default() + 1));
    file.take(MAX_BYTES + 1).read_to_string(&mut text).map_err(failed)?;
    if text.len() as u64 > MAX_BYTES {
        return Err(CliError::usage(format!("{name} holds more than {MAX_BYTES} bytes, so it is no key")));
    }
    Ok(text)
}

#[cfg(unix)]
fn check_rights(found: &std::fs::Metadata, name: &str) -> Result<(), CliError> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = found.permissions().mode() & 0o777;
    if found.is_file() && mode & 0o077 != 0 {
        return Err(CliError::usage(format!("{name} has mode {mode:04o}: others may read the key"))
            .hint("chmod 600 it, and make a new key if somebody may have seen this one"));
    }
    Ok(())
}

#[cfg(not(unix))]
fn check_rights(_: &std::fs::Metadata, _: &str) -> Result<(), CliError> {
    Ok(())
}
