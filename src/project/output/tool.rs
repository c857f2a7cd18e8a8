//! The tools whose output is known.

use super::call::Call;
use super::{Output, application, bundler, engine, generator};

/// What kind of folder a tool writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Bundled from sources that no browser can use as they are.
    Bundle,
    /// Pages made from content and templates.
    Pages,
    /// Whatever it is told to write.
    Files,
}

/// A tool that builds a site.
#[derive(Debug)]
pub struct Tool {
    /// Name for people.
    pub name: &'static str,
    /// The names of its program.
    pub programs: &'static [&'static str],
    /// What kind of folder it writes.
    pub kind: Kind,
    /// Folders whose files are copied into the output as they are.
    pub assets: &'static [&'static str],
    pub(super) output: fn(&mut Call<'_, '_>) -> Output,
}

const fn tool(
    name: &'static str,
    programs: &'static [&'static str],
    kind: Kind,
    assets: &'static [&'static str],
    output: fn(&mut Call<'_, '_>) -> Output,
) -> Tool {
    Tool { name, programs, kind, assets, output }
}

/// All tools.
pub static TOOLS: &[Tool] = &[
    tool("Vite", &["vite"], Kind::Bundle, &["public"], bundler::vite),
    tool(
        "Create React App",
        &["react-scripts", "craco", "react-app-rewired", "@craco/craco"],
        Kind::Bundle,
        &["public"],
        bundler::react_scripts,
    ),
    tool("Vue CLI", &["vue-cli-service"], Kind::Bundle, &["public"], bundler::vue_cli),
    tool("Angular", &["ng", "@angular/cli"], Kind::Bundle, &[], application::angular),
    tool("Parcel", &["parcel"], Kind::Bundle, &[], bundler::parcel),
    tool("webpack", &["webpack", "webpack-cli"], Kind::Bundle, &[], bundler::webpack),
    tool("Ember", &["ember"], Kind::Bundle, &["public"], bundler::ember),
    tool("Preact CLI", &["preact"], Kind::Bundle, &[], bundler::preact),
    tool("Quasar", &["quasar"], Kind::Bundle, &["public"], bundler::quasar),
    tool("Expo", &["expo"], Kind::Bundle, &["public"], bundler::expo),
    tool("Stencil", &["stencil"], Kind::Bundle, &[], generator::stencil),
    tool("Next.js", &["next"], Kind::Bundle, &["public"], application::next),
    tool("Nuxt", &["nuxt", "nuxi", "nuxt-ts"], Kind::Bundle, &["public", "static"], application::nuxt),
    tool("Astro", &["astro"], Kind::Bundle, &["public"], generator::astro),
    tool("Gatsby", &["gatsby"], Kind::Bundle, &["static"], generator::gatsby),
    tool("Gridsome", &["gridsome"], Kind::Bundle, &["static"], generator::gridsome),
    tool("Docusaurus", &["docusaurus"], Kind::Bundle, &["static"], generator::docusaurus),
    tool("React Router", &["react-router"], Kind::Bundle, &["public"], application::react_router),
    tool("Remix", &["remix"], Kind::Bundle, &["public"], application::remix),
    tool(
        "Storybook",
        &["storybook", "build-storybook", "sb", "start-storybook"],
        Kind::Bundle,
        &[],
        generator::storybook,
    ),
    tool("Sapper", &["sapper"], Kind::Bundle, &["static"], generator::sapper),
    tool("VitePress", &["vitepress"], Kind::Pages, &[], generator::vitepress),
    tool("VuePress", &["vuepress"], Kind::Pages, &[], generator::vuepress),
    tool("Eleventy", &["eleventy", "@11ty/eleventy"], Kind::Pages, &[], generator::eleventy),
    tool("Hexo", &["hexo"], Kind::Pages, &[], generator::hexo),
    tool("Hugo", &["hugo"], Kind::Pages, &["static"], engine::hugo),
    tool("Jekyll", &["jekyll"], Kind::Pages, &[], engine::jekyll),
    tool("MkDocs", &["mkdocs"], Kind::Pages, &[], engine::mkdocs),
    tool("Zola", &["zola"], Kind::Pages, &["static"], engine::zola),
    tool("mdBook", &["mdbook"], Kind::Pages, &[], engine::mdbook),
    tool("Middleman", &["middleman"], Kind::Pages, &[], engine::middleman),
    tool("Sphinx", &["sphinx-build"], Kind::Pages, &[], engine::sphinx),
    tool("Pelican", &["pelican"], Kind::Pages, &[], engine::pelican),
    tool("esbuild", &["esbuild"], Kind::Files, &[], bundler::esbuild),
];

/// The tool behind a program.
#[must_use]
pub fn find(program: &str) -> Option<&'static Tool> {
    TOOLS.iter().find(|tool| tool.programs.contains(&program))
}
