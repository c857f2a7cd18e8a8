//! `chimeractl action`: the step of a workflow. Inputs come from the environment, since `action.yml` hands them on so.

mod certification;
mod examine;
mod output;
mod repair;
mod review;
mod scene;
mod setting;
mod tell;

use crate::cli::{CliError, Exit, Outcome};
use crate::pull::outlook;
use crate::text::escape;

use scene::Scene;
use setting::{Settings, Variables};

const GUIDE: &str = "\
Reads:
  CHIMERA_INPUT_*      the inputs of the action: MODE, WORKING_DIRECTORY, PROVIDERS, CONFIG, SOURCE, FAIL_ON,
                       HEAL, REPORT, COMMENT, TOKEN, REPORT_PATH
  CHIMERA_JOB_CHECK_RUN  job.check_run_id, for REPORT=job
  GITHUB_EVENT_NAME, GITHUB_EVENT_PATH, GITHUB_REPOSITORY, GITHUB_SHA, GITHUB_API_URL
Writes:
  a check run and a review on GitHub, as far as the token may; else the log and the summary of the job
  GITHUB_OUTPUT, GITHUB_STEP_SUMMARY, and the report files below REPORT_PATH

Exit codes:
  0  passed, or nothing to look at      2  wrong usage or wrong configuration
  1  findings at or above FAIL_ON       3  could not look";

/// The command has no options: everything comes from the environment.
#[derive(Debug, clap::Args)]
#[command(after_help = GUIDE)]
pub(crate) struct Arguments {}

pub(crate) fn run(_: &Arguments) -> Outcome {
    // A refusal quotes what it refuses, and the runner reads the log for commands.
    step().map_err(|error| CliError {
        message: escape::log(&error.message),
        hint: error.hint.map(|hint| escape::log(&hint)),
        ..error
    })
}

fn step() -> Outcome {
    let variables = Variables::of_process();
    let settings = Settings::read(&variables)?;
    let mut scene = Scene::set(&settings, &variables)?;
    if let Some(reason) = scene.nothing {
        let text = format!("Nothing to look at: {reason}.\n");
        output::skipped(&variables)?;
        return Ok((text, Exit::Clean));
    }
    let mut examined = match examine::all(&settings, &scene) {
        Ok(examined) => examined,
        Err(error) => {
            tell::failure(&settings, &scene, &error);
            return Err(error);
        }
    };
    let certificate = certification::all(&settings, &mut scene, &mut examined);
    let mut told = tell::all(&settings, &mut scene, &mut examined);
    told.certificate = certificate;
    let outcomes =
        examined.iter().map(|one| outlook::outcome(&one.inspection.healing.before, one.threshold(&settings)));
    let outcome = outcomes.max().unwrap_or(outlook::Outcome::Skipped);
    let text = output::write(&settings, &variables, examined, &told, outcome)?;
    Ok((text, exit(outcome, &settings)))
}

fn exit(outcome: outlook::Outcome, settings: &Settings) -> Exit {
    match outcome {
        outlook::Outcome::Failed if settings.threshold.is_some() => Exit::Findings,
        _ => Exit::Clean,
    }
}

/// A wrong input, named as people write it in a workflow.
fn wrong_input(name: &str, value: &str, accepted: &str) -> CliError {
    CliError::usage(format!("input \"{name}\": \"{value}\" is not accepted")).hint(format!("accepted: {accepted}"))
}
