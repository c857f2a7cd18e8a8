//! `chimeractl recover`: runs that were cut off are brought to their end.

use std::path::PathBuf;

use crate::pipeline::order::Way;
use crate::store::place::Place;

use super::certify::{Format, Identity};
use super::deploy::desk::Desk;
use super::deploy::{resumed, site};
use super::verification::Verification;
use super::{Outcome, input, secret};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Every deploy begins with this; it is a command of its own for the step after a workflow that was cancelled."
)]
pub(crate) struct Arguments {
    /// Root folder of a repository; without one, the repository around the current folder
    path: Option<PathBuf>,
    #[command(flatten)]
    site: site::Site,
    /// Environment whose runs are meant
    #[arg(long, default_value = crate::policy::DEV, value_name = "NAME")]
    environment: String,
    /// Only the run with this key
    #[arg(long, value_name = "KEY")]
    deploy_key: Option<String>,
    /// Where the ledger of the environment is kept: "files" (below the git directory), or as "chimeractl ledger" knows it
    #[arg(long, default_value_t = Place::Files, env = "CHIMERA_LEDGER", hide_env_values = true, value_name = "STORE")]
    ledger: Place,
    #[command(flatten)]
    key: secret::Source,
    /// Output format
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let root = input::roots(&arguments.path.iter().cloned().collect::<Vec<_>>());
    let root = root.first().cloned().unwrap_or_default();
    let access = arguments.site.access(Way::Upload, None)?;
    let key = arguments.key.signing_key()?;
    let desk = Desk::open(
        &root,
        (&arguments.environment, &arguments.ledger),
        access,
        (key, Identity::default()),
        Verification::read(&root, Some(0))?,
        arguments.format == Format::Human,
    )?;
    resumed(&desk, arguments.deploy_key.as_deref(), false, arguments.format)
}
