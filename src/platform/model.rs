//! The tables that the models of the platforms rest on, so that a certificate can name their state.

/// A table and its text.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// Name of the file.
    pub name: &'static str,
    /// What it holds.
    pub text: &'static str,
}

const fn table(name: &'static str, text: &'static str) -> Table {
    Table { name, text }
}

/// Every table of `src/platform/data`.
pub static TABLES: [Table; 22] = [
    table("build-scripts.json", include_str!("data/build-scripts.json")),
    table("hugo-themes.json", include_str!("data/hugo-themes.json")),
    table("image-users.json", include_str!("data/image-users.json")),
    table("netlify-frameworks.json", include_str!("data/netlify-frameworks.json")),
    table("netlify-image-programs.json", include_str!("data/netlify-image-programs.json")),
    table("netlify-image.json", include_str!("data/netlify-image.json")),
    table("netlify-plugins.json", include_str!("data/netlify-plugins.json")),
    table("netlify-secrets.json", include_str!("data/netlify-secrets.json")),
    table("node-releases.json", include_str!("data/node-releases.json")),
    table("package-managers.json", include_str!("data/package-managers.json")),
    table("pages-image-programs.json", include_str!("data/pages-image-programs.json")),
    table("pages-jekyll.json", include_str!("data/pages-jekyll.json")),
    table("pages-retired-actions.json", include_str!("data/pages-retired-actions.json")),
    table("python-releases.json", include_str!("data/python-releases.json")),
    table("python-wheels.json", include_str!("data/python-wheels.json")),
    table("releases.json", include_str!("data/releases.json")),
    table("render-blueprint.json", include_str!("data/render-blueprint.json")),
    table("render-image-programs.json", include_str!("data/render-image-programs.json")),
    table("render-schema.json", include_str!("data/render-schema.json")),
    table("render-schema.source.json", include_str!("data/render-schema.source.json")),
    table("render-toolchains.json", include_str!("data/render-toolchains.json")),
    table("static-folders.json", include_str!("data/static-folders.json")),
];

/// Platforms whose names begin the names of their tables; all others are shared.
const PLATFORMS: [&str; 3] = ["netlify", "render", "pages"];

/// The tables that the model of a platform may rest on: its own, and those that are shared.
pub fn tables(platform: &str) -> impl Iterator<Item = &'static Table> {
    TABLES.iter().filter(move |table| {
        let owner =
            PLATFORMS.iter().find(|name| table.name.strip_prefix(**name).is_some_and(|rest| rest.starts_with('-')));
        // The programs of Netlify's image stand for those of the others too, where nothing else is known.
        owner.is_none_or(|owner| *owner == platform) || table.name == "netlify-image-programs.json"
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_listed() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/platform/data");
        let mut names: Vec<String> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        assert_eq!(names, TABLES.map(|table| table.name.to_owned()));
    }

    #[test]
    fn a_platform_rests_on_its_own_tables_and_on_those_that_are_shared() {
        let names: Vec<&str> = tables("pages").map(|table| table.name).collect();
        assert!(names.contains(&"pages-jekyll.json") && names.contains(&"node-releases.json"));
        assert!(!names.contains(&"render-schema.json"));
    }
}
