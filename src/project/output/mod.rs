//! What a build leaves behind: the folders that the programs of a command write, as far as files tell.
//!
//! A tool that is configured by something that would have to be run has an unknown output; nothing is guessed.

mod application;
pub(in crate::project) mod bundler;
mod call;
mod compiler;
mod engine;
pub mod fate;
mod generator;
mod script;
mod shell;
pub mod tool;

#[cfg(test)]
mod tests;

pub use script::said;

use super::command::{Invocation, Reach, Trace, Word};
use super::path;
use super::snapshot::Snapshot;
use crate::text::source::Sources;
use crate::text::span::Span;

use call::Call;
use tool::Tool;

/// A folder that a tool writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// Repository path.
    pub path: String,
    /// What says so, beside the tool itself: options and settings.
    pub because: Vec<Span>,
    /// Folders that may be written as well.
    pub beside: Vec<String>,
}

/// What one tool leaves behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// This folder.
    Known(Folder),
    /// Something, and why it cannot be told what.
    Unknown(String),
    /// Nothing.
    Nothing,
}

impl Output {
    fn known(path: impl Into<String>, because: Vec<Span>) -> Output {
        let because = because.into_iter().filter(|span| span.is_written()).collect();
        Output::Known(Folder { path: path.into(), because, beside: Vec::new() })
    }
}

/// What one program does to folders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// A tool writes its output.
    Builds(Product),
    /// An empty folder is made, at this path.
    MakesEmpty(String),
    /// Files are copied to this path.
    Fills(String),
    /// Whatever lies at this path is removed.
    Removes(String),
    /// Only files that the arguments name are written.
    Touches(String),
    /// It may do anything.
    Unknown {
        /// What is not known, in one clause.
        what: String,
        /// Files of the repository that may tell more.
        files: Vec<String>,
        /// The folder that it usually writes: its path, or the end of it.
        usual: Option<String>,
    },
}

impl Effect {
    fn unknown(what: String, files: Vec<String>) -> Effect {
        Effect::Unknown { what, files, usual: None }
    }
}

/// The known output of a tool.
#[derive(Debug, Clone)]
pub struct Product {
    /// The tool.
    pub tool: &'static Tool,
    /// The folder that it runs in.
    pub dir: String,
    /// The folder that it writes.
    pub folder: Folder,
    /// Where its program stands.
    pub span: Span,
}

impl PartialEq for Product {
    fn eq(&self, other: &Product) -> bool {
        self.tool.name == other.tool.name && self.dir == other.dir && self.folder == other.folder
    }
}

impl Eq for Product {}

/// An effect, and whether it comes about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What is done.
    pub effect: Effect,
    /// Whether it is certain.
    pub is_certain: bool,
}

/// Everything that a command does to folders, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Build {
    /// The effects.
    pub events: Vec<Event>,
}

impl Build {
    /// Works out what a command leaves behind.
    #[must_use]
    pub fn new(snapshot: &Snapshot, trace: &Trace, environment: &[(String, String)], sources: &mut Sources) -> Build {
        let mut build = Build::default();
        for gap in trace.gaps.iter().filter(|gap| gap.reach != Reach::Never && !gap.is_about_program) {
            build.add(Effect::unknown(gap.what.clone(), Vec::new()), true);
        }
        for run in trace.invocations.iter().filter(|run| run.reach != Reach::Never) {
            for effect in effects(snapshot, trace, environment, run, sources) {
                build.add(effect, run.reach == Reach::Certain);
            }
        }
        build
    }

    fn add(&mut self, effect: Effect, is_certain: bool) {
        self.events.push(Event { effect, is_certain });
    }

    /// Adds what comes after.
    pub fn extend(&mut self, other: Build) {
        self.events.extend(other.events);
    }

    /// The outputs of tools that certainly run, in order.
    pub fn products(&self) -> impl Iterator<Item = &Product> {
        self.events.iter().filter(|event| event.is_certain).filter_map(|event| match &event.effect {
            Effect::Builds(product) => Some(product),
            _ => None,
        })
    }

    /// What is not known about it.
    pub fn doubts(&self) -> impl Iterator<Item = &str> {
        self.events.iter().filter_map(|event| match &event.effect {
            Effect::Unknown { what, .. } => Some(what.as_str()),
            _ => None,
        })
    }
}

/// What one program does.
fn effects(
    snapshot: &Snapshot,
    trace: &Trace,
    environment: &[(String, String)],
    run: &Invocation,
    sources: &mut Sources,
) -> Vec<Effect> {
    let (name, args) = peel(run);
    let unknown = |what: String, files: Vec<String>| vec![Effect::unknown(what, files)];
    let Some(name) = name else { return unknown("a program is named by a variable".to_owned(), Vec::new()) };
    let is_placed = run.cwd.is_some();
    let dir = run.cwd.clone().unwrap_or_default();
    let mut call = Call { snapshot, sources, trace, environment, run, args, dir };
    if !is_placed {
        if run.is_harmless() || shell::is_harmless(name, &call) {
            return Vec::new();
        }
        return unknown(format!("the folder in which \"{name}\" runs is known only then"), Vec::new());
    }
    if let Some(found) = shell::effects(name, &mut call) {
        return found;
    }
    if run.is_harmless() || shell::is_harmless(name, &call) {
        return Vec::new();
    }
    if let Some(text) = shell::touched(name, &mut call).or_else(|| script::text(name, &call)) {
        return vec![Effect::Touches(text)];
    }
    let output = match tool::find(name) {
        Some(tool) => return of_tool(tool::behind(tool, &mut call), &mut call),
        None => shell::by_option(name, &call),
    };
    match output {
        Some(Output::Known(folder)) => vec![Effect::Fills(folder.path)],
        Some(Output::Nothing) => Vec::new(),
        Some(Output::Unknown(what)) => unknown(what, Vec::new()),
        None => unknown(format!("what \"{name}\" writes is not known"), evidence(name, &call)),
    }
}

fn of_tool(tool: &'static Tool, call: &mut Call<'_, '_>) -> Vec<Effect> {
    let span = call.trace.span(call.run.text, call.sources, call.run.program.start, call.run.program.end);
    match tool.output(call) {
        Output::Nothing => Vec::new(),
        Output::Known(folder) if has_sources(call.snapshot, &call.dir) => {
            vec![Effect::Builds(Product { tool, dir: call.dir.clone(), folder, span })]
        }
        Output::Known(folder) => {
            let what = format!("the sources that {} builds are not in the repository", tool.name);
            vec![Effect::Unknown { what, files: Vec::new(), usual: Some(folder.path) }]
        }
        Output::Unknown(what) => {
            let files = evidence(call.run.name(), call);
            vec![Effect::Unknown { what, files, usual: Some(tool.usual.to_owned()) }]
        }
    }
}

/// The program behind those that only run it, with its arguments; no name when only a run would tell.
#[must_use]
pub fn peel(run: &Invocation) -> (Option<&str>, &[Word]) {
    let mut name = run.program.plain();
    let mut args = run.args.as_slice();
    for _ in 0..4 {
        let text = |at: usize| args.get(at).and_then(Word::plain);
        let skip = match (name.map(path::name), text(0)) {
            (Some("bundle" | "bundler" | "rbenv"), Some("exec")) => 1,
            (Some("poetry" | "pipenv" | "uv" | "pdm" | "hatch" | "rye" | "pipx"), Some("run")) => 1,
            (Some("python" | "python3" | "py"), Some("-m")) => 1,
            (Some("uvx"), Some(_)) => 0,
            (Some("node"), _) => match args.iter().position(|arg| !arg.text.starts_with('-')) {
                Some(at) if args[at].text.contains("node_modules/") => at,
                _ => break,
            },
            _ => break,
        };
        let Some(word) = args.get(skip) else { break };
        name = word.plain();
        args = &args[skip + 1..];
    }
    (name.map(program), args)
}

/// The name of a program that is given as a path: into `node_modules`, or to an engine that was fetched.
fn program(name: &str) -> &str {
    if matches!(path::name(name), "hugo" | "zola" | "mdbook" | "jekyll") {
        return path::name(name);
    }
    if let Some((_, bin)) = name.rsplit_once("node_modules/.bin/") {
        return bin;
    }
    match name.rsplit_once("node_modules/") {
        Some((_, rest)) if rest.contains("/bin/") => rest.split("/bin/").next().unwrap_or(rest),
        _ => name,
    }
}

/// Whether a folder holds more than configuration: a page, a style sheet, a template, code.
#[must_use]
pub fn has_sources(snapshot: &Snapshot, dir: &str) -> bool {
    const ENDS: [&str; 33] = [
        "html", "htm", "md", "mdx", "markdown", "js", "jsx", "mjs", "cjs", "ts", "tsx", "vue", "svelte", "astro",
        "css", "scss", "sass", "less", "njk", "liquid", "hbs", "ejs", "pug", "haml", "erb", "rst", "adoc", "elm",
        "ipynb", "json5", "styl", "webc", "org",
    ];
    let is_source = |file: &str| {
        let name = path::name(file);
        let is_configuration = name.starts_with('.') || name.contains(".config.") || name.contains("config-overrides");
        let is_aside =
            file.split('/').any(|part| matches!(part, "functions" | "edge-functions" | "node_modules" | ".github"));
        let is_prose = matches!(name, "README.md" | "CHANGELOG.md" | "CONTRIBUTING.md" | "LICENSE.md" | "SECURITY.md");
        !is_configuration && !is_aside && !is_prose && name.rsplit_once('.').is_some_and(|(_, end)| ENDS.contains(&end))
    };
    snapshot.below(dir).iter().any(|entry| is_source(path::strip(&entry.path, dir).unwrap_or(&entry.path)))
        || snapshot.below(dir).iter().any(|entry| entry.mode == super::snapshot::Mode::Submodule)
}

/// Files of the repository that may tell what a program writes: those that it is given, and its usual configuration.
fn evidence(name: &str, call: &Call<'_, '_>) -> Vec<String> {
    let usual: &[&str] = match name {
        "make" => &["Makefile", "makefile", "GNUmakefile"],
        "gulp" => &["gulpfile.js", "gulpfile.mjs", "gulpfile.ts", "gulpfile.babel.js", "gulpfile.js/index.js"],
        "grunt" => &["Gruntfile.js", "gruntfile.js", "Gruntfile.coffee"],
        "rollup" => &["rollup.config.js", "rollup.config.mjs", "rollup.config.ts"],
        "webpack" => &["webpack.config.js", "webpack.config.cjs", "webpack.config.ts", "webpack.prod.js"],
        "rake" => &["Rakefile"],
        "just" => &["justfile", "Justfile"],
        "vite" => &["vite.config.js", "vite.config.ts", "vite.config.mjs", "vite.config.mts"],
        "astro" => &["astro.config.mjs", "astro.config.ts", "astro.config.js"],
        "turbo" => &["turbo.json"],
        "nx" => &["nx.json", "project.json"],
        "lerna" => &["lerna.json"],
        "snowpack" => &["snowpack.config.js", "snowpack.config.mjs"],
        "tsc" | "vue-tsc" => &["tsconfig.json", "tsconfig.app.json", "tsconfig.node.json", "tsconfig.build.json"],
        _ => &[],
    };
    let given = call.args.iter().filter_map(Word::plain);
    let given = given.flat_map(|text| std::iter::once(text).chain(text.split_once('=').map(|(_, value)| value)));
    let own = std::iter::once(name).filter(|name| name.contains('/') || name.contains('.'));
    let names = usual.iter().copied().chain(given).chain(own);
    let paths = names.filter_map(|name| path::join(&call.dir, name));
    let mut found: Vec<String> = paths.filter(|path| call.snapshot.is_file(path)).collect();
    found.sort();
    found.dedup();
    found
}
