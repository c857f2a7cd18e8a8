//! The two passes of the engine over a site's configuration (`config/src/main.ts`).

use crate::platform::netlify::routing::{self, FileText, SideFile};
use crate::platform::netlify::validate::{self, Origin};
use crate::project::path::child;
use crate::project::snapshot::{ReadError, Snapshot, Target};
use crate::text::source::{Source, Sources};
use crate::text::span::{FileId, Span};
use crate::text::toml;
use crate::text::tree::{Kind, Node, Table};

use super::path::{Root, is_truthy};
use super::{Failure, Warning, context, escape, extension, locate, merge, normalise, path};

/// What a resolution starts from, beside the files.
#[derive(Debug, Clone)]
pub struct Options {
    /// Deploy context: `production`, `deploy-preview`, `branch-deploy`, `dev`, …
    pub context: String,
    /// Branch name.
    pub branch: String,
    /// Folder of the site's package inside a monorepo, as set in the user interface.
    pub package_path: Option<String>,
    /// Settings made in the user interface, in the shape of `netlify.toml`.
    pub default_config: Table,
    /// Settings of the call, which win over everything.
    pub inline_config: Table,
    /// Base directory of the user interface, when given apart from `default_config`.
    pub base: Option<String>,
    /// Whether paths are relative to the base (sites of before 2020 may say no).
    pub base_rel_dir: Option<bool>,
    /// Current folder, relative to the root.
    pub cwd: Option<String>,
    /// An explicit configuration file, relative to `cwd`.
    pub config: Option<String>,
    /// Where the repository lies on the build machine.
    pub root: Root,
}

impl Default for Options {
    /// A production build of branch `main` with nothing set in the user interface.
    fn default() -> Options {
        Options {
            context: "production".to_owned(),
            branch: "main".to_owned(),
            package_path: None,
            default_config: Table::default(),
            inline_config: Table::default(),
            base: None,
            base_rel_dir: None,
            cwd: None,
            config: None,
            root: Root::default(),
        }
    }
}

/// A configuration as the engine hands it to the build. Paths are repository paths (`""` is the root).
#[derive(Debug)]
pub struct Resolved {
    /// Everything but redirects and headers.
    pub config: Table,
    /// Redirect rules of both sources.
    pub redirects: routing::Redirects,
    /// Header rules of both sources.
    pub headers: routing::Headers,
    /// Base directory, if one is set.
    pub base: Option<String>,
    /// Folder in which the build runs.
    pub build_dir: String,
    /// Where `_redirects` is looked for.
    pub redirects_path: String,
    /// Where `_headers` is looked for.
    pub headers_path: String,
    /// Extensions under development.
    pub integrations: Vec<serde_json::Value>,
}

/// The outcome of a resolution, with all texts that it read.
#[derive(Debug)]
pub struct Resolution {
    /// The texts that spans point into.
    pub sources: Sources,
    /// The file of the last pass, if there is one.
    pub config_path: Option<String>,
    /// The file of the first pass when a second one replaced it.
    pub replaced: Option<String>,
    /// The configuration file as parsed, before anything was merged into it (of the last pass).
    pub file: Option<Node>,
    /// What the engine says and goes on, in its order, over both passes.
    pub warnings: Vec<Warning>,
    /// Faulty redirects over both passes.
    pub redirect_errors: Vec<routing::RoutingError>,
    /// Faulty headers over both passes.
    pub header_errors: Vec<routing::RoutingError>,
    /// Constructs that other releases of the engine's TOML parser reject.
    pub dialect_notes: Vec<toml::DialectNote>,
    /// The configuration, or the first failure.
    pub outcome: Result<Resolved, Failure>,
}

/// Resolves a site's configuration. `sources` may already hold texts that spans in `options` point into.
#[must_use]
pub fn resolve(snapshot: &Snapshot, options: &Options, sources: Sources) -> Resolution {
    let mut run = Run {
        snapshot,
        options,
        out: Resolution {
            sources,
            config_path: None,
            replaced: None,
            file: None,
            warnings: Vec::new(),
            redirect_errors: Vec::new(),
            header_errors: Vec::new(),
            dialect_notes: Vec::new(),
            outcome: Err(Failure::crash(Span::NONE)),
        },
    };
    run.out.outcome = run.passes();
    run.out
}

struct Run<'a> {
    snapshot: &'a Snapshot,
    options: &'a Options,
    out: Resolution,
}

/// What differs between the first and the second pass.
struct Pass<'a> {
    is_first: bool,
    config_base: Option<&'a str>,
    package_path: &'a str,
    default_config: &'a Table,
    base_rel_dir: bool,
}

impl Run<'_> {
    fn passes(&mut self) -> Result<Resolved, Failure> {
        self.check_layers()?;
        let cwd = self.options.cwd.as_deref().unwrap_or_default();
        if !cwd.is_empty() && !self.snapshot.is_dir(cwd) {
            return Err(Failure::NoFolder { path: cwd.to_owned() });
        }
        let overridden = locate::base_override(self.snapshot, cwd);
        let base = self.options.base.clone().or_else(|| overridden.clone());
        let base_rel_dir = self.options.base_rel_dir.unwrap_or(true);
        let default_config = match base {
            Some(base) => with_base(&self.options.default_config, &base),
            None => self.options.default_config.clone(),
        };
        let initial = self.initial_base(&default_config)?;
        let first = self.pass(&Pass {
            is_first: true,
            config_base: initial.as_deref(),
            package_path: self.options.package_path.as_deref().unwrap_or_default(),
            default_config: &default_config,
            base_rel_dir,
        })?;
        let mut resolved = if !base_rel_dir || first.base == initial {
            first
        } else {
            let replaced = self.out.config_path.take();
            let second = self.pass(&Pass {
                is_first: false,
                config_base: first.base.as_deref(),
                package_path: "",
                default_config: &default_config,
                base_rel_dir,
            });
            self.out.replaced = replaced.filter(|path| Some(path) != self.out.config_path.as_ref());
            second?
        };
        context::remove_shadows(&mut resolved.config);
        let integrations =
            extension::resolve(&resolved.config, &self.options.context, &self.options.root, &resolved.build_dir)?;
        Ok(Resolved { integrations, config: with_legacy_functions(resolved.config), ..resolved })
    }

    /// The engine looks into these layers before it validates them, and crashes on nulls.
    fn check_layers(&self) -> Result<(), Failure> {
        let Options { default_config, inline_config, .. } = self.options;
        let environment = default_config.get("build").and_then(|build| build.at(&["environment"]));
        let looked_at = [default_config.get("build"), environment, inline_config.get("build")];
        match looked_at.into_iter().flatten().find(|node| node.is_null()) {
            Some(null) => Err(Failure::crash(null.span)),
            None => Ok(()),
        }
    }

    /// The base of inline configuration, else of the user interface.
    fn initial_base(&self, default_config: &Table) -> Result<Option<String>, Failure> {
        let base_of = |config: &Table| config.get("build").and_then(|build| build.at(&["base"]).cloned());
        let base = base_of(&self.options.inline_config).or_else(|| base_of(default_config));
        let Some(node) = base.filter(is_truthy) else { return Ok(None) };
        let Some(written) = node.as_str() else { return Err(Failure::crash(node.span)) };
        self.options.root.resolve("", written, "build.base", node.span).map(Some)
    }

    fn pass(&mut self, pass: &Pass<'_>) -> Result<Resolved, Failure> {
        let config_path = locate::config_path(self.snapshot, self.options, pass.is_first, pass.config_base);
        self.out.config_path.clone_from(&config_path);
        self.out.file = None;
        self.out.dialect_notes.clear();
        let file = match config_path {
            Some(path) => self.read(&path)?,
            None => Table::default(),
        };
        let config = self.merged(file, pass)?;
        let (config, base, build_dir) = self.with_paths(config, pass)?;
        self.with_routing(config, base, build_dir)
    }

    fn read(&mut self, path: &str) -> Result<Table, Failure> {
        let text = match self.snapshot.text(path) {
            Ok(text) => text,
            Err(ReadError::Missing | ReadError::Loop) => return Err(Failure::Missing { path: path.to_owned() }),
            Err(error) => return Err(Failure::Unreadable { path: path.to_owned(), reason: error.to_string() }),
        };
        let file = self.out.sources.add(Source::new(path, true, text));
        let text = &self.out.sources.get(file).expect("internal: the source was just added").text;
        if let Some(escape) = escape::find(text) {
            let end = escape.offset + 1 + escape.character.len_utf8();
            return Err(Failure::Escape { escape, span: Span::new(file, escape.offset, end) });
        }
        let document = toml::parse_document(text, file)
            .map_err(|error| Failure::Toml { span: toml_span(text, file, error.offset), error })?;
        self.out.dialect_notes = document.notes;
        let table = document.root.as_table().cloned().unwrap_or_default();
        self.out.file = Some(document.root);
        Ok(table)
    }

    /// Merges the layers and brings the result into its final form, paths not yet resolved.
    fn merged(&mut self, file: Table, pass: &Pass<'_>) -> Result<Table, Failure> {
        let file = context::normalise_with_contexts(file, Origin::Config)?;
        let default = context::normalise_with_contexts(pass.default_config.clone(), Origin::Ui)?;
        let inline = context::normalise_with_contexts(self.options.inline_config.clone(), Origin::Inline)?;
        let config = merge::merge_configs(vec![default, file]);
        let Options { context, branch, .. } = self.options;
        let config = context::merge_context(config, context, branch, &mut self.out.warnings)?;
        let config = merge::merge_configs(vec![config, inline]);
        validate::before_normalise(&config)?;
        let config = normalise::normalise(config, pass.package_path)?;
        validate::after_normalise(&config)?;
        Ok(config)
    }

    fn with_paths(&self, config: Table, pass: &Pass<'_>) -> Result<(Table, Option<String>, String), Failure> {
        let root = &self.options.root;
        let written = config.get("build").and_then(|build| build.at(&["base"]));
        let base_span = written.map_or(Span::NONE, |node| node.span);
        let base = match (pass.config_base.filter(|_| !pass.is_first), written) {
            (Some(known), _) => Some(known.to_owned()),
            (None, Some(node)) if is_truthy(node) => {
                Some(root.resolve("", node.as_str().unwrap_or_default(), "build.base", node.span)?)
            }
            _ => None,
        };
        let build_dir = base.clone().unwrap_or_default();
        if !build_dir.is_empty() && !self.snapshot.is_dir(&build_dir) {
            return Err(Failure::BaseMissing { base: build_dir, span: base_span });
        }
        let dir = if pass.base_rel_dir { build_dir.as_str() } else { "" };
        let mut config = path::resolve_paths(config, self.snapshot, root, dir, pass.package_path)?;
        if let Some(build) = config.get_mut("build").and_then(Node::as_table_mut) {
            build.remove("base");
            if let Some(base) = &base {
                build.insert("base", base_span, Node { kind: Kind::String(base.clone()), span: base_span });
            }
        }
        Ok((config, base, build_dir))
    }

    fn with_routing(
        &mut self,
        mut config: Table,
        base: Option<String>,
        build_dir: String,
    ) -> Result<Resolved, Failure> {
        let publish = config.get("build").and_then(|build| build.at(&["publish"])).and_then(Node::as_str);
        let publish = publish.unwrap_or_default().to_owned();
        let headers_path = child(&publish, "_headers");
        let redirects_path = child(&publish, "_redirects");

        let written = config.remove("headers").map(|entry| entry.value);
        let file = self.side_file(&headers_path);
        let headers =
            routing::parse_headers(file.as_side_file(&self.out.sources), written.as_ref(), routing::Form::Minimal)?;
        self.out.header_errors.extend(headers.errors.iter().cloned());
        self.out.warnings.extend(routing::case_clash::find(&headers.rules).map(Warning::HeaderCase));

        let written = config.remove("redirects").map(|entry| entry.value);
        let file = self.side_file(&redirects_path);
        let redirects = routing::parse_redirects(file.as_side_file(&self.out.sources), written.as_ref())?;
        self.out.redirect_errors.extend(redirects.errors.iter().cloned());
        Ok(Resolved {
            config,
            redirects,
            headers,
            base,
            build_dir,
            redirects_path,
            headers_path,
            integrations: Vec::new(),
        })
    }

    fn side_file(&mut self, path: &str) -> Read {
        match self.snapshot.target(path) {
            // A fresh checkout has nothing where a link leads out of it.
            Target::Missing | Target::Loop | Target::Outside => Read::Absent,
            _ => match self.snapshot.text(path) {
                Ok(text) => {
                    let known = self.out.sources.find(path);
                    Read::Text(known.unwrap_or_else(|| self.out.sources.add(Source::new(path, true, text))))
                }
                Err(ReadError::Missing) => Read::Absent,
                Err(_) => Read::Unreadable(path.to_owned()),
            },
        }
    }
}

/// A side file as it was read, its text kept among the sources.
enum Read {
    Absent,
    Unreadable(String),
    Text(FileId),
}

impl Read {
    fn as_side_file<'a>(&'a self, sources: &'a Sources) -> SideFile<'a> {
        match self {
            Read::Absent => SideFile::Absent,
            Read::Unreadable(path) => SideFile::Unreadable { path },
            Read::Text(file) => match sources.get(*file) {
                Some(source) => SideFile::Text(FileText { text: &source.text, file: *file }),
                None => SideFile::Absent,
            },
        }
    }
}

/// Adds a base directory of the user interface to its settings.
fn with_base(default_config: &Table, base: &str) -> Table {
    let mut config = default_config.clone();
    let build = config.0.get("build");
    let (key_span, span) = build.map_or((Span::NONE, Span::NONE), |build| (build.key_span, build.value.span));
    let mut table = build.map(|build| merge::spread(&build.value)).unwrap_or_default();
    table.insert("base", Span::NONE, Node::string(base, Span::NONE));
    config.insert("build", key_span, Node { kind: Kind::Table(table), span });
    config
}

/// Mirrors the functions directory under its old name.
fn with_legacy_functions(mut config: Table) -> Table {
    let directory = config.0.get("functionsDirectory").cloned();
    let build = config.get_mut("build").and_then(Node::as_table_mut);
    if let (Some(directory), Some(build)) = (directory, build) {
        build.insert("functions", directory.key_span, directory.value);
    }
    config
}

/// The place of a syntax error: its character, or the last one before it where a line or the text ends.
fn toml_span(text: &str, file: FileId, offset: usize) -> Span {
    let start = offset.min(text.len());
    let is_break = |character: char| character == '\n' || character == '\r';
    match text[start..].chars().next().filter(|next| !is_break(*next)) {
        Some(next) => Span::new(file, start, start + next.len_utf8()),
        None => {
            let last = text[..start].chars().next_back().filter(|last| !is_break(*last));
            Span::new(file, start - last.map_or(0, char::len_utf8), start)
        }
    }
}
