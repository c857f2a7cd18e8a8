//! The tools whose output is known.

use super::call::{Call, folder};
use super::{Output, application, bundler, compiler, engine, generator};

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
    /// The folder that it writes when nothing says otherwise, seen from where it runs.
    pub usual: &'static str,
    pub(super) reads: Reads,
}

/// How the output of a tool is found out.
#[derive(Debug)]
pub(super) enum Reads {
    /// By its arguments, variables and configuration.
    Call(fn(&mut Call<'_, '_>) -> Output),
    /// By an option alone.
    Option {
        /// The subcommands that write something.
        commands: &'static [&'static str],
        /// The options that name the folder.
        names: &'static [&'static str],
    },
}

impl Tool {
    /// What one call leaves behind.
    pub(super) fn output(&self, call: &mut Call<'_, '_>) -> Output {
        match &self.reads {
            Reads::Call(read) => read(call),
            Reads::Option { commands, .. } if !commands.contains(&call.subcommand()) => Output::Nothing,
            Reads::Option { names, .. } => folder(&call.option(names), &call.dir, self.usual, &[]),
        }
    }

    const fn new(name: &'static str, programs: &'static [&'static str], kind: Kind, usual: &'static str) -> Tool {
        Tool { name, programs, kind, assets: &[], usual, reads: Reads::Option { commands: &["build"], names: &[] } }
    }

    const fn bundle(name: &'static str, programs: &'static [&'static str], usual: &'static str) -> Tool {
        Tool::new(name, programs, Kind::Bundle, usual)
    }

    const fn pages(name: &'static str, programs: &'static [&'static str], usual: &'static str) -> Tool {
        Tool::new(name, programs, Kind::Pages, usual)
    }

    const fn assets(self, assets: &'static [&'static str]) -> Tool {
        Tool { assets, ..self }
    }

    const fn call(self, read: fn(&mut Call<'_, '_>) -> Output) -> Tool {
        Tool { reads: Reads::Call(read), ..self }
    }

    const fn option(self, commands: &'static [&'static str], names: &'static [&'static str]) -> Tool {
        Tool { reads: Reads::Option { commands, names }, ..self }
    }
}

/// All tools.
pub static TOOLS: &[Tool] = &[
    Tool::bundle("Vite", &["vite"], "dist").assets(&["public"]).call(bundler::vite),
    Tool::bundle("Create React App", &["react-scripts", "craco", "react-app-rewired", "@craco/craco"], "build")
        .assets(&["public"])
        .call(bundler::react_scripts),
    Tool::bundle("Vue CLI", &["vue-cli-service"], "dist").assets(&["public"]).call(bundler::vue_cli),
    Tool::bundle("Angular", &["ng", "@angular/cli"], "dist").call(application::angular),
    Tool::bundle("Parcel", &["parcel"], "dist").call(bundler::parcel),
    Tool::bundle("webpack", &["webpack", "webpack-cli"], "dist").call(compiler::webpack),
    Tool::bundle("Ember", &["ember"], "dist").assets(&["public"]).option(&["build", "b"], &["-o", "--output-path"]),
    Tool::bundle("Preact CLI", &["preact"], "build").option(&["build"], &["--dest"]),
    Tool::bundle("Quasar", &["quasar"], "dist/spa").assets(&["public"]).call(bundler::quasar),
    Tool::bundle("Expo", &["expo"], "dist").assets(&["public"]).call(bundler::expo),
    Tool::bundle("Stencil", &["stencil"], "www").call(generator::stencil),
    Tool::bundle("Next.js", &["next"], ".next").assets(&["public"]).call(application::next),
    Tool::bundle("Nuxt", &["nuxt", "nuxi", "nuxt-ts"], "dist").assets(&["public", "static"]).call(application::nuxt),
    Tool::bundle("Astro", &["astro"], "dist").assets(&["public"]).call(generator::astro),
    Tool::bundle("Gatsby", &["gatsby"], "public").assets(&["static"]),
    Tool::bundle("Gridsome", &["gridsome"], "dist").assets(&["static"]).call(generator::gridsome),
    Tool::bundle("Docusaurus", &["docusaurus"], "build").assets(&["static"]).call(generator::docusaurus),
    Tool::bundle("React Router", &["react-router"], "build/client").assets(&["public"]).call(application::react_router),
    Tool::bundle("Remix", &["remix"], "build/client").assets(&["public"]).call(application::remix),
    Tool::bundle("Storybook", &["storybook", "build-storybook", "sb"], "storybook-static").call(generator::storybook),
    Tool::bundle("SvelteKit", &["svelte-kit"], "build").assets(&["static"]).call(application::svelte_kit),
    Tool::bundle("Sapper", &["sapper"], "__sapper__/export").assets(&["static"]).call(generator::sapper),
    Tool::bundle("Slidev", &["slidev"], "dist").assets(&["public"]).option(&["build"], &["-o", "--out"]),
    Tool::pages("VitePress", &["vitepress"], ".vitepress/dist").call(generator::vitepress),
    Tool::pages("VuePress", &["vuepress"], ".vuepress/dist").call(generator::vuepress),
    Tool::pages("Eleventy", &["eleventy", "@11ty/eleventy"], "_site").call(generator::eleventy),
    Tool::pages("Hexo", &["hexo"], "public").call(generator::hexo),
    Tool::pages("Hugo", &["hugo"], "public").assets(&["static"]).call(engine::hugo),
    Tool::pages("Jekyll", &["jekyll"], "_site").call(engine::jekyll),
    Tool::pages("MkDocs", &["mkdocs"], "site").call(engine::mkdocs),
    Tool::pages("Zola", &["zola"], "public").assets(&["static"]).call(engine::zola),
    Tool::pages("mdBook", &["mdbook"], "book").call(engine::mdbook),
    Tool::pages("Middleman", &["middleman"], "build").call(engine::middleman),
    Tool::pages("Sphinx", &["sphinx-build"], "_build/html").call(engine::sphinx),
    Tool::pages("Pelican", &["pelican"], "output").call(engine::pelican),
    Tool::new("Rollup", &["rollup"], Kind::Files, "dist").call(compiler::rollup),
    Tool::new("esbuild", &["esbuild"], Kind::Files, "").call(bundler::esbuild),
];

/// The tool behind a program.
#[must_use]
pub fn find(program: &str) -> Option<&'static Tool> {
    TOOLS.iter().find(|tool| tool.programs.contains(&program))
}

/// The tool that a program really is: Vite with the plugin of SvelteKit hands its output to an adapter.
pub(super) fn behind(tool: &'static Tool, call: &mut Call<'_, '_>) -> &'static Tool {
    if tool.name == "Vite" && bundler::is_svelte_kit(call) { find("svelte-kit").unwrap_or(tool) } else { tool }
}
