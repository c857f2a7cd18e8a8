//! Astro: pages, and the texts of content collections.

use crate::project::import::bundle::{Bundle, Call, Config, Loader, Module, files, of_config, scripts};
use crate::project::import::resolve::{Completion, Resolver};
use crate::project::path::{self, child};
use crate::project::setting::Setting;
use crate::project::snapshot::Snapshot;

/// Pages in which the use of collections is looked for.
const MOST_PAGES: usize = 200;
/// Collections that are followed at most.
const MOST_COLLECTIONS: usize = 50;

/// `.astro`, scripts and pages of text below `src/pages`, those with an underscore left out (Astro's documentation, "Pages").
pub(in crate::project::import) fn astro(call: &Call<'_, '_>) -> Vec<Bundle> {
    const CONFIGS: [&str; 5] =
        ["astro.config.mjs", "astro.config.ts", "astro.config.js", "astro.config.cjs", "astro.config.mts"];
    if call.operand(0) != Some("build") {
        return Vec::new();
    }
    let (snapshot, dir) =
        (call.snapshot, call.option(&["--root"]).map_or(Some(call.dir.clone()), |root| path::join(&call.dir, root)));
    let Some(dir) = dir.filter(|_| !call.has("--config")) else { return Vec::new() };
    let config = Config::first(snapshot, &dir, CONFIGS);
    let module = config.as_ref().map(Config::module);
    let sources = match module.as_ref().map_or(Setting::Absent, |module| module.setting(&["srcDir"])) {
        Setting::Absent => Some(child(&dir, "src")),
        Setting::Written(written) => written.path_from(&dir),
        Setting::Computed => config.as_ref().filter(|config| !config.says(&["srcDir"])).map(|_| child(&dir, "src")),
    };
    let mut found: Vec<Bundle> = config.iter().map(|config| of_config(snapshot, config, "Astro", true)).collect();
    let Some(sources) = sources else { return found };
    let integrations = module.as_ref().and_then(Module::modules).unwrap_or_default();
    let is_starlight = integrations.iter().any(|module| module == "@astrojs/starlight");
    let compiles_mdx = is_starlight || integrations.iter().any(|module| module == "@astrojs/mdx");
    let is_page = |below: &str| {
        let is_hidden = below.split('/').any(|part| part.starts_with('_'));
        let is_compiled = |end: &str| matches!(end, "astro" | "js" | "ts") || (end == "mdx" && compiles_mdx);
        !is_hidden && below.rsplit_once('.').is_some_and(|(_, end)| is_compiled(end))
    };
    let mut entries = files(snapshot, &child(&sources, "pages"), is_page);
    if compiles_mdx {
        let is_asked = is_starlight || entries.iter().take(MOST_PAGES).any(|page| asks_for_content(snapshot, page));
        entries.extend(content(snapshot, &dir, &sources).into_iter().filter(|_| is_asked));
    }
    entries.extend(scripts(
        snapshot,
        &sources,
        &["middleware", "content.config", "content/config", "actions", "actions/index"],
    ));
    let is_plain = integrations.iter().all(|module| {
        module.starts_with("astro/")
            || module.starts_with("@astrojs/")
            || module.starts_with("node:")
            || module == "@tailwindcss/vite"
    });
    let has_extensions = config.as_ref().is_some_and(|config| config.says(&["extensions"]));
    let completion = if is_plain && !has_extensions { Completion::Vite } else { Completion::Lenient };
    let mut resolver = Resolver::new(&dir, completion);
    resolver.has_rooted_names = true;
    if let Some(Module(Some(module))) = &module {
        resolver.aliases.add_configuration(module, &["vite", "resolve", "alias"], &dir);
    }
    resolver.aliases.is_open |= !is_plain;
    resolver.aliases.add_typescript(snapshot, &dir, true);
    found.push(Bundle {
        texts: if compiles_mdx { &[".mdx"] } else { &[] },
        ..Bundle::new("Astro", Loader::Rollup, dir, entries, resolver)
    });
    found
}

/// Whether a page asks for collections: then all of their texts are compiled (measured with Astro 5).
fn asks_for_content(snapshot: &Snapshot, page: &str) -> bool {
    snapshot.read(page).is_ok_and(|bytes| {
        let wanted = b"astro:content";
        bytes.windows(wanted.len()).any(|found| found == wanted)
    })
}

/// The MDX of collections whose loader is written out (Astro's documentation, "Content collections"; Starlight's `loaders.ts`).
fn content(snapshot: &Snapshot, dir: &str, sources: &str) -> Vec<String> {
    let configs = scripts(snapshot, sources, &["content.config"]);
    let text = configs.first().and_then(|path| snapshot.text(path).ok()).unwrap_or_default();
    let mut folders: Vec<Folder> =
        text.match_indices("glob(").take(MOST_COLLECTIONS).filter_map(|(at, _)| folder(&text[at..], dir)).collect();
    if text.contains("docsLoader()") {
        folders.push(Folder { path: child(sources, "content/docs"), is_whole: false });
    }
    let mut found: Vec<String> = folders
        .iter()
        .flat_map(|folder| {
            let is_taken = |below: &str| folder.is_whole || !path::name(below).starts_with('_');
            files(snapshot, &folder.path, |below| below.ends_with(".mdx") && is_taken(below))
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The folder of a collection.
#[derive(Debug, PartialEq, Eq)]
struct Folder {
    path: String,
    /// Whether files with an underscore are taken, too.
    is_whole: bool,
}

/// The folder of `glob({ pattern: '**/*.mdx', base: './x' })`.
fn folder(call: &str, dir: &str) -> Option<Folder> {
    let call = &call[..call.find(')')?];
    let value = |key: &str| {
        let rest = call.split_once(key)?.1.trim_start().strip_prefix(':')?.trim_start();
        let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        rest[1..].split_once(quote).map(|(value, _)| value)
    };
    let pattern = value("pattern")?;
    let ends = pattern.rsplit_once('.').map(|(_, end)| end)?;
    let is_whole = match pattern.strip_suffix(ends)? {
        "**/*." => true,
        "**/[^_]*." => false,
        _ => return None,
    };
    let has_mdx = ends == "mdx" || ends.trim_matches(['{', '}']).split(',').any(|end| end.trim() == "mdx");
    has_mdx.then_some(Folder { path: path::join(dir, value("base")?)?, is_whole })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn collections_with_a_plain_pattern_have_a_folder() {
        let of = |call: &str| folder(call, "site");
        let found = |is_whole| Some(Folder { path: "site/src/blog".to_owned(), is_whole });
        assert_eq!(of("glob({ pattern: '**/*.mdx', base: './src/blog' })"), found(true));
        assert_eq!(of("glob({ base: \"src/blog\", pattern: \"**/[^_]*.{md,mdx}\" })"), found(false));
        for call in [
            "glob({ pattern: '**/*.md', base: './src/blog' })",
            "glob({ pattern: 'a/**/*.mdx', base: './src/blog' })",
            "glob({ pattern: ['**/*.mdx'], base: './src/blog' })",
            "glob({ pattern: '**/*.mdx', base: folder })",
            "glob({ pattern: '**/*.mdx', base: './src/blog'",
        ] {
            assert_eq!(of(call), None, "{call}");
        }
    }
}
