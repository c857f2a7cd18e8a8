//! PRJ015: the command cannot succeed.

use crate::platform::job::Job;
use crate::platform::toolbox::release;
use crate::project::command::{Cause, Invocation};
use crate::project::path::child;
use crate::project::program;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Change, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;

/// The build calls a program, a file or a folder that is not there, or ends with an error by itself.
pub(super) static RULE: Rule = Rule {
    id: "PRJ015",
    name: "command-cannot-succeed",
    summary: "The command calls what is not there, or ends with an error by itself",
    docs: "\
## What happens

The shell ends with an error, whatever the rest of the build does: 127 for a program that is not found, 2 for a text \
that it cannot parse.

## Why

A program is found when the build image has it or when an installed package brings it; a slip in its name, a package \
that is not listed, or the manner of another operating system (`copy`, `%VARIABLE%`) ends the build. Folders and \
files must be tracked by git, written letter by letter as git knows them, unless an earlier step makes them.

## How to mend it

Correct the name, list the package that brings the program, or call it with `npx`, which fetches what is missing. \
For a site in a sub-folder set `base` instead of changing the folder in the command.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::BuildCommand,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/netlify/build-image/issues/81", "2026-11-20"),
        observed("https://github.com/obaez/dentistsmile/issues/16", "2026-11-20"),
        source(
            "https://github.com/netlify/build/blob/main/packages/build/src/plugins_core/build_command.ts",
            "2026-11-20",
        ),
    ],
    check: Check::Job(check),
};

use super::bundle;
use super::command::{self, Broken};

fn check(job: &Job<'_>, out: &mut Sink) {
    let Some(broken) = command::build(job) else { return };
    let code = broken.failure.code;
    let finding = match &broken.failure.cause {
        Cause::ProgramMissing { name } => program_missing(job, &broken, name),
        Cause::FileMissing { name, path } => {
            let message = if name == path {
                format!("the command needs \"{name}\", which is not in the repository")
            } else {
                format!("the command needs \"{name}\", and \"{path}\" is not in the repository")
            };
            let finding = broken.finding(&RULE, message).at(broken.span_of(name)).label("no such file");
            finding.log_line(file_missing(broken.runner(), name))
        }
        Cause::FolderMissing { name, path, manager } => broken
            .finding(&RULE, format!("the command enters \"{name}\", and the repository has no folder \"{path}\""))
            .label("no such folder")
            .log_line(if manager.is_some() {
                "ENOENT: no such file or directory".to_owned()
            } else {
                broken.shell_line(&format!("cd: {name}: No such file or directory"))
            }),
        Cause::Syntax { what, .. } => {
            broken.finding(&RULE, format!("the shell cannot parse the command: {what}")).label("here").log_line(
                if what.contains("quote") { "unexpected EOF while looking for matching" } else { "syntax error" },
            )
        }
        Cause::Deliberate => broken
            .finding(&RULE, format!("the command ends with exit code {code} by itself"))
            .label("ends the build")
            .log_line(format!("Command failed with exit code {code}")),
        _ => return,
    };
    out.report(finding);
}

/// What a program says of a file that it is given or looks for (measured; ruby, bundler and Eleventy from their sources).
fn file_missing(run: Option<&Invocation>, name: &str) -> String {
    match run.map_or("", Invocation::name) {
        "node" => "Error: Cannot find module".to_owned(),
        "make" => match run.and_then(Invocation::subcommand) {
            Some(target) => format!("make: *** No rule to make target '{target}'"),
            None => "make: *** No targets specified and no makefile found".to_owned(),
        },
        "bundle" | "bundler" => "Could not locate Gemfile".to_owned(),
        "python" | "python3" => "can't open file".to_owned(),
        "sh" => format!("cannot open {name}"),
        "cp" | "mv" => format!("cannot stat '{name}': No such file or directory"),
        "vite" => "failed to load config from".to_owned(),
        "webpack" => format!("Failed to load '{name}' config"),
        "rollup" => "Error: Cannot find module".to_owned(),
        "eleventy" => "A configuration file was specified but not found".to_owned(),
        "tsc" | "vue-tsc" => "error TS5058: The specified path does not exist".to_owned(),
        _ => format!("{name}: No such file or directory"),
    }
}

fn program_missing(job: &Job<'_>, broken: &Broken<'_>, name: &str) -> crate::rule::finding::Finding {
    let finding = broken
        .finding(&RULE, format!("nothing installs the program \"{name}\""))
        .label("not found")
        .log_line(broken.not_found(name));
    let dependencies: Vec<String> = job
        .installations
        .iter()
        .flat_map(|installation| installation.direct(&crate::project::manifest::DependencyKind::ALL))
        .flat_map(|(package, _)| match program::of_package(package) {
            Some(programs) => programs.to_vec(),
            None => vec![program::short_name(package).to_owned()],
        })
        .collect();
    let meant = program::meant(name, dependencies.iter().map(String::as_str));
    let meant = meant.map(str::to_owned).or_else(|| program::meant(name, job.image.builders()).map(str::to_owned));
    if let Some(meant) = meant {
        let span = broken.span();
        let is_word = job.written(span) == Some(name);
        let fix =
            is_word.then(|| Fix::replace(Applicability::Review, format!("call \"{meant}\""), span, meant.clone()));
        return finding.help(format!("did you mean \"{meant}\"?")).maybe_fix(fix);
    }
    if let Some(variable) = name.strip_prefix('%').and_then(|name| name.strip_suffix('%')) {
        return finding.help(format!("\"{name}\" is a variable on Windows alone; elsewhere it is \"${variable}\""));
    }
    if name == "jekyll" {
        let help = "a Gemfile that lists \"jekyll\" brings it, called by \"bundle exec jekyll\"";
        return finding.help(help).maybe_fix(gemfile(job, broken));
    }
    let packages = program::packages_with(name);
    match packages.iter().find(|package| *package == name).or(packages.first()) {
        Some(package) => finding.help(format!("the package \"{package}\" brings it")),
        None => finding,
    }
}

/// Lists Jekyll, its theme and its plug-ins in a Gemfile, which Netlify installs by itself
/// (`run-build-functions.sh` of the build image).
fn gemfile(job: &Job<'_>, broken: &Broken<'_>) -> Option<Fix> {
    let is_installed = job.platform.name == "netlify" && broken.runner()?.cwd.as_deref() == Some(job.dir);
    let span = broken.span();
    if !is_installed || job.written(span) != Some("jekyll") {
        return None;
    }
    let gems = bundle::jekyll_gems(&job.snapshot.text(&child(job.dir, "_config.yml")).unwrap_or_default())?;
    let jekyll = release::gem("jekyll")?;
    let mut text = format!("source \"https://rubygems.org\"\n\ngem \"jekyll\", \"~> {jekyll}\"\n");
    gems.iter().for_each(|gem| text.push_str(&format!("gem \"{gem}\"\n")));
    let changes = vec![
        Change::Create { path: child(job.dir, "Gemfile"), text },
        Change::Edit { span, text: "bundle exec jekyll".to_owned() },
    ];
    let title = "list the gem \"jekyll\" in a Gemfile, and call it by Bundler".to_owned();
    Some(Fix { title, applicability: Applicability::Review, changes })
}
