//! The smoke files of a repository on disk, as checks.

use std::cell::OnceCell;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::cli::{CliError, random};
use crate::smoke::journey::{Clock, ENDING, FOLDER, SmokeTest};
use crate::smoke::port::Millis;
use crate::smoke::value::Value;
use crate::smoke::variable::Variables;
use crate::verify::bake::Route;
use crate::verify::check::Check;

/// Bytes of a smoke file, and of a file that it names.
const LONGEST: u64 = 16 << 20;
/// How long a wait lasts until the next look whether the run shall stop.
const SLICE: Duration = Duration::from_millis(50);
/// How names of variables of the environment begin, as `hurl` has them.
const VARIABLE: &str = "HURL_VARIABLE_";
const SECRET: &str = "HURL_SECRET_";

/// The clock and the files of smoke tests.
pub(crate) struct Ground {
    folder: PathBuf,
    started: Instant,
    is_stopped: OnceCell<Arc<AtomicBool>>,
}

impl Ground {
    pub(super) fn new(root: &Path) -> Ground {
        Ground { folder: root.join(FOLDER), started: Instant::now(), is_stopped: OnceCell::new() }
    }

    /// Waits are cut short when this becomes true.
    pub(super) fn heed(&self, is_stopped: Arc<AtomicBool>) {
        let _ = self.is_stopped.set(is_stopped);
    }
}

impl Clock for Ground {
    fn now(&self) -> Timestamp {
        random::now()
    }

    fn millis(&self) -> Millis {
        Millis::try_from(self.started.elapsed().as_millis()).unwrap_or(Millis::MAX)
    }

    fn sleep(&self, time: Millis) {
        let end = Instant::now() + Duration::from_millis(time);
        let is_stopped = || self.is_stopped.get().is_some_and(|flag| flag.load(Ordering::SeqCst));
        while !is_stopped() {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            std::thread::sleep(left.min(SLICE));
        }
    }

    fn random(&self) -> [u8; 16] {
        // Without randomness a name is still one, if not a new one.
        random::bytes().unwrap_or_default()
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let told = |error: std::io::Error| error.to_string();
        let folder = self.folder.canonicalize().map_err(told)?;
        let file = folder.join(path).canonicalize().map_err(told)?;
        // A link may lead out of the folder.
        if !file.starts_with(&folder) {
            return Err("it is a link that leads out of the folder".to_owned());
        }
        read(&file)
    }
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    let about = file.metadata().map_err(|error| error.to_string())?;
    if !about.is_file() || about.len() > LONGEST {
        return Err(format!("it is no file of at most {} MB", LONGEST >> 20));
    }
    std::fs::read(file).map_err(|error| error.to_string())
}

/// What the smoke files of a repository ask.
pub(super) struct Smoke {
    pub(super) checks: Vec<Check>,
    pub(super) routes: Vec<Route>,
}

/// Reads all smoke files, in the order of their names.
pub(super) fn gather(ground: &Rc<Ground>, environment: &str, commit: Option<&str>) -> Result<Smoke, CliError> {
    let variables = variables(environment, commit);
    let (mut smoke, mut faults) = (Smoke { checks: Vec::new(), routes: Vec::new() }, Vec::new());
    for name in names(&ground.folder)? {
        let path = format!("{FOLDER}/{name}");
        let unreadable = |reason: String| CliError::unreadable(format!("{path}: {reason}"));
        let bytes = read(&ground.folder.join(&name)).map_err(unreadable)?;
        let text = String::from_utf8(bytes).map_err(|_| CliError::usage(format!("{path} is not UTF-8")))?;
        let clock = Rc::clone(ground) as Rc<dyn Clock>;
        match SmokeTest::read(&path, text.clone(), variables.clone(), clock) {
            Ok(test) => {
                smoke.routes.extend(test.routes().into_iter().map(|path| Route { path, p95: None }));
                smoke.checks.extend(test.journeys().into_iter().map(|journey| Check::Journey(Rc::new(journey))));
            }
            Err(fault) => faults.push(fault.line(&path, &text)),
        }
    }
    if faults.is_empty() {
        return Ok(smoke);
    }
    Err(CliError::usage(faults.join("\n")).hint("docs/SMOKE.md says which part of Hurl is supported"))
}

/// The names of smoke files, in order.
fn names(folder: &Path) -> Result<Vec<String>, CliError> {
    let unreadable = |error: std::io::Error| CliError::unreadable(format!("{FOLDER}: {error}"));
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry.map_err(unreadable)?.file_name();
        names.extend(name.into_string().ok().filter(|name| name.ends_with(ENDING)));
    }
    names.sort();
    Ok(names)
}

fn variables(environment: &str, commit: Option<&str>) -> Variables {
    let mut variables = Variables::default();
    for (name, value) in std::env::vars() {
        if let Some(name) = name.strip_prefix(VARIABLE) {
            variables.set(name, Value::of_text(&value));
        } else if let Some(name) = name.strip_prefix(SECRET) {
            variables.set_secret(name, value);
        }
    }
    variables.set_text("environment", environment);
    match commit {
        Some(commit) => variables.set_text("commit", commit),
        None => variables.leave_out("commit", "only a deploy knows which commit is live"),
    }
    variables
}
