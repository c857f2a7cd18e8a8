//! What the workflow asks for.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::cli::{CliError, input};
use crate::config;
use crate::pull::outlook::Threshold;
use crate::text::suggest;

use super::wrong_input;

const PREFIX: &str = "CHIMERA_INPUT_";
/// `job.check_run_id`, which no variable of the runner holds.
const JOB: &str = "CHIMERA_JOB_CHECK_RUN";

/// The inputs that are read here; the others of `action.yml` are about fetching this program.
const INPUTS: [&str; 11] = [
    "mode",
    "working-directory",
    "providers",
    "config",
    "source",
    "fail-on",
    "heal",
    "report",
    "comment",
    "token",
    "report-path",
];
const OF_THE_FETCHING_STEP: [&str; 4] = ["version", "binary", "download-url", "attestation"];

/// The environment, read once.
pub(super) struct Variables(BTreeMap<String, String>);

impl Variables {
    pub(super) fn of_process() -> Variables {
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.to_string_lossy().into_owned()))
        };
        Variables(std::env::vars_os().filter_map(text).collect())
    }

    /// A variable that is set and not empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.trim().is_empty())
    }

    fn input(&self, name: &str) -> Option<&str> {
        self.get(&(PREFIX.to_owned() + &name.to_uppercase().replace('-', "_"))).map(str::trim)
    }

    /// An input that is a mistake: the runner itself only warns of it.
    fn unknown_input(&self) -> Option<String> {
        let names = self.0.keys().filter_map(|name| name.strip_prefix(PREFIX));
        let mut names = names.map(|name| name.to_lowercase().replace('_', "-"));
        names.find(|name| !INPUTS.iter().chain(&OF_THE_FETCHING_STEP).any(|known| known == name))
    }
}

/// Where the files come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Checkout,
    Api,
}

/// What is done with proven repairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heal {
    Off,
    Suggest,
    Commit,
    PullRequest,
}

/// Where findings are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tell {
    /// A check run of our own.
    Check,
    /// Annotations on the check run of the job that runs us.
    Job,
    /// The log and the summary of the job.
    Log,
}

/// When something is said below the pull request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comments {
    /// When something was done that no check run shows.
    WhenNeeded,
    /// Also the verdict, in one comment that is written again.
    Always,
    Never,
}

/// The inputs, checked.
pub(super) struct Settings {
    pub(super) folders: Vec<String>,
    pub(super) platforms: Vec<input::Platform>,
    pub(super) config: Option<PathBuf>,
    pub(super) source: Source,
    pub(super) threshold: Threshold,
    pub(super) heal: Heal,
    pub(super) tell: Tell,
    pub(super) comments: Comments,
    /// The check run of the job that runs us; GitHub Enterprise Server does not say it.
    pub(super) job: Option<u64>,
    pub(super) token: Option<String>,
    pub(super) report_path: Option<PathBuf>,
}

impl Settings {
    pub(super) fn read(variables: &Variables) -> Result<Settings, CliError> {
        if let Some(name) = variables.unknown_input() {
            let near = suggest::nearest(&name, INPUTS).map(|near| format!(", did you mean \"{near}\"?"));
            return Err(CliError::usage(format!("input \"{name}\" is not known{}", near.unwrap_or_default()))
                .hint(format!("known: {}", INPUTS.join(", "))));
        }
        mode(variables.input("mode").unwrap_or("auto"))?;
        let chosen = |name: &str, default: &'static str| variables.input(name).unwrap_or(default).to_owned();
        let (source, heal) = (chosen("source", "checkout"), chosen("heal", "suggest"));
        let (report, comment) = (chosen("report", "check"), chosen("comment", "when-needed"));
        let fail_on = chosen("fail-on", "error");
        let report_path = variables.input("report-path").map(PathBuf::from);
        let temporary = || variables.get("RUNNER_TEMP").map(|folder| PathBuf::from(folder).join("chimera"));
        Ok(Settings {
            folders: folders(variables.input("working-directory").unwrap_or("."))?,
            platforms: platforms(variables.input("providers").unwrap_or("auto"))?,
            config: variables.input("config").map(PathBuf::from),
            source: match source.as_str() {
                "checkout" => Source::Checkout,
                "api" => Source::Api,
                other => return Err(wrong_input("source", other, "checkout, api")),
            },
            threshold: threshold(&fail_on)?,
            heal: match heal.as_str() {
                "off" => Heal::Off,
                "suggest" => Heal::Suggest,
                "commit" => Heal::Commit,
                "pull-request" => Heal::PullRequest,
                other => return Err(wrong_input("heal", other, "off, suggest, commit, pull-request")),
            },
            tell: match report.as_str() {
                "check" => Tell::Check,
                "job" => Tell::Job,
                "log" => Tell::Log,
                other => return Err(wrong_input("report", other, "check, job, log")),
            },
            comments: match comment.as_str() {
                "when-needed" => Comments::WhenNeeded,
                "always" => Comments::Always,
                "never" => Comments::Never,
                other => return Err(wrong_input("comment", other, "when-needed, always, never")),
            },
            job: variables.get(JOB).and_then(|id| id.trim().parse().ok()),
            token: variables.input("token").map(str::to_owned),
            report_path: report_path.or_else(temporary),
        })
    }
}

fn mode(mode: &str) -> Result<(), CliError> {
    match mode {
        "auto" | "certify" => Ok(()),
        "deploy" | "verify" | "rollback" => {
            Err(CliError::usage(format!("input \"mode\": \"{mode}\" is not built yet; this version only certifies"))
                .hint("leave \"mode\" out, or set it to \"certify\""))
        }
        other => Err(wrong_input("mode", other, "auto, certify")),
    }
}

fn threshold(text: &str) -> Result<Threshold, CliError> {
    match text {
        "never" => Ok(None),
        level => {
            config::level(level).map(Some).ok_or_else(|| wrong_input("fail-on", level, "error, warning, note, never"))
        }
    }
}

/// Folders below the checkout, one a line.
fn folders(text: &str) -> Result<Vec<String>, CliError> {
    let mut found: Vec<String> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let path = line.replace('\\', "/");
        let is_drive = path.as_bytes().get(1) == Some(&b':') && path.as_bytes()[0].is_ascii_alphabetic();
        let is_outside = path.starts_with('/') || is_drive;
        let joined = crate::project::path::join("", &path).filter(|_| !is_outside);
        let folder = joined.ok_or_else(|| {
            CliError::usage(format!("input \"working-directory\": \"{line}\" leads out of the repository"))
                .hint("name folders of the repository, one a line, such as apps/web")
        })?;
        if !found.contains(&folder) {
            found.push(folder);
        }
    }
    Ok(found)
}

fn platforms(text: &str) -> Result<Vec<input::Platform>, CliError> {
    let names = text.split([',', '\n', ' ']).map(str::trim).filter(|name| !name.is_empty());
    let one = |name: &str| match name {
        "auto" => Ok(input::Platform::Auto),
        "netlify" => Ok(input::Platform::Netlify),
        "render" => Ok(input::Platform::Render),
        "pages" | "github-pages" => Ok(input::Platform::Pages),
        other => Err(wrong_input("providers", other, "auto, or a list of netlify, render, pages")),
    };
    names.map(one).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::rule::finding::Level;

    fn read(inputs: &[(&str, &str)]) -> Result<Settings, CliError> {
        let inputs = inputs.iter().map(|(name, value)| (format!("{PREFIX}{name}"), (*value).to_owned()));
        Settings::read(&Variables(inputs.collect()))
    }

    fn refusal(name: &str, value: &str) -> String {
        let error = read(&[(name, value)]).err().unwrap();
        assert_eq!(error.exit, crate::cli::Exit::Usage);
        format!("{} {}", error.message, error.hint.unwrap_or_default())
    }

    #[test]
    fn without_inputs_the_whole_repository_is_certified_and_repairs_are_suggested() {
        let settings = read(&[("VERSION", "1"), ("TOKEN", "")]).unwrap();
        assert_eq!((settings.folders, settings.heal), (vec![String::new()], Heal::Suggest));
        assert_eq!((settings.threshold, settings.token), (Some(Level::Error), None));
    }

    #[test]
    fn what_is_not_accepted_is_named_with_what_would_be() {
        assert!(refusal("FAIL_OM", "x").contains("did you mean \"fail-on\""));
        assert!(refusal("MODE", "deploy").contains("not built yet"));
        assert!(refusal("FAIL_ON", "warnings").contains("warning"));
        assert!(refusal("HEAL", "yes").contains("pull-request"));
        assert!(refusal("PROVIDERS", "netlify, vercel").contains("vercel"));
    }

    #[test]
    fn folders_stay_inside_the_repository() {
        let settings = read(&[("WORKING_DIRECTORY", "apps/web\n./docs/\n\napps/web")]).unwrap();
        assert_eq!(settings.folders, ["apps/web", "docs"]);
        for outside in ["..", "/etc", "a/../../b", "C:\\x"] {
            assert!(refusal("WORKING_DIRECTORY", outside).contains("leads out"), "{outside}");
        }
    }
}
