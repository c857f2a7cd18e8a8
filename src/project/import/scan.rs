//! What one source file loads, reads and says about itself.

use super::{component, less, markup, mdx, sass, style};

/// Longest text that is read: what is longer is a bundle, not a source.
pub const MAX_LENGTH: usize = 1 << 20;

/// How something is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoadKind {
    /// `import … from "x"`, `import "x"`, `export … from "x"`.
    Static,
    /// `import("x")`.
    Dynamic,
    /// `require("x")`, or `import a = require("x")`.
    Require,
    /// `<script type="module" src="x">` of a page.
    Page,
    /// `@import "x"` of a style sheet.
    Style,
    /// `@use "x"` of a Sass sheet.
    Sass,
    /// `@import "x"` of a Less sheet.
    Less,
    /// `src="x"` of a block of a component.
    Part,
}

/// One loading with a literal name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    /// The name, escapes resolved.
    pub specifier: String,
    /// First byte of the name as written, behind the quote.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
    /// How it is loaded.
    pub kind: LoadKind,
    /// Whether only types are loaded, as far as the text tells: declared so, or never used as a value in TypeScript.
    pub is_type_only: bool,
    /// Whether a failure may be caught, or the code may never run: in a `try`, behind a condition, with a handler.
    pub is_guarded: bool,
    /// Whether it runs as soon as the module does.
    pub is_immediate: bool,
}

impl Load {
    /// What is loaded for certain by a name that is relative, as sheets load each other; another name is none.
    pub(super) fn relative(name: &str, start: usize, kind: LoadKind) -> Option<Load> {
        let is_relative = name.starts_with("./") || name.starts_with("../");
        let start = u32::try_from(start).ok()?;
        is_relative.then(|| Load {
            specifier: name.to_owned(),
            start,
            end: start + u32::try_from(name.len()).unwrap_or_default(),
            kind,
            is_type_only: false,
            is_guarded: false,
            is_immediate: true,
        })
    }
}

/// Where an environment variable is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// `process.env`
    Process,
    /// `import.meta.env`
    Meta,
}

/// One read of an environment variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// First byte of the name.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
    /// Where it is looked up.
    pub holder: Holder,
    /// Whether another value may stand in, or nothing hangs on it: `||`, `??`, a condition, a comparison.
    pub has_fallback: bool,
    /// Whether it is read as soon as the module is loaded.
    pub is_immediate: bool,
}

/// A name that only CommonJS modules have, used at once and not declared in the module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommonName {
    /// `require`, `module`, `exports`, `__dirname` or `__filename`.
    pub name: &'static str,
    /// First byte of the name.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
}

/// What a file says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scan {
    /// What it loads, in the order of the text.
    pub loads: Vec<Load>,
    /// The variables that it reads.
    pub variables: Vec<Variable>,
    /// The names of CommonJS that it uses at once.
    pub common_names: Vec<CommonName>,
    /// The words `assert` of import assertions, as byte ranges.
    pub assertions: Vec<(u32, u32)>,
    /// The first `import` or `export` declaration, as a byte range.
    pub declaration: Option<(u32, u32)>,
}

/// What kind of text a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// `.js`, `.jsx`
    JavaScript,
    /// `.mjs`
    Module,
    /// `.cjs`
    Common,
    /// `.ts`, `.mts`, `.cts`
    TypeScript,
    /// `.tsx`
    TypeScriptMarkup,
    /// `.vue`
    Vue,
    /// `.svelte`
    Svelte,
    /// `.astro`
    Astro,
    /// `.html`
    Page,
    /// `.css`
    Style,
    /// `.scss`
    Sass,
    /// `.sass`
    IndentedSass,
    /// `.less`
    Less,
    /// `.mdx`
    Mdx,
}

impl Dialect {
    /// The kind of a file, by its name; `None` for what is not read.
    #[must_use]
    pub fn of(path: &str) -> Option<Dialect> {
        let name = crate::project::path::name(path);
        let (stem, extension) = name.rsplit_once('.')?;
        Some(match extension {
            "js" | "jsx" => Dialect::JavaScript,
            "mjs" => Dialect::Module,
            "cjs" => Dialect::Common,
            "ts" | "mts" | "cts" if stem.ends_with(".d") => return None,
            "ts" | "mts" | "cts" => Dialect::TypeScript,
            "tsx" => Dialect::TypeScriptMarkup,
            "vue" => Dialect::Vue,
            "svelte" => Dialect::Svelte,
            "astro" => Dialect::Astro,
            "html" => Dialect::Page,
            "css" => Dialect::Style,
            "scss" => Dialect::Sass,
            "sass" => Dialect::IndentedSass,
            "less" => Dialect::Less,
            "mdx" => Dialect::Mdx,
            _ => return None,
        })
    }

    /// Whether a compiler of TypeScript drops imports that are not used as values.
    #[must_use]
    pub fn drops_types(self) -> bool {
        matches!(self, Dialect::TypeScript | Dialect::TypeScriptMarkup)
    }
}

/// Reads the file at `path`; `None` when it is of no kind that is read, or cannot be made sense of.
#[must_use]
pub fn scan(text: &str, path: &str) -> Option<Scan> {
    scan_as(text, Dialect::of(path)?)
}

/// Reads a text of this kind.
#[must_use]
pub fn scan_as(text: &str, dialect: Dialect) -> Option<Scan> {
    if text.len() > MAX_LENGTH || is_minified(text) {
        return None;
    }
    match dialect {
        Dialect::Vue => component::vue(text),
        Dialect::Svelte => component::svelte(text),
        Dialect::Astro => component::astro(text),
        Dialect::Page => Some(markup::page(text)),
        Dialect::Style => Some(style::sheet(text)),
        Dialect::Sass => Some(sass::sheet(text)),
        Dialect::IndentedSass => Some(sass::indented(text)),
        Dialect::Less => Some(less::sheet(text)),
        Dialect::Mdx => mdx::text(text),
        script => self::script(text, script),
    }
}

/// Reads a script.
#[cfg(feature = "syntax")]
pub(super) fn script(text: &str, dialect: Dialect) -> Option<Scan> {
    if !super::nesting::is_shallow(text, dialect) {
        return None;
    }
    let needed = super::nesting::stack_bytes(text);
    stacker::maybe_grow(needed, needed, || super::syntax::read(text, dialect))
}

/// Without the grammar no script is read.
#[cfg(not(feature = "syntax"))]
pub(super) fn script(_: &str, _: Dialect) -> Option<Scan> {
    None
}

/// Whether a text is the output of a bundler: long, and hardly any line ends.
fn is_minified(text: &str) -> bool {
    const LONG: usize = 64 << 10;
    const LONGEST_LINE: usize = 2_000;
    text.len() > LONG && text.len() / LONGEST_LINE > text.bytes().filter(|byte| *byte == b'\n').count()
}
