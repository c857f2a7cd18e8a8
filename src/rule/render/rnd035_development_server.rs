//! RND035: a development server starts the service.

use crate::platform::render::blueprint::Service;
use crate::platform::render::service::{Phase, ServicePlan};
use crate::platform::render::site::RenderSite;
use crate::project::command::{Cause, Failure, Word, is_among};
use crate::project::javascript::configuration::Configuration;
use crate::project::manifest::Manifest;
use crate::project::path::child;
use crate::project::path::{display, strip};
use crate::project::setting::Setting;
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;
use crate::text::source::Sources;
use crate::text::span::{FileId, Span};

use super::{
    edit::Editor,
    remark,
    service::{self, Program, programs, server},
};

/// The start command runs a server that is made for a developer's own machine.
pub(super) static RULE: Rule = Rule {
    id: "RND035",
    name: "development-server",
    summary: "A development or preview server starts the service",
    docs: "\
## What happens

No port is found, every request is answered with 403, or the program is not installed at all. Where none of that is so, \
the service is slow and restarts when a file changes.

## Why

Development servers listen on `localhost`, where Render does not look, and since 2025 those of Vite answer only hosts \
that they know. They are development dependencies, which an installation with `NODE_ENV=production` leaves out.

## How to mend it

Start the server itself: `node server.js` instead of `nodemon server.js`, `next start` instead of `next dev`. Deploy a \
front end that is only built, such as one of Vite, as a static site.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Start,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/Niek/obs-web/issues/566", "2026-11-20"),
        observed("https://github.com/guidewire-oss/fern-ui/issues/36", "2026-11-20"),
        observed("https://github.com/bluewave-labs/Checkmate/issues/3397", "2026-11-20"),
        source("https://github.com/vitejs/vite/blob/main/docs/config/server-options.md", "2026-11-20"),
    ],
    check: Check::Render(check),
};

/// Programs that restart others when a file changes.
const WATCHERS: &str = "nodemon ts-node-dev tsnd node-dev node-supervisor supervisor";

/// Whether a program is made for development alone.
pub(super) fn is_development(name: &str) -> bool {
    is_among(WATCHERS, name) || is_among("vite webpack-dev-server", name)
}

/// What is wrong with a server: the end of a sentence, whether the service cannot be reached, what to do.
struct Fault {
    what: String,
    is_dead: bool,
    /// Whether a port is found, and every request is turned away.
    is_blocked: bool,
    help: &'static str,
}

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for (service, plan) in site.services() {
        let is_reached = plan.reaches_start() && service.class.is_some_and(|class| class.is_server());
        let Some(program) = server(plan).filter(|_| is_reached) else { continue };
        let Some(fault) = fault(site, service, &program) else { continue };
        let left_out = left_out(plan).is_some();
        let mut finding = finding(site, &program, &fault, left_out);
        if let Some(command) = plan.command(Phase::Start).filter(|_| program.run.text > 0) {
            finding = finding.related(command.text.span, "starts the service");
        }
        out.report(finding.maybe_fix(plain(site, plan, &program).or_else(|| as_files(site, service, plan, &program))));
    }
}

/// Publishes what `vite build` writes instead of serving it.
fn as_files(site: &RenderSite<'_>, service: &Service, plan: &ServicePlan, program: &Program<'_>) -> Option<Fix> {
    const OF_SERVERS: [&str; 5] = ["scaling", "disk", "numInstances", "region", "preDeployCommand"];
    let product = plan.build.products().last().filter(|_| program.name == "vite")?;
    let is_plain =
        !OF_SERVERS.iter().any(|key| service.table.contains_key(key)) && service.table.contains_key("startCommand");
    let folder = display(strip(&product.folder.path, plan.dir()?)?);
    let editor = Editor::of(site);
    let place = remark::whole(service);
    let key = ["runtime", "env"].into_iter().find(|key| is_plain && service.table.contains_key(key))?;
    let published = format!("staticPublishPath: {folder}");
    let changes = [editor.set(place, key, "static"), editor.rewrite_lines(place, "startCommand", &[&published])];
    let dropped = ["plan", "healthCheckPath"].into_iter().filter(|key| service.table.contains_key(key));
    let dropped = dropped.map(|key| editor.remove(place, key));
    editor.fix(
        Applicability::Review,
        format!("deploy \"{folder}\" as a static site"),
        changes.into_iter().chain(dropped),
    )
}

/// Starts the server itself.
fn plain(site: &RenderSite<'_>, plan: &ServicePlan, program: &Program<'_>) -> Option<Fix> {
    let replace = |title: String, span, new: &str| service::replace(site, Applicability::Review, title, span, new);
    let own = program.words(site, 0);
    let first = program.args.first().and_then(Word::plain);
    match program.name {
        "nodemon" | "node-dev" | "supervisor" | "node-supervisor" => {
            let is_script = |word: &str| [".js", ".mjs", ".cjs"].iter().any(|end| word.ends_with(end));
            let is_plain = first.is_some_and(is_script) && service::written(site, own) == Some(program.name);
            is_plain.then(|| replace("start it with node".to_owned(), own, "node"))?
        }
        "next" => {
            let dev = program.args.iter().find(|word| word.plain() == Some("dev"))?;
            let span = program.word(site, dev);
            let is_built = programs(plan, Phase::Build).any(|it| it.name == "next" && it.subcommand() == Some("build"));
            let is_plain = is_built && service::written(site, span) == Some("dev");
            is_plain.then(|| replace("run \"next start\"".to_owned(), span, "start"))?
        }
        "tsx" | "node" => {
            let word = program.args.iter().find(|word| matches!(word.plain(), Some("watch" | "--watch")))?;
            let next = program.args.iter().find(|next| next.start > word.end)?;
            let (from, to) = (program.word(site, word), program.word(site, next));
            let is_plain = service::written(site, from) == word.plain() && from.end < to.start;
            let gap = Span { end: to.start, ..from };
            is_plain.then(|| replace(format!("leave \"{}\" out", word.text), gap, ""))?
        }
        _ => None,
    }
}

fn finding(site: &RenderSite<'_>, program: &Program<'_>, fault: &Fault, is_left_out: bool) -> Finding {
    let shown = shown(program);
    let line = if is_left_out { format!("{}: not found", program.name) } else { "No open ports detected".to_owned() };
    let mut finding = RULE
        .finding(format!("\"{shown}\" is a server for development: {}", fault.what))
        .at(program.words(site, 1))
        .label("not for production")
        .help(fault.help);
    if is_left_out {
        finding = finding.note(format!("only a development dependency brings \"{}\"", program.name));
    }
    let is_dead = fault.is_dead || is_left_out;
    finding = finding.severity(if is_dead { Severity::Critical } else { Severity::Medium });
    if fault.is_blocked && !is_left_out {
        return finding.stage(Stage::Runtime).log_line("Blocked request. This host");
    }
    if is_dead { finding.log_line(line) } else { finding }
}

fn shown(program: &Program<'_>) -> String {
    match program.subcommand().filter(|word| !word.contains(['/', '.'])) {
        Some(word) => format!("{} {word}", program.name),
        None => program.name.to_owned(),
    }
}

/// The failure of the start command, if it is that a development dependency is not installed.
fn left_out(plan: &ServicePlan) -> Option<&Failure> {
    let failure = plan.command(Phase::Start)?.trace.failure()?;
    matches!(failure.cause, Cause::DevelopmentOnly { .. }).then_some(failure)
}

fn fault(site: &RenderSite<'_>, service: &Service, program: &Program<'_>) -> Option<Fault> {
    let word = program.subcommand().unwrap_or_default();
    let loopback = |help: &'static str| Fault {
        what: "it listens on localhost, where no port is found".to_owned(),
        is_dead: true,
        is_blocked: false,
        help,
    };
    let slow =
        |what: &str, help: &'static str| Fault { what: what.to_owned(), is_dead: false, is_blocked: false, help };
    const STATIC: &str = "build it, and deploy it as a static site";
    match program.name {
        name if is_among(WATCHERS, name) => Some(slow(
            "it restarts the service when a file changes, which none does here",
            "start the server with node",
        )),
        "vite" => vite(site, service, program, word),
        "next" if word == "dev" => Some(slow(
            "it compiles every page when it is asked for",
            "build with \"next build\" and run \"next start\"",
        )),
        "webpack" if matches!(word, "serve" | "s") && !has_host(program) => Some(loopback(STATIC)),
        "webpack-dev-server" if !has_host(program) => Some(loopback(STATIC)),
        "ng" if matches!(word, "serve" | "s" | "dev") && !has_host(program) => Some(loopback(STATIC)),
        "astro"
            if matches!(word, "dev" | "")
                && !has_host(program)
                && !is_configured(site, program, "astro", &["server", "host"]) =>
        {
            Some(loopback("build it, and deploy it as a static site or start the server that it writes"))
        }
        "gatsby" if matches!(word, "develop" | "dev") && !has_host(program) => Some(loopback(STATIC)),
        "ng" | "gatsby" if matches!(word, "serve" | "develop") => {
            Some(slow("it is slow and meant for one visitor", STATIC))
        }
        "react-scripts" if word == "start" => Some(slow("it compiles in memory and is meant for one visitor", STATIC)),
        "vue-cli-service" if word == "serve" => {
            Some(slow("it compiles in memory and is meant for one visitor", STATIC))
        }
        "nuxt" | "nuxi" if word == "dev" => Some(slow(
            "it compiles every page when it is asked for",
            "build with \"nuxt build\" and run \"node .output/server/index.mjs\"",
        )),
        "tsx" if word == "watch" => Some(slow("it restarts the service when a file changes", "leave \"watch\" out")),
        "node" if program.has(&["--watch"]) => {
            Some(slow("it restarts the service when a file changes", "leave \"--watch\" out"))
        }
        _ => None,
    }
}

fn has_host(program: &Program<'_>) -> bool {
    program.has(&["--host", "-H", "--hostname", "--allowed-hosts"])
        || program.run.variable("HOST").is_some()
        || program.args.iter().any(|arg| arg.is_dynamic && !arg.text.contains("PORT"))
}

/// Vite's servers listen on localhost, and answer only hosts that they know (5.4.12, 6.0.9 and later).
fn vite(site: &RenderSite<'_>, service: &Service, program: &Program<'_>, word: &str) -> Option<Fault> {
    let section = match word {
        "preview" => "preview",
        "" | "dev" | "serve" => "server",
        _ => return None,
    };
    const HELP: &str = "deploy it as a static site with the folder that \"vite build\" writes";
    let has_host = has_host(program)
        || is_configured(site, program, "vite", &[section, "host"])
        || is_configured(site, program, "vite", &["server", "host"]);
    if !has_host {
        let what = "it listens on localhost, where no port is found".to_owned();
        return Some(Fault { what, is_dead: true, is_blocked: false, help: HELP });
    }
    let knows_hosts = is_configured(site, program, "vite", &[section, "allowedHosts"])
        || is_configured(site, program, "vite", &["server", "allowedHosts"])
        || site.services().any(|(_, plan)| plan.environment.may_set("__VITE_ADDITIONAL_SERVER_ALLOWED_HOSTS"));
    if !knows_hosts && checks_hosts(site, program) {
        let what = format!("it answers 403 to every host but localhost unless \"{section}.allowedHosts\" names it");
        return Some(Fault { what, is_dead: true, is_blocked: true, help: HELP });
    }
    let is_front_end = service.class.is_some() && section == "server";
    let what = "it compiles every file when it is asked for".to_owned();
    is_front_end.then_some(Fault { what, is_dead: false, is_blocked: false, help: HELP })
}

/// Whether the version of Vite is one that checks hosts, whatever the range resolves to.
fn checks_hosts(site: &RenderSite<'_>, program: &Program<'_>) -> bool {
    let Some(dir) = program.run.cwd.as_deref() else { return false };
    let Some(Ok(manifest)) = Manifest::read(site.snapshot, dir, &mut Sources::default()) else { return false };
    let range = manifest.dependency("vite").find_map(|(_, field)| field.text.map(str::to_owned));
    let Some(range) = range else { return false };
    let number = range.trim_start_matches(['^', '~', '=', 'v', '>']);
    let parts: Vec<u64> = number.split('.').map_while(|part| part.parse().ok()).collect();
    match parts.as_slice() {
        [major, ..] if *major >= 7 => true,
        [6, minor, ..] if *minor > 0 => true,
        [6, 0, patch] => *patch >= 9,
        [5, 4, patch] => *patch >= 12,
        _ => false,
    }
}

/// Whether a setting of a tool's configuration is there, or may be.
fn is_configured(site: &RenderSite<'_>, program: &Program<'_>, tool: &str, keys: &[&str]) -> bool {
    let Some(dir) = program.run.cwd.as_deref() else { return true };
    if program.has(&["--config", "-c"]) {
        return true;
    }
    let names = ["ts", "js", "mts", "mjs", "cjs", "cts"].map(|end| child(dir, &format!("{tool}.config.{end}")));
    let Some(path) = names.into_iter().find(|path| site.snapshot.is_file(path)) else { return false };
    let Ok(text) = site.snapshot.text(&path) else { return true };
    let module = Configuration::read(&text, &path, FileId::NONE);
    module.is_none_or(|module| module.setting(keys) != Setting::Absent)
}
