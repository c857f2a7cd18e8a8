//! RND068: Rails compiles assets in production, and no key is declared.

use crate::platform::render::blueprint::Runtime;
use crate::platform::render::python::may_set;
use crate::platform::render::run::{Run, Runs};
use crate::platform::render::service::Phase;
use crate::platform::render::site::RenderSite;
use crate::project::command::Reach;
use crate::project::path::child;
use crate::project::ruby::Gemfile;
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;
use crate::text::span::Span;

use super::variable::declare;

/// `assets:precompile` starts the application without its key.
pub(super) static RULE: Rule = Rule {
    id: "RND068",
    name: "rails-master-key-missing",
    summary: "The Rails build compiles assets, and no master key is declared",
    docs: "\
## What happens

`assets:precompile` starts the application in production mode, which fails without a key for the encrypted credentials, or \
without `secret_key_base`. The build fails unless the key is set in the dashboard.

## Why

`config/master.key` is ignored by git on purpose, so Render never gets it.

## How to mend it

Declare `RAILS_MASTER_KEY` with `sync: false` and enter the key when Render asks for it.
",
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    stage: Stage::Build,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/rails/rails/issues/32947", "2026-11-21"),
        observed("https://github.com/heroku/heroku-buildpack-ruby/issues/1327", "2026-11-21"),
        observed("https://github.com/heroku/heroku-buildpack-ruby/issues/636", "2026-11-21"),
        observed("https://github.com/elct9620/boxing/pull/19", "2026-11-21"),
    ],
    check: Check::Render(check),
};

const KEYS: [&str; 3] = ["RAILS_MASTER_KEY", "SECRET_KEY_BASE", "SECRET_KEY_BASE_DUMMY"];

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for (index, (service, plan)) in site.services().enumerate() {
        let Some(dir) = plan.dir().filter(|_| service.runtime == Some(Runtime::Ruby)) else { continue };
        let has = |names: &[&str]| names.iter().any(|name| site.snapshot.is_file(&child(dir, name)));
        let is_encrypted = has(&["config/credentials.yml.enc", "config/credentials/production.yml.enc"]);
        let is_committed = has(&["config/master.key", "config/credentials/production.key", "config/secrets.yml"]);
        let is_set = KEYS.iter().any(|key| may_set(&plan.environment, key));
        if !is_encrypted || is_committed || is_set || !is_rails(site, dir) {
            continue;
        }
        let runs = Runs::of(site, index);
        let Some(run) = runs.of_phase(Phase::Build).find(|run| compiles(run)) else { continue };
        let word = run.invocation.args.iter().find(|arg| arg.text == "assets:precompile");
        let span = word.map_or(Span::NONE, |word| run.word_span(site, word));
        let finding = RULE
            .finding("\"assets:precompile\" starts the application, and the Blueprint declares no \"RAILS_MASTER_KEY\"")
            .at(span)
            .log_line("Missing encryption key")
            .help("declare \"RAILS_MASTER_KEY\" with \"sync: false\"");
        out.report(finding.maybe_fix(declare(site, service, &["RAILS_MASTER_KEY"])));
    }
}

fn compiles(run: &Run) -> bool {
    let is_certain = run.invocation.decides() && run.invocation.reach == Reach::Certain;
    let is_rails = matches!(run.program(), "rails" | "rake");
    let has_key = KEYS.iter().any(|key| run.invocation.variable(key).is_some());
    is_certain && is_rails && !has_key && run.invocation.has_arg("assets:precompile")
}

fn is_rails(site: &RenderSite<'_>, dir: &str) -> bool {
    let gemfile = site.files().text(&child(dir, "Gemfile")).map(|text| Gemfile::read(&text));
    gemfile.is_some_and(|gemfile| gemfile.has("rails") == Some(true))
}
