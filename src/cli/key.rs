//! `chimeractl key`: makes, shows, replaces and revokes the keys that sign certificates.

mod record;
mod store;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};

use crate::event::kind::PublicKey as Base64Key;
use crate::event::payload::{KeyAdded, KeyRevoked};
use crate::key::KeyId;
use crate::key::public::{FOLDER, PublicKey};
use crate::key::signing::SigningKey;
use crate::ledger::genesis::key_text;
use crate::project::collect;

use super::{CliError, Exit, Outcome, random, secret};

const GUIDE: &str = "\
How keys are kept:
  The private half is a PKCS#8 PEM that only you can read (mode 0600). Put it into a secret of the GitHub
  environment that may deploy, as CHIMERA_SIGNING_KEY, and delete the file. The public half lies in
  .chimera/keys and is committed: whoever has it can verify, and a line in it says until when it counts.

Examples:
  chimeractl key generate --out production.pem
  chimeractl key show
  chimeractl key rotate --out next.pem --old 1f2e3d4c5b6a7988
  chimeractl key revoke 1f2e3d4c5b6a7988 --because \"laptop lost\"";

#[derive(Debug, clap::Args)]
#[command(after_help = GUIDE)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Make a key pair: the private half into FILE, the public half into .chimera/keys
    Generate {
        /// Where the private half goes; never overwrites
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        #[command(flatten)]
        folder: Folder,
        #[command(flatten)]
        ledgers: Ledgers,
    },
    /// Show the public keys, or one of them, or the public half of a private key
    Show {
        /// Name of a key, or a file with a private or public key
        key: Option<String>,
        #[command(flatten)]
        folder: Folder,
    },
    /// Make a key pair that takes the place of an older one
    Rotate {
        /// Where the private half goes; never overwrites
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Name of the key that ends
        #[arg(long, value_name = "KEYID")]
        old: String,
        /// How many days both count
        #[arg(long, value_name = "DAYS", default_value_t = 7)]
        overlap: u16,
        #[command(flatten)]
        folder: Folder,
        #[command(flatten)]
        ledgers: Ledgers,
    },
    /// Take the trust from a key, from now on
    Revoke {
        /// Name of the key
        key: String,
        /// Why, in a few words
        #[arg(long, value_name = "TEXT")]
        because: String,
        #[command(flatten)]
        folder: Folder,
        #[command(flatten)]
        ledgers: Ledgers,
    },
}

#[derive(Debug, Clone, clap::Args)]
struct Folder {
    /// Folder of the public keys; default: .chimera/keys of the repository around the current folder
    #[arg(long, value_name = "DIR")]
    keys: Option<PathBuf>,
}

impl Folder {
    fn path(&self) -> PathBuf {
        self.keys.clone().unwrap_or_else(|| {
            let here = PathBuf::from(".");
            collect::repository_of(&here).unwrap_or(here).join(FOLDER)
        })
    }
}

pub(crate) use store::ring;

use record::{Event, Ledgers};

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let text = match &arguments.command {
        Command::Generate { out, folder, ledgers } => {
            let (text, public) = generate(out, &folder.path(), random::now())?;
            text + &ledgers.tell(&added(&public, None), None)?
        }
        Command::Show { key, folder } => show(key.as_deref(), &folder.path())?,
        Command::Rotate { out, old, overlap, folder, ledgers } => {
            let (text, public) = rotate(out, old, *overlap, &folder.path())?;
            text + &ledgers.tell(&added(&public, Some(format!("takes the place of {old}"))), KeyId::parse(old))?
        }
        Command::Revoke { key, because, folder, ledgers } => {
            let text = revoke(key, because, &folder.path())?;
            let reason = Some(because.clone());
            text + &ledgers.tell(&Event::Revoked(KeyRevoked { keyid: key.clone(), reason }), KeyId::parse(key))?
        }
    };
    Ok((text, Exit::Clean))
}

fn added(public: &PublicKey, reason: Option<String>) -> Event {
    let (keyid, public) = (public.key.id().to_string(), Base64Key(key_text(&public.key)));
    Event::Added(KeyAdded { keyid, public, reason })
}

fn generate(out: &Path, folder: &Path, now: Timestamp) -> Result<(String, PublicKey), CliError> {
    let seed = zeroize::Zeroizing::new(random::bytes::<32>()?);
    let key = SigningKey::from_seed(&seed);
    let public = PublicKey::new(key.public(), Some(now));
    let place = folder.join(public.file_name());
    store::create_private(out, &key.to_pem())?;
    if let Err(error) = store::write_public(&place, &public.to_text(), true) {
        let _ = std::fs::remove_file(out);
        return Err(error);
    }
    let mut text = format!("key {}\n", public.key.id());
    let _ = writeln!(text, "  private half: {} (mode 0600; a secret: CHIMERA_SIGNING_KEY)", out.display());
    let _ = writeln!(text, "  public half:  {} (commit it)", place.display());
    Ok((text, public))
}

fn show(wanted: Option<&str>, folder: &Path) -> Result<String, CliError> {
    let now = random::now();
    if let Some(name) = wanted {
        if let Some(id) = KeyId::parse(name) {
            let public = find(id, folder)?;
            return Ok(line(&public, now) + &public.key.to_pem());
        }
        let public = store::read_any(Path::new(name))?;
        return Ok(line(&public, now) + &public.key.to_pem());
    }
    let ring = ring(folder)?;
    if ring.keys().is_empty() {
        return Ok(format!("no public keys in \"{}\"; \"chimeractl key generate\" makes one\n", folder.display()));
    }
    Ok(ring.keys().iter().map(|public| line(public, now)).collect())
}

fn line(public: &PublicKey, now: Timestamp) -> String {
    let state = public.distrust(now).unwrap_or_else(|| format!("key {} is trusted", public.key.id()));
    let until = public.not_after.filter(|last| now <= *last && public.revoked.is_none());
    let until = until.map(|last| format!(" until {last}")).unwrap_or_default();
    let signs =
        if public.approvals.is_empty() { String::new() } else { format!(", for {}", public.approvals.join(", ")) };
    format!("{state}{until}{signs}\n")
}

fn find(id: KeyId, folder: &Path) -> Result<PublicKey, CliError> {
    ring(folder)?.find(id).cloned().ok_or_else(|| {
        CliError::usage(format!("there is no key \"{id}\" in \"{}\"", folder.display()))
            .hint("\"chimeractl key show\" lists them")
    })
}

fn named(name: &str, folder: &Path) -> Result<PublicKey, CliError> {
    let id = KeyId::parse(name);
    let id =
        id.ok_or_else(|| CliError::usage(format!("\"{name}\" is no name of a key; it has 16 hexadecimal digits")))?;
    find(id, folder)
}

fn rotate(out: &Path, old: &str, overlap: u16, folder: &Path) -> Result<(String, PublicKey), CliError> {
    let mut old = named(old, folder)?;
    let now = random::now();
    if let Some(reason) = old.distrust(now) {
        return Err(CliError::usage(format!("{reason}: it cannot be replaced by another"))
            .hint("\"chimeractl key generate\" makes a new one"));
    }
    let (mut text, mut public) = generate(out, folder, now)?;
    public.approvals.clone_from(&old.approvals);
    store::write_public(&folder.join(public.file_name()), &public.to_text(), false)?;
    let end = now.saturating_add(SignedDuration::from_hours(i64::from(overlap) * 24)).unwrap_or(now);
    old.not_after = Some(old.not_after.map_or(end, |last| last.min(end)));
    store::write_public(&folder.join(old.file_name()), &old.to_text(), false)?;
    let _ = writeln!(text, "  key {} ends on {}", old.key.id(), old.not_after.unwrap_or(end));
    Ok((text, public))
}

fn revoke(name: &str, because: &str, folder: &Path) -> Result<String, CliError> {
    let mut public = named(name, folder)?;
    if because.trim().is_empty() {
        return Err(CliError::usage("--because must say why, in a few words"));
    }
    if let Some((since, reason)) = &public.revoked {
        return Err(CliError::usage(format!("key {name} is revoked already, since {since} ({reason})")));
    }
    public.revoked = Some((random::now(), because.to_owned()));
    store::write_public(&folder.join(public.file_name()), &public.to_text(), false)?;
    Ok(format!(
        "key {name} is revoked\n  commit {}; certificates of this key count no more, but for those that a ledger holds from before\n",
        folder.join(public.file_name()).display()
    ))
}

/// The private key of a file, for those who may read it.
pub(super) fn read_private(path: &Path) -> Result<SigningKey, CliError> {
    let name = format!("\"{}\"", path.display());
    let text = secret::read(path, &name)?;
    SigningKey::parse(&text).map_err(|error| CliError::usage(format!("{name}: {error}")))
}
