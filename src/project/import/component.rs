//! The scripts and styles of components: Vue, Svelte and Astro.

use std::collections::HashSet;

use super::scan::{self, Dialect, Load, LoadKind, Scan};
use super::{less, markup, sass, style};

/// A `<script>` or `<style>` block.
struct Block<'a> {
    attributes: &'a str,
    text: &'a str,
    start: usize,
}

/// Reads a component of Vue: all scripts at the top level.
pub(super) fn vue(text: &str) -> Option<Scan> {
    let mut scan = Scan::default();
    for block in blocks(text, "script").iter().filter(|block| !is_markup_inside(text, block.start)) {
        scan.loads.extend(part(block));
        add(&mut scan, text, block, markup::attribute(block.attributes, "lang").map_or("js", |(lang, _)| lang))?;
    }
    add_styles(&mut scan, text, |style| !is_markup_inside(text, style.start));
    let styles = blocks(text, "style");
    scan.loads.extend(styles.iter().filter(|style| !is_markup_inside(text, style.start)).filter_map(part));
    Some(scan)
}

/// The file that holds the text of a block of Vue: `<style src="./x.css">`.
fn part(block: &Block<'_>) -> Option<Load> {
    let (specifier, at) = markup::attribute(block.attributes, "src")?;
    let start = block.start - 1 - block.attributes.len() + at;
    Load::relative(specifier, start, LoadKind::Part)
}

/// Reads a component of Svelte.
pub(super) fn svelte(text: &str) -> Option<Scan> {
    let mut scan = Scan::default();
    for block in blocks(text, "script").iter().take(2) {
        add(&mut scan, text, block, markup::attribute(block.attributes, "lang").map_or("js", |(lang, _)| lang))?;
    }
    add_styles(&mut scan, text, |_| true);
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
    for block in blocks(text, "script").iter().filter(|block| block.start > rest && block.attributes.trim().is_empty())
    {
        add(&mut scan, text, block, "ts")?;
    }
    add_styles(&mut scan, text, |style| style.start > rest && !style.attributes.contains("is:inline"));
    Some(scan)
}

/// Adds what `<style>` blocks load. Only those at the begin of a line surely belong to the component itself.
fn add_styles(scan: &mut Scan, text: &str, counts: impl Fn(&Block<'_>) -> bool) {
    if !text.contains("\n<style") && !text.starts_with("<style") {
        return;
    }
    let is_first = |block: &Block<'_>| {
        let before = &text[..block.start - block.attributes.len() - "<style>".len()];
        before.is_empty() || before.ends_with('\n')
    };
    for block in blocks(text, "style").iter().filter(|block| is_first(block) && counts(block)) {
        let mut found = match markup::attribute(block.attributes, "lang").map_or("css", |(lang, _)| lang) {
            "css" => style::sheet(block.text),
            "scss" => sass::sheet(block.text),
            "sass" => sass::indented(block.text),
            "less" => less::sheet(block.text),
            _ => continue,
        };
        let Ok(start) = u32::try_from(block.start) else { return };
        found.shift(start);
        scan.append(found);
    }
}

/// The first `<script>` or `<style>` blocks of a text, comments left out.
fn blocks<'t>(text: &'t str, name: &'t str) -> Vec<Block<'t>> {
    const MOST: usize = 20;
    let elements = markup::elements(text, name);
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
    // A template on one line is closed there.
    if before.matches("<template").count() <= before.matches("</template").count() {
        return false;
    }
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

    /// Adds what another part of the file says.
    pub(super) fn append(&mut self, other: Scan) {
        self.loads.extend(other.loads);
        self.variables.extend(other.variables);
        self.common_names.extend(other.common_names);
        self.assertions.extend(other.assertions);
        self.declaration = self.declaration.or(other.declaration);
    }
}

#[cfg(all(test, feature = "syntax"))]
mod tests {
    use super::*;

    fn names(source: &str, path: &str) -> Vec<String> {
        let loads = scan::scan(source, path).map(|scan| scan.loads).unwrap_or_default();
        for load in &loads {
            assert_eq!(&source[load.start as usize..load.end as usize], load.specifier);
        }
        loads.into_iter().map(|load| load.specifier).collect()
    }

    #[test]
    fn styles_of_components_are_read_in_their_language() {
        let source = "<template><p /></template>\n<script setup lang=\"ts\">\nimport a from './a'\na()\n</script>\n\
                      <style lang=\"scss\" scoped>\n@use './b';\n// @use './c';\n</style>\n<style>\n@import './d.css';\n</style>\n\
                      <style lang='less'>\n@import (reference) './e';\n</style>\n<style lang=\"sass\">\n@use './f'\n</style>\n\
                      <style lang=\"stylus\">\n@import './g'\n</style>\n";
        assert_eq!(names(source, "a.vue"), ["./a", "./b", "./d.css", "./e", "./f"]);
        assert_eq!(names(source, "a.svelte"), ["./a", "./b", "./d.css", "./e", "./f"]);
    }

    #[test]
    fn styles_that_are_handed_on_are_not_read() {
        let head = "<svelte:head>\n  <style>\n  @import './a.css';\n  </style>\n</svelte:head>\n";
        assert!(names(head, "a.svelte").is_empty());
        let inline =
            "---\n---\n<p/>\n<style is:inline>\n@import './a.css';\n</style>\n<style>\n@import './b.css';\n</style>\n";
        assert_eq!(names(inline, "a.astro"), ["./b.css"]);
        let template = "<template>\n<style>\n@import './a.css';\n</style>\n</template>\n";
        assert!(names(template, "a.vue").is_empty());
    }

    #[test]
    fn blocks_of_vue_may_lie_in_files() {
        let source = "<template><p /></template>\n<script src=\"./a.js\"></script>\n<style lang=\"scss\" src='./b.scss'></style>\n\
                      <style src=\"pkg/c.css\"></style>\n";
        assert_eq!(names(source, "a.vue"), ["./a.js", "./b.scss"]);
        assert!(names(source, "a.svelte").is_empty());
    }
}
