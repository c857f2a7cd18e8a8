//! What the tools of a build load, and whether something that runs before them may have made what is not tracked.

use crate::project::command::{Invocation, Reach};
use crate::project::import::bundle::{Bundle, Loader, bundles};
use crate::project::import::graph::Graph;
use crate::sim::stage::Stage;

use super::job::Job;

/// One tool with everything that it loads.
pub struct Survey {
    /// The tool.
    pub bundle: Bundle,
    /// The files.
    pub graph: Graph,
    /// The stage in which it runs.
    pub stage: Stage,
    /// Whether something before it may have made files.
    pub may_be_made: bool,
    /// Whether something before it may have installed packages that no manifest lists.
    pub may_be_installed: bool,
}

/// Programs that look at sources, or write nothing that sources load.
const LOOKERS: [&str; 40] = [
    "tsc",
    "vue-tsc",
    "tsgo",
    "eslint",
    "prettier",
    "stylelint",
    "biome",
    "oxlint",
    "jest",
    "vitest",
    "mocha",
    "astro",
    "svelte-check",
    "svelte-kit",
    "next",
    "vite",
    "nuxi",
    "nuxt",
    "gatsby",
    "react-scripts",
    "vue-cli-service",
    "ng",
    "docusaurus",
    "webpack",
    "eleventy",
    "rollup",
    "corepack",
    "only-allow",
    "browserslist",
    "run-s",
    "run-p",
    "npm-run-all",
    "npm-run-all2",
    "concurrently",
    "cross-env",
    "dotenv",
    "env-cmd",
    "cross-env-shell",
    "wait-on",
    "serve",
];

impl Job<'_> {
    /// What the tools of the build load.
    #[must_use]
    pub fn surveys(&self) -> &[Survey] {
        self.surveys.get_or_init(|| self.survey())
    }

    fn survey(&self) -> Vec<Survey> {
        let mut found: Vec<Survey> = Vec::new();
        let mut may_be_made = self.is_prepared || !self.lifecycle.iter().all(|(_, trace)| trace.keeps_tree());
        let mut may_be_installed = false;
        for (stage, trace) in &self.commands {
            for run in trace.invocations.iter().filter(|run| run.reach != Reach::Never) {
                let redirects = trace.texts.get(run.text).is_some_and(|text| text.text.contains('>'));
                self.add(&mut found, (*stage, may_be_made, may_be_installed), run, |_| true);
                may_be_made |= redirects || !keeps(run);
                may_be_installed |= installs(run);
            }
            may_be_made |= trace.gaps.iter().any(|gap| gap.reach != Reach::Never && !gap.is_about_program);
        }
        for run in &self.start {
            let is_run = |bundle: &Bundle| bundle.loader == Loader::Node && bundle.tool == "Node.js";
            self.add(&mut found, (Stage::Start, may_be_made, may_be_installed), run, is_run);
        }
        found
    }

    /// Whether NODE_OPTIONS makes Node.js load modules in another manner.
    fn changes_loading(&self, run: &Invocation) -> bool {
        const CHANGES: [&str; 8] =
            ["--import", "--require", "-r ", "loader", "--experimental", "-C", "--conditions", "--preserve-symlinks"];
        let of_run = run.variable("NODE_OPTIONS").map(|value| value.clone().unwrap_or_else(|| "--import".to_owned()));
        let of_build = || self.variable("NODE_OPTIONS").map(|known| known.value.clone());
        of_run.or_else(of_build).is_some_and(|options| CHANGES.iter().any(|change| options.contains(change)))
    }

    /// Adds what one program loads, unless it is known.
    fn add(
        &self,
        found: &mut Vec<Survey>,
        (stage, may_be_made, may_be_installed): (Stage, bool, bool),
        run: &Invocation,
        is_wanted: impl Fn(&Bundle) -> bool,
    ) {
        if !run.decides() || run.is_after_gap {
            return;
        }
        let loads_otherwise = self.changes_loading(run);
        let is_told = |bundle: &Bundle| bundle.loader != Loader::Node || !loads_otherwise;
        for bundle in bundles(self.snapshot, run).into_iter().filter(|bundle| is_wanted(bundle) && is_told(bundle)) {
            if !found.iter().any(|one| is_same(&one.bundle, &bundle)) {
                let graph = Graph::of(self.snapshot, &bundle);
                found.push(Survey { bundle, graph, stage, may_be_made, may_be_installed });
            }
        }
    }
}

fn is_same(one: &Bundle, other: &Bundle) -> bool {
    one.tool == other.tool && one.root == other.root && one.entries == other.entries
}

/// Whether a program leaves the sources as they are.
fn keeps(run: &Invocation) -> bool {
    let is_manager = matches!(run.name(), "npm" | "pnpm" | "yarn" | "bun");
    run.makes_nothing() || run.is_setup() || is_manager || LOOKERS.contains(&run.name())
}

/// Whether a program installs packages by name.
fn installs(run: &Invocation) -> bool {
    let is_manager = matches!(run.name(), "npm" | "pnpm" | "yarn" | "bun" | "ng" | "npx");
    let is_adding = run.args.iter().any(|arg| matches!(arg.text.as_str(), "i" | "install" | "add"));
    is_manager && is_adding && run.args.iter().filter(|arg| !arg.text.starts_with('-')).count() > 1
}
