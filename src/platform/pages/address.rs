//! The address that Jekyll, Hugo and Zola are told, against the one that the site will have.

use crate::project::command::{Invocation, Reach, Word};
use crate::project::output::peel;
use crate::project::path::{child, join};
use crate::project::setting::tree::{self, Keys};
use crate::project::setting::{Setting, Written, yaml};
use crate::text::span::Span;
use crate::text::{json, toml};

use super::base::path_of;
use super::outlet::{Outlet, Way};
use super::publication::{CLASSIC_BUILD, Pusher};
use super::run::Command;
use super::site::{PagesSite, Source};

/// An address that is not that of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The generator.
    pub generator: &'static str,
    /// The setting: `baseurl`, `baseURL`, `base_url`.
    pub key: &'static str,
    /// What it says.
    pub setting: Setting,
    /// What it should say.
    pub wanted: String,
    /// Where to point at when nothing is written.
    pub span: Span,
    /// What proves that it is wrong; none when a domain in the settings would make it right.
    pub proof: Option<String>,
}

/// Hosts that nobody publishes on: placeholders of templates, the machine of the author.
const PLACEHOLDERS: [&str; 8] = [
    "example.org",
    "example.com",
    "example.net",
    "www.example.com",
    "www.example.org",
    "localhost",
    "yoursite.com",
    "your-domain.com",
];

/// The addresses that are not those of the site, as far as the repository's name decides it.
#[must_use]
pub fn wrong(site: &PagesSite<'_>) -> Vec<Wrong> {
    if site.repository.is_none() || site.domain().is_some() {
        return Vec::new();
    }
    if site.source == Source::Classic {
        return classic(site, "", Span::NONE, None).into_iter().collect();
    }
    let mut found = Vec::new();
    for outlet in site.outlets() {
        let (Some(run), Some(place)) = (site.run_of(&outlet), outlet.place) else { continue };
        let steps = site.workflow.as_ref().and_then(|workflow| workflow.jobs.get(place.job)).map(|job| &job.steps);
        for step in steps.into_iter().flatten().filter(|step| step.uses(CLASSIC_BUILD)) {
            let source = step.input("source").map_or(Some("./"), |text| text.plain());
            let dir = source.and_then(|source| join("", source));
            found.extend(dir.and_then(|dir| classic(site, &dir, step.place(), Some(&outlet))));
        }
        for command in run.commands_before(place.step) {
            found.extend(of_command(site, command, &outlet));
        }
    }
    found
}

/// The builder of Pages itself: without a setting it takes the path of the repository (`jekyll-github-metadata`).
fn classic(site: &PagesSite<'_>, dir: &str, span: Span, outlet: Option<&Outlet>) -> Option<Wrong> {
    let setting = of_jekyll(site, dir);
    let is_written = matches!(setting, Setting::Written(_));
    is_written.then(|| jekyll(site, dir, setting, span, outlet)).flatten()
}

fn of_jekyll(site: &PagesSite<'_>, dir: &str) -> Setting {
    let path = child(dir, "_config.yml");
    match site.open(&path).filter(|_| site.snapshot.is_file(&path)) {
        Some((file, text)) => yaml::setting(text, file, "baseurl"),
        None => Setting::Absent,
    }
}

fn jekyll(site: &PagesSite<'_>, dir: &str, setting: Setting, span: Span, outlet: Option<&Outlet>) -> Option<Wrong> {
    let repository = &site.repository.as_ref()?.value;
    let wanted = repository.base().trim_end_matches('/').to_owned();
    let written = match &setting {
        Setting::Absent => "",
        Setting::Written(written) => written.text.as_str(),
        Setting::Computed => return None,
    };
    if written.trim_matches('/').eq_ignore_ascii_case(wanted.trim_matches('/')) || repository.is_account_site() {
        return None;
    }
    let path = child(dir, "_config.yml");
    let url =
        site.open(&path).filter(|_| site.snapshot.is_file(&path)).map(|(file, text)| yaml::setting(text, file, "url"));
    let host = match &url {
        Some(Setting::Written(written)) => host(&written.text),
        Some(Setting::Computed) => return None,
        _ => String::new(),
    };
    let is_own = host == format!("{}.github.io", repository.owner.to_lowercase());
    let proof = if !written.trim_matches('/').is_empty() {
        Some("the path is neither that of the repository nor the root of a domain".to_owned())
    } else if is_own {
        Some(format!("\"url\" says \"{host}\", where the site lives under {wanted}/"))
    } else {
        proof(site, outlet)
    };
    // A host of the author's own is a domain.
    let is_domain = proof.is_none() && host.contains('.') && !PLACEHOLDERS.contains(&host.as_str());
    (!is_domain).then_some(Wrong { generator: "Jekyll", key: "baseurl", setting, wanted, span, proof })
}

/// The host of an address, in small letters and without a port.
fn host(address: &str) -> String {
    let rest = address.trim().split_once("//").map_or("", |(_, rest)| rest);
    rest.split(['/', ':', '?', '#']).next().unwrap_or_default().to_lowercase()
}

fn of_command(site: &PagesSite<'_>, command: &Command, outlet: &Outlet) -> Option<Wrong> {
    let calls = command.trace.invocations.iter().filter(|call| call.reach == Reach::Certain);
    calls.into_iter().find_map(|call| {
        let (name, args) = peel(call);
        let dir = call.cwd.as_deref()?;
        let program = &call.program;
        let span = command.trace.span(call.text, &site.sources, program.start, program.end);
        let has = |word: &str| args.iter().any(|arg| arg.text == word);
        match name {
            Some("jekyll") if has("build") || has("b") => {
                if has("--config") || has("-s") || has("--source") || is_set_by_plugin(site, dir) {
                    return None;
                }
                let flag = option(site, command, call, &["--baseurl", "-b"]);
                let setting = flag.or(|| of_jekyll(site, dir));
                jekyll(site, dir, setting, span, Some(outlet))
            }
            Some("hugo") => {
                let is_odd = ["--config", "--source", "-s", "--environment", "-e", "version", "mod", "new"]
                    .iter()
                    .any(|word| has(word));
                let is_set = call.variable("HUGO_BASEURL").is_some() || site.text().contains("HUGO_BASEURL");
                if is_odd || is_set || site.snapshot.is_dir(&child(dir, "config")) {
                    return None;
                }
                let flag = option(site, command, call, &["--baseURL", "--baseUrl", "-b"]);
                let setting = flag.or(|| {
                    of_file(
                        site,
                        dir,
                        &[
                            "hugo.toml",
                            "hugo.yaml",
                            "hugo.yml",
                            "hugo.json",
                            "config.toml",
                            "config.yaml",
                            "config.yml",
                            "config.json",
                        ],
                        "baseURL",
                    )
                });
                absolute(site, ("Hugo", "baseURL"), setting, span, outlet)
            }
            Some("zola") if has("build") => {
                let flag = option(site, command, call, &["--base-url", "-u"]);
                let setting = flag.or(|| of_file(site, dir, &["zola.toml", "config.toml"], "base_url"));
                absolute(site, ("Zola", "base_url"), setting, span, outlet)
            }
            _ => None,
        }
    })
}

/// Plugins that set `baseurl` when nothing is written.
fn is_set_by_plugin(site: &PagesSite<'_>, dir: &str) -> bool {
    let text = |name: &str| site.snapshot.text(&child(dir, name)).unwrap_or_default();
    let names = |text: &str| text.contains("github-pages") || text.contains("jekyll-github-metadata");
    names(&text("Gemfile")) || names(&text("_config.yml"))
}

fn option(site: &PagesSite<'_>, command: &Command, call: &Invocation, names: &[&str]) -> Setting {
    let (_, args) = peel(call);
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let (name, value) = match arg.text.split_once('=') {
            Some((name, value)) => (name, Some((value.to_owned(), arg))),
            None => (arg.text.as_str(), None),
        };
        if names.contains(&name) {
            let value = value.or_else(|| args.next().map(|word: &Word| (word.text.clone(), word)));
            return match value {
                Some((text, word)) if word.plain().is_some() => {
                    let span = command.trace.span(call.text, &site.sources, word.start, word.end);
                    Setting::Written(Written::new(text, span))
                }
                _ => Setting::Computed,
            };
        }
    }
    Setting::Absent
}

fn of_file(site: &PagesSite<'_>, dir: &str, names: &[&str], key: &str) -> Setting {
    let paths = names.iter().map(|name| child(dir, name));
    let Some(path) = paths.into_iter().find(|path| site.snapshot.is_file(path)) else { return Setting::Computed };
    let Some((file, text)) = site.open(&path) else { return Setting::Computed };
    let root = match path.rsplit('.').next() {
        Some("toml") => toml::parse(text, file).ok(),
        Some("json") => json::parse(text, file).ok(),
        _ => {
            let spelled = text.lines().map(|line| line.split(':').next().unwrap_or_default().trim());
            let mut spelled = spelled.filter(|name| name.eq_ignore_ascii_case(key));
            return yaml::setting(text, file, spelled.next().unwrap_or(key));
        }
    };
    root.map_or(Setting::Computed, |root| tree::setting(&root, &[key], Keys::AnyCase))
}

/// An address with its host.
fn absolute(
    site: &PagesSite<'_>,
    (generator, key): (&'static str, &'static str),
    setting: Setting,
    span: Span,
    outlet: &Outlet,
) -> Option<Wrong> {
    let repository = &site.repository.as_ref()?.value;
    let wanted = repository.address();
    let written = match &setting {
        Setting::Absent => String::new(),
        Setting::Written(written) => written.text.clone(),
        Setting::Computed => return None,
    };
    let host = host(&written);
    let is_right_path = path_of(&written).trim_matches('/').eq_ignore_ascii_case(repository.base().trim_matches('/'));
    let is_own = host == format!("{}.github.io", repository.owner.to_lowercase());
    let is_placeholder = PLACEHOLDERS.contains(&host.as_str());
    let proof = match () {
        () if host.is_empty() && is_right_path => return None,
        () if is_own && is_right_path => return None,
        () if is_own => Some(format!("the site of this repository lives under {}", repository.base())),
        () if is_placeholder => Some(format!("\"{host}\" is a placeholder")),
        // Another account may publish the same site, and a host of the author's own is a domain.
        () if !host.is_empty() => return None,
        () if repository.is_account_site() => return None,
        () => proof(site, Some(outlet)),
    };
    Some(Wrong { generator, key, setting, wanted, span, proof })
}

fn proof(site: &PagesSite<'_>, outlet: Option<&Outlet>) -> Option<String> {
    let repository = &site.repository.as_ref()?.value;
    if let Some(Way::Branch(Pusher::Peaceiris | Pusher::GhPages)) = outlet.map(|outlet| outlet.way) {
        return Some("the pushed branch holds no \"CNAME\", so that the site has no domain of its own".to_owned());
    }
    if site.source == Source::Classic {
        return Some("the branch holds no \"CNAME\", so that the site has no domain of its own".to_owned());
    }
    site.mention(repository).map(|path| format!("\"{path}\" gives the address {}", repository.address()))
}
