//! What a verification is made of: `.chimera/verify.toml`, what was derived from the deploy, and who asks.

mod derived;
mod smoke;

use std::cell::RefCell;
use std::io::ErrorKind;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::pipeline::limit::Limits;
use crate::pipeline::world::{Millis, World};
use crate::remote::prober::Manners;
use crate::verify::check::Check;
use crate::verify::prober::Prober;
use crate::verify::setting::{self, Settings};
use crate::verify::site::{Memory, Reference, SiteVerifier};
use crate::verify::source::Gap;

use super::CliError;

/// Seconds that a deploy is watched unless somebody says otherwise.
const BAKE: u64 = 60;
/// What the last look of a watch may take beyond its end.
const SLACK: Millis = 30_000;

/// What a site is asked.
pub(crate) struct Verification {
    /// What people want.
    pub(crate) settings: Settings,
    /// What was derived.
    pub(crate) checks: Vec<Check>,
    /// What is not asked, and why.
    pub(crate) gaps: Vec<Gap>,
    /// How long the live site is watched.
    pub(crate) bake: Millis,
    /// Requests a second to each host; 0 does not limit them.
    pub(crate) per_second: Option<u32>,
    /// The clock and the files of smoke tests.
    ground: Rc<smoke::Ground>,
}

/// Everything that a verifier needs of the world.
pub(crate) struct Surroundings<'a> {
    pub(crate) prober: &'a dyn Prober,
    pub(crate) world: &'a dyn World,
    pub(crate) control: Option<String>,
    pub(crate) last_good: &'a dyn Fn() -> Option<Reference>,
    pub(crate) tell: &'a dyn Fn(&str),
}

impl Verification {
    /// Reads what the repository says; `bake` is what the command line says.
    pub(crate) fn read(root: &Path, bake: Option<u64>) -> Result<Verification, CliError> {
        let settings = match std::fs::read_to_string(root.join(setting::PATH)) {
            Ok(text) => setting::parse(&text).map_err(|error| CliError::usage(error.to_string()))?,
            Err(error) if error.kind() == ErrorKind::NotFound => Settings::default(),
            Err(error) => return Err(CliError::unreadable(format!("{}: {error}", setting::PATH))),
        };
        let bake = bake.map(|seconds| seconds * 1_000).or(settings.bake).unwrap_or(BAKE * 1_000);
        let ground = Rc::new(smoke::Ground::new(root));
        Ok(Verification { settings, checks: Vec::new(), gaps: Vec::new(), bake, per_second: None, ground })
    }

    /// Adds the smoke tests that people wrote.
    pub(crate) fn smoke(&mut self, environment: &str, commit: Option<&str>) -> Result<(), CliError> {
        let found = smoke::gather(&self.ground, environment, commit)?;
        self.checks.extend(found.checks);
        for route in found.routes {
            if self.settings.routes.iter().all(|known| known.path != route.path) {
                self.settings.routes.push(route);
            }
        }
        Ok(())
    }

    /// Smoke tests stop to wait when this becomes true.
    pub(crate) fn heed(&self, is_stopped: Arc<AtomicBool>) {
        self.ground.heed(is_stopped);
    }

    /// Derives checks of the publish directory that is live or will be; `seed` draws samples, and `before` are the files that
    /// are live before it, each with its SHA-1.
    pub(crate) fn derive(
        &mut self,
        root: &Path,
        dir: &Path,
        seed: &str,
        before: Option<&[(String, String)]>,
    ) -> Result<(), CliError> {
        let found = derived::gather(root, dir, seed, before)?;
        self.checks.extend(found.probes.into_iter().map(Check::Probe));
        self.gaps.extend(found.gaps);
        Ok(())
    }

    /// How much is asked at once.
    pub(crate) fn manners(&self) -> Manners {
        let mut manners = Manners::default();
        manners.per_second = self.per_second.unwrap_or(manners.per_second);
        if let (Ok(server), Ok(repository), Ok(run)) =
            (std::env::var("GITHUB_SERVER_URL"), std::env::var("GITHUB_REPOSITORY"), std::env::var("GITHUB_RUN_ID"))
            && [&server, &repository, &run].iter().all(|text| text.chars().all(|letter| letter.is_ascii_graphic()))
        {
            manners.agent = format!("{} (+{server}/{repository}/actions/runs/{run})", manners.agent);
        }
        manners
    }

    /// How long a run may take, with its watch.
    pub(crate) fn limits(&self) -> Limits {
        Limits { bake: self.bake + SLACK, run: Limits::NETLIFY.run + self.bake, ..Limits::NETLIFY }
    }

    /// The verifier.
    pub(crate) fn verifier<'a>(&self, surroundings: Surroundings<'a>) -> SiteVerifier<'a> {
        SiteVerifier {
            prober: surroundings.prober,
            world: surroundings.world,
            settings: self.settings.clone(),
            checks: self.checks.clone(),
            bake: self.bake,
            control: surroundings.control,
            last_good: surroundings.last_good,
            tell: surroundings.tell,
            memory: RefCell::new(Memory::default()),
        }
    }
}
