//! The publish directory that is uploaded: what was certified, file by file.

use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use sha1::{Digest as _, Sha1};

use crate::cli::CliError;
use crate::cli::certify::{hash_directory, list_directory};
use crate::digest::hex;
use crate::pipeline::platform::{Artifact, Fault, FaultKind, Piece};

/// A directory, and the digest that it had when it was certified.
pub(crate) struct Directory {
    root: PathBuf,
    certified: String,
}

impl Directory {
    /// A directory whose manifest had this SHA3-256.
    pub(crate) fn new(root: &Path, certified: String) -> Directory {
        Directory { root: root.to_owned(), certified }
    }

    fn fault(error: &CliError) -> Fault {
        Fault::new(FaultKind::Refused, error.message.clone())
    }

    fn cannot(place: &Path, error: &std::io::Error) -> Fault {
        Fault::new(FaultKind::Refused, format!("\"{}\" cannot be read: {error}", place.display()))
    }
}

impl Artifact for Directory {
    fn pieces(&self) -> Result<Vec<Piece>, Fault> {
        let paths = list_directory(&self.root).map_err(|error| Directory::fault(&error))?;
        let piece = |path: &String| {
            let place = self.root.join(path);
            let bytes = fs::read(&place).map_err(|error| Directory::cannot(&place, &error))?;
            Ok(Piece { path: path.clone(), sha1: hex(&Sha1::digest(&bytes)), size: bytes.len() as u64 })
        };
        paths.par_iter().map(piece).collect()
    }

    fn read(&self, piece: &Piece) -> Result<Vec<u8>, Fault> {
        let place = self.root.join(&piece.path);
        let bytes = fs::read(&place).map_err(|error| Directory::cannot(&place, &error))?;
        if hex(&Sha1::digest(&bytes)) != piece.sha1 {
            return Err(Fault::new(FaultKind::Refused, format!("\"{}\" was changed meanwhile", piece.path)));
        }
        Ok(bytes)
    }

    fn is_as_certified(&self) -> Result<bool, Fault> {
        let hashed = hash_directory(&self.root).map_err(|error| Directory::fault(&error))?;
        Ok(hashed.sha3_256.to_string() == self.certified)
    }
}
