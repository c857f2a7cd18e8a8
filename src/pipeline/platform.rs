//! What every platform can be asked to do.
//!
//! Proof that a deploy is live is always its name, never an answer of the site: the old deploy answers as well. A return
//! always names its target: "the one before" is another deploy the second time.

use serde::{Deserialize, Serialize};

use crate::pipeline::world::Millis;

/// The kind of a failure, as far as the run must tell them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// The token is wrong or was revoked.
    Unauthorised,
    /// The token may not do this.
    Forbidden,
    /// What was asked for does not exist, or not for this token.
    Missing,
    /// The platform refuses the request itself.
    Refused,
    /// All repetitions failed, or the platform wants us to wait for too long.
    Exhausted,
    /// The connection cannot be trusted.
    Insecure,
    /// The run was interrupted meanwhile.
    Interrupted,
    /// The time was over.
    OutOfTime,
}

/// Why something could not be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct Fault {
    /// The kind.
    pub kind: FaultKind,
    /// What is wrong, in one clause; never a token nor the address of a hook.
    pub message: String,
    /// What a person can do instead, if a person must.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_hand: Option<String>,
}

impl Fault {
    /// A failure of this kind.
    #[must_use]
    pub fn new(kind: FaultKind, message: impl Into<String>) -> Fault {
        Fault { kind, message: message.into(), by_hand: None }
    }

    /// Says whether another platform may be tried: this one cannot be reached, and nothing is wrong with us.
    #[must_use]
    pub fn is_outage(&self) -> bool {
        matches!(self.kind, FaultKind::Exhausted | FaultKind::OutOfTime)
    }

    /// Says whether the platform certainly did nothing.
    #[must_use]
    pub fn is_definite(&self) -> bool {
        use FaultKind::{Forbidden, Missing, Refused, Unauthorised};
        matches!(self.kind, Unauthorised | Forbidden | Missing | Refused)
    }
}

/// How far a deploy is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", content = "message", rename_all = "kebab-case")]
pub enum Progress {
    /// Somebody must let it go on.
    Waiting,
    /// The platform works on it.
    Working,
    /// Its own address works; it can be published.
    Ready,
    /// It cannot become ready.
    Failed(String),
    /// The platform found nothing to do: what was live stays.
    Skipped,
    /// A word that we do not know.
    Unknown(String),
}

/// A deploy as the platform describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deploy {
    /// The platform's name for it.
    pub id: String,
    /// How far it is.
    pub progress: Progress,
    /// The commit, if the platform knows it.
    pub commit: Option<String>,
    /// Its own address.
    pub address: Option<String>,
}

/// What is live.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Live {
    /// The platform's name for the deploy; none on a site that never had one.
    pub id: Option<String>,
    /// Its commit, if the platform knows it.
    pub commit: Option<String>,
    /// The platform publishes nothing by itself.
    pub is_pinned: bool,
    /// The address of the site.
    pub address: Option<String>,
}

/// One file of a publish directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Path with slashes, relative to the directory.
    pub path: String,
    /// SHA-1 in small hexadecimal letters.
    pub sha1: String,
    /// Its bytes are read only when the platform lacks them.
    pub size: u64,
}

/// The bytes that are deployed.
pub trait Artifact {
    /// Every file.
    ///
    /// # Errors
    /// When the directory cannot be read.
    fn pieces(&self) -> Result<Vec<Piece>, Fault>;

    /// The bytes of one file.
    ///
    /// # Errors
    /// When it cannot be read, or is no longer what was certified.
    fn read(&self, piece: &Piece) -> Result<Vec<u8>, Fault>;

    /// Says whether the directory still is what was certified.
    ///
    /// # Errors
    /// When the directory cannot be read.
    fn is_as_certified(&self) -> Result<bool, Fault>;
}

/// What is brought to a platform.
#[derive(Clone, Copy)]
pub struct Delivery<'a> {
    /// The mark that the deploy shall bear, by which it is found again.
    pub mark: &'a str,
    /// The commit.
    pub commit: &'a str,
    /// The bytes; none where the platform builds them.
    pub artifact: Option<&'a dyn Artifact>,
}

/// The contract with a platform; one value is one site.
///
/// `until` is the moment by which the answer must be there, on the run's clock. Whoever implements it repeats what may be
/// repeated, and looks for what exists before it creates anything again.
pub trait Platform {
    /// The platform's name, such as `netlify`.
    fn name(&self) -> &'static str;

    /// What is live.
    ///
    /// # Errors
    /// When the platform does not tell.
    fn live(&self, until: Millis) -> Result<Live, Fault>;

    /// Checks, without changing anything, that the platform will do what is planned.
    ///
    /// # Errors
    /// What stands in the way.
    fn check_access(&self, until: Millis) -> Result<(), Fault>;

    /// A deploy by its name; none when it is gone.
    ///
    /// # Errors
    /// When the platform does not tell.
    fn deploy(&self, id: &str, until: Millis) -> Result<Option<Deploy>, Fault>;

    /// The newest deploy that bears this mark.
    ///
    /// # Errors
    /// When the platform does not tell.
    fn find(&self, mark: &str, until: Millis) -> Result<Option<Deploy>, Fault>;

    /// A deploy of this commit that the platform started by itself and has not published yet.
    ///
    /// # Errors
    /// When the platform does not tell.
    fn pending(&self, commit: &str, until: Millis) -> Result<Option<Deploy>, Fault>;

    /// Brings the bytes there, or lets the platform build; names the deploy that came of it. Nobody sees it yet.
    ///
    /// # Errors
    /// When it could not be done.
    fn prepare(&self, delivery: &Delivery<'_>, until: Millis) -> Result<String, Fault>;

    /// Makes a ready deploy the live one; asking twice is like asking once.
    ///
    /// # Errors
    /// When it could not be done, or the answer was lost.
    fn publish(&self, id: &str, until: Millis) -> Result<(), Fault>;

    /// Keeps the live deploy live whatever is pushed.
    ///
    /// # Errors
    /// When it could not be done.
    fn pin(&self, id: &str, until: Millis) -> Result<(), Fault>;

    /// Lets pushes replace the live deploy again.
    ///
    /// # Errors
    /// When it could not be done.
    fn unpin(&self, id: &str, until: Millis) -> Result<(), Fault>;

    /// Stops a deploy that is not ready yet; one that is ready or gone stays as it is.
    ///
    /// # Errors
    /// When it could not be done.
    fn cancel(&self, id: &str, until: Millis) -> Result<(), Fault>;

    /// How a person does the same with a terminal; `id` is the deploy that shall be live.
    fn publish_by_hand(&self, id: &str) -> String;
}
