//! A publish directory, uploaded as a draft: all digests first, then the files that Netlify lacks.

use std::collections::BTreeMap;

use serde_json::json;

use super::model::DeployAnswer;
use super::{Netlify, encode, get};
use crate::pipeline::platform::{Artifact, Fault, FaultKind, Piece, Progress};
use crate::pipeline::world::Millis;
use crate::remote::client::{Call, Payload};
use crate::remote::transport::Method;

/// Files of one directory at most (documentation of manual deploys).
const MOST_FILES: usize = 54_000;
/// From so many files on Netlify answers before it has compared them (`netlify/cli`).
const ASYNC: usize = 100;
/// Files that are sent at once (`netlify/cli`).
const AT_ONCE: usize = 5;
/// Bytes that are held in memory for sending.
const MOST_BYTES: u64 = 64 << 20;
/// Time between two looks.
const PAUSE: Millis = 1_000;

impl Netlify<'_> {
    /// Uploads a directory; a deploy that bears the mark already is gone on with.
    pub(super) fn upload(&self, mark: &str, artifact: &dyn Artifact, until: Millis) -> Result<String, Fault> {
        let pieces = artifact.pieces()?;
        check(&pieces)?;
        let find = || self.marked(mark, until);
        let deploy = match find()? {
            Some(deploy) => deploy,
            None => self.client.create(&self.create(mark, &pieces), until, &find)?,
        };
        let id = deploy.id.clone();
        let required = self.required(deploy, until)?;
        self.send(&id, &pieces, &required, artifact, until)?;
        Ok(id)
    }

    fn create(&self, mark: &str, pieces: &[Piece]) -> Call {
        let files: BTreeMap<&str, &str> =
            pieces.iter().map(|piece| (piece.path.as_str(), piece.sha1.as_str())).collect();
        let body = json!({"files": files, "draft": true, "async": pieces.len() > ASYNC});
        let path = self.path(&format!("/deploys?title={}", encode(mark)));
        Call { what: "create a deploy", method: Method::Post, path, payload: Payload::Json(body) }
    }

    /// The digests of the files that Netlify lacks.
    fn required(&self, mut deploy: DeployAnswer, until: Millis) -> Result<Vec<String>, Fault> {
        let world = self.client.world();
        loop {
            let is_compared = matches!(deploy.state.as_str(), "prepared" | "uploading" | "uploaded" | "ready");
            match (deploy.required.take(), deploy.progress()) {
                (Some(required), _) if is_compared || !required.is_empty() => return Ok(required),
                (_, Progress::Failed(reason)) => {
                    let text = format!("Netlify gave up on deploy \"{}\": {reason}", deploy.id);
                    return Err(Fault::new(FaultKind::Refused, text));
                }
                (_, Progress::Ready) => return Ok(Vec::new()),
                _ => {}
            }
            if world.now() >= until {
                return Err(Fault::new(FaultKind::OutOfTime, "Netlify did not say in time which files it lacks"));
            }
            world.pause(PAUSE);
            if world.is_interrupted() {
                return Err(Fault::new(FaultKind::Interrupted, "interrupted"));
            }
            let call = get("read the deploy", self.path(&format!("/deploys/{}", encode(&deploy.id))));
            deploy = self.client.ask(&call, until)?;
        }
    }

    fn send(
        &self,
        id: &str,
        pieces: &[Piece],
        required: &[String],
        artifact: &dyn Artifact,
        until: Millis,
    ) -> Result<(), Fault> {
        // Files with the same bytes are sent once.
        let by_digest: BTreeMap<&str, &Piece> = pieces.iter().map(|piece| (piece.sha1.as_str(), piece)).collect();
        let mut calls = Vec::new();
        let mut held = 0;
        for digest in required {
            let unknown = || Fault::new(FaultKind::Refused, "Netlify asks for a file that is not in the directory");
            let piece = by_digest.get(digest.as_str()).ok_or_else(unknown)?;
            held += piece.size;
            calls.push(put(id, piece, artifact.read(piece)?));
            if held >= MOST_BYTES {
                self.client.ask_all(&calls, AT_ONCE, until)?;
                calls.clear();
                held = 0;
            }
        }
        self.client.ask_all(&calls, AT_ONCE, until)
    }
}

fn put(id: &str, piece: &Piece, bytes: Vec<u8>) -> Call {
    let path = format!("/deploys/{}/files/{}", encode(id), encode(&piece.path));
    Call { what: "upload a file", method: Method::Put, path, payload: Payload::Bytes(bytes) }
}

/// Refuses what Netlify's own clients refuse.
fn check(pieces: &[Piece]) -> Result<(), Fault> {
    let refuse = |text: String| Err(Fault::new(FaultKind::Refused, text));
    if pieces.is_empty() {
        return refuse("the publish directory is empty".to_owned());
    }
    if pieces.len() > MOST_FILES {
        return refuse(format!("the publish directory has {} files; Netlify takes {MOST_FILES}", pieces.len()));
    }
    match pieces.iter().find(|piece| piece.path.contains(['#', '?'])) {
        Some(piece) => refuse(format!("\"{}\": Netlify takes no file whose name has \"#\" or \"?\"", piece.path)),
        None => Ok(()),
    }
}
