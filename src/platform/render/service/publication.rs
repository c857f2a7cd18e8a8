//! What a static site publishes.
//!
//! `staticPublishPath` is relative to the repository's root by the reference, and relative to `rootDir` in many Blueprints
//! that work: either is accepted.

use crate::platform::render::blueprint::{Class, Service, Text};
use crate::project::command::{Invocation, Reach};
use crate::project::manifest::Manifest;
use crate::project::output::fate::Fate;
use crate::project::output::tool::Kind;
use crate::project::output::{Product, has_sources};
use crate::project::path::{child, join};
use crate::project::router;
use crate::project::snapshot::Snapshot;
use crate::text::source::Sources;

use super::{Phase, ServicePlan};

/// A framework that renders pages on a server, which a static site has not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renderer {
    /// Name for people.
    pub name: &'static str,
    /// What would make it write files instead.
    pub remedy: &'static str,
}

impl ServicePlan {
    /// Where the publish path of a static site may lie, as repository paths.
    #[must_use]
    pub fn publish_places(&self, text: &Text) -> Vec<String> {
        let Some(dir) = self.dir() else { return Vec::new() };
        let written = text.value.trim_start_matches('/');
        let mut found: Vec<String> = ["", dir].into_iter().filter_map(|from| join(from, written)).collect();
        found.dedup();
        found
    }

    /// Whether nothing makes the publish folder, wherever it is looked for.
    #[must_use]
    pub fn lacks_publish_folder(&self, snapshot: &Snapshot, sources: &Sources, text: &Text) -> bool {
        let places = self.publish_places(text);
        let is_lacking = |path: &String| matches!(self.build.fate(snapshot, sources, path), Fate::Absent | Fate::File);
        let is_case_alone = |path: &String| {
            let product = self.only_product();
            product.is_some_and(|it| it.folder.path != *path && it.folder.path.eq_ignore_ascii_case(path))
        };
        !places.is_empty()
            && self.reaches_start()
            && !self.has_gap()
            && has_sources(snapshot, "")
            && places.iter().all(|path| is_lacking(path) || is_case_alone(path))
    }

    /// The output of the build, if all of its tools write the same folder.
    #[must_use]
    pub fn only_product(&self) -> Option<&Product> {
        let last = self.build.products().filter(|product| product.tool.kind != Kind::Files).last()?;
        self.build.products().all(|product| product.folder.path == last.folder.path).then_some(last)
    }

    /// The framework that the build certainly runs and that leaves pages to a server.
    #[must_use]
    pub fn renderer(&self, snapshot: &Snapshot, service: &Service) -> Option<Renderer> {
        let dir =
            self.dir().filter(|_| service.class == Some(Class::Static) && self.reaches_start() && !self.has_gap())?;
        let build = self.command(Phase::Build)?;
        let runs = || build.trace.invocations.iter().filter(|run| run.reach == Reach::Certain);
        let calls = |names: &[&str], word: &str| {
            runs().any(|run: &Invocation| names.contains(&run.name()) && run.subcommand().unwrap_or_default() == word)
        };
        let of_next = || self.build.products().filter(|product| product.tool.name == "Next.js");
        if of_next().count() > 0 && of_next().all(|product| product.folder.path.ends_with(".next")) {
            return Some(Renderer { name: "Next.js", remedy: "set \"output\" to \"export\" in its configuration" });
        }
        if calls(&["nuxt", "nuxi"], "build") && !calls(&["nuxt", "nuxi"], "generate") && is_nuxt_dynamic(snapshot, dir)
        {
            let is_told = ["NITRO_PRESET", "SERVER_PRESET"].iter().any(|name| self.environment.may_set(name));
            return (!is_told).then_some(Renderer { name: "Nuxt", remedy: "build with \"nuxt generate\"" });
        }
        let remedy = "use \"@sveltejs/adapter-static\"";
        (calls(&["vite"], "build") && has_server_adapter(snapshot, dir))
            .then_some(Renderer { name: "SvelteKit", remedy })
    }

    /// The router of a single-page application, if that is what the build makes.
    #[must_use]
    pub fn router(&self, snapshot: &Snapshot) -> Option<router::Router> {
        const BUNDLERS: [&str; 5] = ["Vite", "Create React App", "Vue CLI", "Angular", "Parcel"];
        let dir = self.only_product().filter(|it| BUNDLERS.contains(&it.tool.name)).map(|it| it.dir.as_str())?;
        let manifest = Manifest::read(snapshot, dir, &mut Sources::default())?.ok()?;
        let packages = router::packages(&manifest);
        if router::renders_pages(&packages) {
            return None;
        }
        router::history(snapshot, dir, &packages)
    }
}

fn texts(snapshot: &Snapshot, dir: &str, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| snapshot.text(&child(dir, name)).ok())
}

/// A configuration that neither turns rendering off nor names a target.
fn is_nuxt_dynamic(snapshot: &Snapshot, dir: &str) -> bool {
    const NAMES: [&str; 3] = ["nuxt.config.ts", "nuxt.config.js", "nuxt.config.mjs"];
    const WORDS: [&str; 6] = ["ssr", "preset", "target", "static", "prerender", "extends"];
    texts(snapshot, dir, &NAMES).is_some_and(|text| !WORDS.iter().any(|word| text.contains(word)))
}

/// An adapter of SvelteKit for servers, and none for files.
fn has_server_adapter(snapshot: &Snapshot, dir: &str) -> bool {
    const NAMES: [&str; 3] = ["svelte.config.js", "svelte.config.mjs", "svelte.config.ts"];
    const SERVERS: [&str; 4] = ["adapter-node", "adapter-vercel", "adapter-netlify", "adapter-cloudflare"];
    let is_server = |text: &String| {
        SERVERS.iter().any(|name| text.contains(&format!("@sveltejs/{name}"))) && !text.contains("adapter-static")
    };
    texts(snapshot, dir, &NAMES).is_some_and(|text| is_server(&text))
}
