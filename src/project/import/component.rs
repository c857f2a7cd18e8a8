//! The scripts of components: Vue, Svelte and Astro.

use std::collections::HashSet;

use super::markup;
use super::scan::{self, Dialect, Scan};

/// A `<script>` block.
struct Block<'a> {
    attributes: &'a str,
    text: &'a str,
    start: usize,
}

/// Reads a component of Vue: all scripts at the top level.
pub(super) fn vue(text: &str) -> Option<Scan> {
    let mut scan = Scan::default();
    for block in blocks(text).iter().filter(|block| !is_markup_inside(text, block.start)) {
        add(&mut scan, text, block, markup::attribute(block.attributes, "lang").map_or("js", |(lang, _)| lang))?;
    }
    Some(scan)
}

/// Reads a component of Svelte.
pub(super) fn svelte(text: &str) -> Option<Scan> {
    let mut scan = Scan::default();
    for block in blocks(text).iter().take(2) {
        add(&mut scan, text, block, markup::attribute(block.attributes, "lang").map_or("js", |(lang, _)| lang))?;
    }
    Some(scan)
}

/// Reads a component of Astro: what stands between the dashes, and scripts without attributes.
pub(super) fn astro(text: &str) -> Option<Scan> {
    let mut scan = Scan::default();
    let mut rest = 0;
    let trimmed = text.trim_start();
    if let Some(body) = trimmed.strip_prefix("---") {
        let start = text.len() - body.len();
        let length = body.find("\n---")?;
        rest = start + length;
        add(&mut scan, text, &Block { attributes: "", text: &body[..length], start }, "tsx")?;
    }
    for block in blocks(text).iter().filter(|block| block.start > rest && block.attributes.trim().is_empty()) {
        add(&mut scan, text, block, "ts")?;
    }
    Some(scan)
}

/// The first `<script>` blocks of a text, comments left out.
fn blocks(text: &str) -> Vec<Block<'_>> {
    const MOST: usize = 20;
    let elements = markup::elements(text, "script");
    let blocks = elements.take(MOST).map(|element| Block {
        attributes: &text[element.attributes.clone()],
        text: &text[element.body.clone()],
        start: element.body.start,
    });
    blocks.collect()
}

/// Whether a template of Vue is open at a place.
fn is_markup_inside(text: &str, at: usize) -> bool {
    let before = &text[..at];
    before.rfind("\n<template").is_some_and(|open| !before[open..].contains("\n</template"))
        || (before.trim_start().starts_with("<template") && !before.contains("\n</template"))
}

/// Adds what a block loads; `None` when it is no script of a language that is read.
fn add(scan: &mut Scan, text: &str, block: &Block<'_>, lang: &str) -> Option<()> {
    let is_page = block.start > 0 && text[..block.start].trim() == "---";
    let dialect = match lang {
        "js" | "javascript" | "jsx" => Dialect::JavaScript,
        "ts" | "typescript" => Dialect::TypeScript,
        "tsx" => Dialect::TypeScriptMarkup,
        _ => return None,
    };
    let mut found = scan::script(block.text, dialect)?;
    found.shift(u32::try_from(block.start).ok()?);
    if dialect.drops_types() {
        keep_used(&mut found, text, block, is_page);
    }
    scan.append(found);
    Some(())
}

/// What the markup of a component names is used: an import counts as one of types only if its names stand nowhere else.
/// Astro keeps every import that is not declared to be one of types.
fn keep_used(scan: &mut Scan, text: &str, block: &Block<'_>, keeps_all: bool) {
    if scan.loads.iter().all(|load| !load.is_type_only) {
        return;
    }
    let outside = [&text[..block.start], &text[block.start + block.text.len()..]];
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '$';
    let words = |text: &str| -> HashSet<String> {
        text.split(|letter| !is_part(letter)).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
    };
    let used: HashSet<String> = outside.into_iter().flat_map(words).collect();
    for load in scan.loads.iter_mut().filter(|load| load.is_type_only) {
        let line_start = text[..load.start as usize].rfind("import").unwrap_or_default();
        let statement = &text[line_start..load.start as usize];
        let is_declared = statement.contains("type ");
        let is_named = || words(statement).iter().any(|word| word != "import" && word != "from" && used.contains(word));
        if !is_declared && (keeps_all || is_named()) {
            load.is_type_only = false;
        }
    }
}

impl Scan {
    /// Moves everything to where the script stands in its file.
    pub(super) fn shift(&mut self, by: u32) {
        for load in &mut self.loads {
            (load.start, load.end) = (load.start + by, load.end + by);
        }
        for variable in &mut self.variables {
            (variable.start, variable.end) = (variable.start + by, variable.end + by);
        }
        for name in &mut self.common_names {
            (name.start, name.end) = (name.start + by, name.end + by);
        }
        for range in self.assertions.iter_mut().chain(&mut self.declaration) {
            *range = (range.0 + by, range.1 + by);
        }
    }

    fn append(&mut self, other: Scan) {
        self.loads.extend(other.loads);
        self.variables.extend(other.variables);
        self.common_names.extend(other.common_names);
        self.assertions.extend(other.assertions);
        self.declaration = self.declaration.or(other.declaration);
    }
}
