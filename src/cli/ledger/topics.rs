//! `ledger topics`.

use super::Format;
use crate::certificate::HOME;
use crate::cli::{Exit, Outcome};
use crate::report::topic;

#[derive(Debug, clap::Args)]
pub(super) struct Topics {
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

pub(super) fn run(arguments: &Topics) -> Outcome {
    let text = match arguments.format {
        Format::Human => topic::human(),
        Format::Json => super::json(&topic::json(HOME)),
    };
    Ok((text, Exit::Clean))
}
