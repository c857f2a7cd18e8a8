//! The path that a site is built for, against the path that it will live under.

use crate::project::command::{Invocation, Word};
use crate::project::javascript::configuration::Configuration;
use crate::project::manifest::Manifest;
use crate::project::output::{Product, peel};
use crate::project::path::child;
use crate::project::setting::{Setting, Written};
use crate::text::source::{Source as Text, Sources};
use crate::text::span::Span;

use super::outlet::{Outlet, Way};
use super::publication::{CONFIGURE, Pusher};
use super::repository::Repository;
use super::run::Run;
use super::site::PagesSite;

/// What a generator is told about the path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    /// The value.
    pub setting: Setting,
    /// The name of the setting: `base`.
    pub key: &'static str,
    /// The configuration file that holds it, or would.
    pub file: Option<String>,
    /// The brace behind which a new setting can be written, in that file.
    pub brace: Option<Span>,
    /// Whether the value ends with a slash.
    pub has_slash: bool,
}

/// A site that is built for another path than the one that it will live under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misplaced {
    /// The generator.
    pub product: Product,
    /// What it is told.
    pub base: Base,
    /// The path that it should be told, without a domain of the site's own.
    pub wanted: String,
    /// Where the folder leaves the build.
    pub span: Span,
    /// What proves that the site lives under that path; none when a domain in the settings would make it right.
    pub proof: Option<String>,
}

/// One generator, and how its base is found out.
type Reader = fn(&Reading<'_>) -> Base;

/// The generators whose base is known.
const READERS: [(&str, Reader); 13] = [
    ("Vite", vite),
    ("Create React App", react_scripts),
    ("Vue CLI", |it| it.module(&["vue.config.js", "vue.config.cjs", "vue.config.mjs"], &["publicPath"], "publicPath")),
    ("Next.js", next),
    ("Astro", |it| it.flag_or(&["--base"], &ASTRO, &["base"], "base")),
    ("Nuxt", |it| {
        it.module(&["nuxt.config.ts", "nuxt.config.js", "nuxt.config.mjs"], &["app", "baseURL"], "app.baseURL")
    }),
    ("SvelteKit", |it| {
        it.module(&["svelte.config.js", "svelte.config.ts"], &["kit", "paths", "base"], "kit.paths.base")
    }),
    ("Docusaurus", docusaurus),
    ("VitePress", vitepress),
    ("Angular", angular),
    ("Gatsby", gatsby),
    ("Parcel", |it| it.only_flag(&["--public-url"], "--public-url")),
    ("Quasar", |_| unknown("publicPath")),
];

const VITE: [&str; 6] =
    ["vite.config.js", "vite.config.mjs", "vite.config.ts", "vite.config.cjs", "vite.config.mts", "vite.config.cts"];
const ASTRO: [&str; 5] =
    ["astro.config.mjs", "astro.config.js", "astro.config.ts", "astro.config.mts", "astro.config.cjs"];

fn unknown(key: &'static str) -> Base {
    Base { setting: Setting::Computed, key, file: None, brace: None, has_slash: true }
}

/// What one generator reads.
struct Reading<'a> {
    site: &'a PagesSite<'a>,
    product: &'a Product,
    call: &'a Invocation,
    run: &'a Run,
}

impl Reading<'_> {
    fn args(&self) -> &[Word] {
        peel(self.call).1
    }

    /// What an option is set to, `--base x` or `--base=x`.
    fn option(&self, names: &[&str]) -> Setting {
        let mut found = Setting::Absent;
        let mut args = self.args().iter();
        while let Some(arg) = args.next() {
            let (name, value) = match arg.text.split_once('=') {
                Some((name, value)) => (name, Some((value.to_owned(), arg))),
                None => (arg.text.as_str(), None),
            };
            if !names.contains(&name) {
                continue;
            }
            let value = value.or_else(|| args.next().map(|word| (word.text.clone(), word)));
            found = match value {
                Some((text, word)) if word.plain().is_some() => Setting::Written(Written::new(text, self.span(word))),
                _ => Setting::Computed,
            };
        }
        found
    }

    fn span(&self, word: &Word) -> Span {
        let trace = self.run.commands.iter().find(|command| command.trace.invocations.contains(self.call));
        trace.map_or(Span::NONE, |command| command.trace.span(self.call.text, &self.site.sources, word.start, word.end))
    }

    fn only_flag(&self, names: &[&str], key: &'static str) -> Base {
        Base { setting: self.option(names), ..unknown(key) }
    }

    fn module(&self, names: &[&str], keys: &[&str], key: &'static str) -> Base {
        let paths = names.iter().map(|name| child(&self.product.dir, name));
        let Some(path) = paths.into_iter().find(|path| self.site.snapshot.exists(path)) else {
            return Base { setting: Setting::Absent, file: None, ..unknown(key) };
        };
        let Some((file, text)) = self.site.open(&path) else { return unknown(key) };
        let module = Configuration::read(text, &path, file);
        let setting = module.as_ref().map_or(Setting::Computed, |module| module.setting(keys));
        let brace = module.as_ref().filter(|_| keys.len() == 1).and_then(Configuration::brace);
        Base { setting, file: Some(path), brace, ..unknown(key) }
    }

    fn flag_or(&self, flags: &[&str], names: &[&str], keys: &[&str], key: &'static str) -> Base {
        let flag = self.option(flags);
        if !self.option(&["--config", "-c", "--root"]).is_absent() {
            return unknown(key);
        }
        let module = self.module(names, keys, key);
        if flag.is_absent() { module } else { Base { setting: flag, brace: None, ..module } }
    }
}

fn vite(it: &Reading<'_>) -> Base {
    it.flag_or(&["--base"], &VITE, &["base"], "base")
}

/// The path of `homepage` (`react-scripts/config/paths.js`).
fn react_scripts(it: &Reading<'_>) -> Base {
    let key = "homepage";
    if it.call.variable("PUBLIC_URL").is_some() || it.site.sets_variable("PUBLIC_URL") {
        return unknown(key);
    }
    let manifest = Manifest::read(it.site.snapshot, &it.product.dir, &mut Sources::default());
    let Some(Ok(manifest)) = manifest else { return unknown(key) };
    let path = manifest.path.clone();
    let Some((file, text)) = it.site.open(&path) else { return unknown(key) };
    let Ok(manifest) = Manifest::parse(path.clone(), text, file) else { return unknown(key) };
    let setting = match manifest.field(key) {
        None => Setting::Absent,
        Some(node) => match node.as_str() {
            Some(text) => Setting::Written(Written::new(path_of(text), node.span)),
            None => Setting::Computed,
        },
    };
    let brace = text.find('{').map(|at| Span::new(file, at, at + 1));
    Base { setting, key, file: Some(path), brace, has_slash: true }
}

/// The path of an address; other texts as they are.
#[must_use]
pub fn path_of(address: &str) -> String {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    rest.map_or_else(|| address.to_owned(), |rest| rest.find('/').map_or("/", |at| &rest[at..]).to_owned())
}

fn next(it: &Reading<'_>) -> Base {
    let names = ["next.config.js", "next.config.mjs", "next.config.ts", "next.config.cjs", "next.config.mts"];
    let prefix = it.module(&names, &["assetPrefix"], "assetPrefix");
    let base = it.module(&names, &["basePath"], "basePath");
    let setting = if prefix.setting.is_absent() { base.setting.clone() } else { Setting::Computed };
    Base { setting, has_slash: false, ..base }
}

fn docusaurus(it: &Reading<'_>) -> Base {
    let names = ["docusaurus.config.js", "docusaurus.config.ts", "docusaurus.config.mjs", "docusaurus.config.cjs"];
    it.module(&names, &["baseUrl"], "baseUrl")
}

fn vitepress(it: &Reading<'_>) -> Base {
    let flag = it.option(&["--base"]);
    let folder = it.args().iter().filter_map(Word::plain).find(|arg| !arg.starts_with('-') && *arg != "build");
    let names =
        ["js", "ts", "mjs", "mts"].map(|end| child(folder.unwrap_or_default(), &format!(".vitepress/config.{end}")));
    let nested = child(folder.unwrap_or_default(), ".vitepress/config");
    if it.site.snapshot.is_dir(&child(&it.product.dir, &nested)) {
        return unknown("base");
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let module = it.module(&names, &["base"], "base");
    if flag.is_absent() { module } else { Base { setting: flag, brace: None, ..module } }
}

fn angular(it: &Reading<'_>) -> Base {
    let flag = it.option(&["--base-href", "--baseHref"]);
    let has = |path: &str| {
        let text = it.site.snapshot.text(&child(&it.product.dir, path)).unwrap_or_default();
        text.contains("baseHref") || text.contains("deployUrl")
    };
    if flag.is_absent() && (has("angular.json") || it.has_base_element()) {
        return unknown("--base-href");
    }
    Base { setting: flag, ..unknown("--base-href") }
}

impl Reading<'_> {
    /// Whether the page says another base than the root.
    fn has_base_element(&self) -> bool {
        let text = self.site.snapshot.text(&child(&self.product.dir, "src/index.html")).unwrap_or_default();
        let element = text.find("<base").map(|at| text[at..].split('>').next().unwrap_or_default());
        element.is_none_or(|element| !element.contains("\"/\"") && !element.contains("'/'"))
    }
}

/// `pathPrefix` counts only with `--prefix-paths` (`gatsby/src/commands/build.ts`).
fn gatsby(it: &Reading<'_>) -> Base {
    let base = it.module(&["gatsby-config.js", "gatsby-config.mjs", "gatsby-config.ts"], &["pathPrefix"], "pathPrefix");
    let is_on =
        it.args().iter().any(|arg| arg.text.starts_with("--prefix-paths")) || it.site.sets_variable("PREFIX_PATHS");
    let is_dynamic = it.call.variable("PREFIX_PATHS").is_some();
    match (is_on || is_dynamic, &base.setting) {
        (_, Setting::Computed) | (true, _) => Base { has_slash: false, ..base },
        (false, _) => Base { setting: Setting::Absent, brace: None, has_slash: false, ..unknown("--prefix-paths") },
    }
}

/// The first site of a repository that is built for another path than the one that it will live under, as far as the
/// repository's name decides it.
#[must_use]
pub fn misplaced(site: &PagesSite<'_>) -> Vec<Misplaced> {
    let mut found = Vec::new();
    for outlet in site.outlets() {
        let Some(run) = site.run_of(&outlet) else { continue };
        let Some((product, call)) = only_product(site, run, &outlet) else { continue };
        let Some((_, read)) = READERS.iter().find(|(name, _)| *name == product.tool.name) else { continue };
        if site.is_configured(&outlet) || product.tool.name == "Next.js" && !product.folder.path.ends_with("out") {
            continue;
        }
        let base = read(&Reading { site, product, call, run });
        let Some(wanted) = wanted(site, &outlet, &base) else { continue };
        let proof = proof(site, &outlet, &base.setting);
        found.push(Misplaced { product: product.clone(), base, wanted, span: outlet.span, proof });
    }
    found
}

/// The generator whose whole output leaves the build, if it is the only one.
fn only_product<'a>(site: &PagesSite<'_>, run: &'a Run, outlet: &Outlet) -> Option<(&'a Product, &'a Invocation)> {
    let mut products = run.build.products();
    let product = products.next().filter(|product| Some(&product.folder.path) == outlet.folder.as_ref())?;
    if products.any(|other| other != product) {
        return None;
    }
    let calls = run.commands.iter().flat_map(|command| command.trace.invocations.iter().map(move |it| (command, it)));
    let mut calls = calls.filter(|(command, it)| {
        command.trace.span(it.text, &site.sources, it.program.start, it.program.end) == product.span
    });
    calls.next().map(|(_, call)| (product, call))
}

/// The base that a site should have; none when it has it, or when nobody knows.
fn wanted(site: &PagesSite<'_>, outlet: &Outlet, base: &Base) -> Option<String> {
    let has_subfolder = outlet.place.and_then(|place| place.of(site.workflow.as_ref()?)).is_some_and(|(_, step)| {
        ["destination_dir", "target-folder", "external_repository", "repository-name"]
            .iter()
            .any(|name| step.input(name).is_some())
    });
    let written = match &base.setting {
        Setting::Absent => "/",
        Setting::Written(written) => written.text.as_str(),
        Setting::Computed => return None,
    };
    let is_rooted = written.starts_with('/') || written.starts_with("http");
    if has_subfolder || site.domain().is_some() || !is_rooted && !written.is_empty() {
        return None;
    }
    if written.is_empty() && base.has_slash {
        return None;
    }
    let repository = &site.repository.as_ref()?.value;
    let (wanted, found) = (repository.base(), path_of(written));
    let is_same = found.trim_matches('/').eq_ignore_ascii_case(wanted.trim_matches('/'));
    // The path of another site may be deliberate where there is none to be expected.
    (!is_same && !repository.is_account_site())
        .then(|| if base.has_slash { wanted } else { wanted.trim_end_matches('/').to_owned() })
}

/// What proves that a site has no domain of its own, or that the base is wrong with one, too.
fn proof(site: &PagesSite<'_>, outlet: &Outlet, setting: &Setting) -> Option<String> {
    let repository = &site.repository.as_ref()?.value;
    if setting.text().is_some_and(|text| !matches!(path_of(text).as_str(), "/" | "")) {
        return Some("the path is neither that of the repository nor the root of a domain".to_owned());
    }
    // Whoever pushes a branch anew each time loses a domain that is not in the pushed folder.
    if let Way::Branch(Pusher::Peaceiris | Pusher::GhPages) = outlet.way {
        return Some("the pushed branch holds no \"CNAME\", so that the site has no domain of its own".to_owned());
    }
    site.mention(repository).map(|path| format!("\"{path}\" gives the address {}", repository.address()))
}

impl PagesSite<'_> {
    /// The text of a file among the sources.
    #[must_use]
    pub fn open(&self, path: &str) -> Option<(crate::text::span::FileId, &str)> {
        let known = self.sources.find(path);
        let file = match known {
            Some(file) => file,
            None => self.sources.add_late(Text::new(path, true, self.snapshot.text(path).ok()?))?,
        };
        Some((file, self.sources.get(file)?.text.as_str()))
    }

    /// Whether a workflow sets a variable anywhere.
    fn sets_variable(&self, name: &str) -> bool {
        let Some(workflow) = &self.workflow else { return false };
        let of_jobs = workflow.jobs.iter().flat_map(|job| {
            let of_steps = job.steps.iter().map(|step| &step.variables);
            std::iter::once(&job.variables).chain(of_steps)
        });
        std::iter::once(&workflow.variables).chain(of_jobs).any(|variables| variables.get(name).is_some())
    }

    /// Whether `configure-pages` writes the base into the configuration of a generator.
    fn is_configured(&self, outlet: &Outlet) -> bool {
        let steps = outlet.place.and_then(|place| Some(&self.workflow.as_ref()?.jobs.get(place.job)?.steps));
        let mut steps = steps.into_iter().flatten();
        steps.any(|step| step.uses(CONFIGURE) && step.input("static_site_generator").is_some())
    }

    /// A file of the root that gives the address of the site below `github.io`.
    #[must_use]
    pub fn mention(&self, repository: &Repository) -> Option<String> {
        const FILES: [&str; 5] = ["package.json", "README.md", "readme.md", "README", "index.html"];
        const LONGEST: usize = 1 << 20;
        let address = format!("{}.github.io/{}", repository.owner, repository.name).to_lowercase();
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        FILES.iter().map(|name| (*name).to_owned()).find(|path| {
            let text = self.snapshot.text(path).ok().filter(|text| text.len() <= LONGEST).unwrap_or_default();
            let text = text.to_lowercase();
            text.match_indices(&address).any(|(at, _)| {
                let before = at.checked_sub(1).and_then(|before| text.as_bytes().get(before)).copied();
                let after = text.as_bytes().get(at + address.len()).copied();
                !before.is_some_and(is_part) && !after.is_some_and(|byte| is_part(byte) && byte != b'.')
            })
        })
    }
}
