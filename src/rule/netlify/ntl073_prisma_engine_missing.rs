//! NTL073: the Prisma engine for the system that functions run on is not fetched.

use crate::platform::netlify::function::made;
use crate::platform::netlify::next::{self, NextSite};
use crate::platform::netlify::prisma::{self, Generator};
use crate::platform::netlify::site::NetlifySite;
use crate::project::javascript::resolve::ANY;
use crate::project::locked::Installed;
use crate::project::manifest::Manifest;
use crate::project::path::child;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// The schema's targets lack the one of functions.
pub(super) static RULE: Rule = Rule {
    id: "NTL073",
    name: "prisma-engine-missing",
    summary: "The Prisma engine for the system that functions run on is missing",
    docs: "\
## What happens

The deploy turns green. The first query of a function fails: Prisma cannot locate its query engine.

## Why

Prisma's client runs its queries through a program that is compiled for one system. `prisma generate` fetches it for the \
system on which it runs, the build machine, unless the schema lists more in `binaryTargets`. Functions run on another system: \
Amazon Linux, whose target is `rhel-openssl-3.0.x` for Node.js 20 and later, and `rhel-openssl-1.0.x` before.

## How to mend it

Write `binaryTargets = [\"native\", \"rhel-openssl-3.0.x\"]` into the generator of the schema. Prisma 7, and the engine type \
`client`, need no such program.
",
    severity: Severity::High,
    confidence: Confidence::Certain,
    stage: Stage::Runtime,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://www.prisma.io/docs/orm/prisma-client/deployment/serverless/deploy-to-netlify", "2026-11-20"),
        observed("https://github.com/prisma/orm/issues/22244", "2026-11-20"),
        observed("https://github.com/prisma/orm/issues/13266", "2026-11-20"),
        observed("https://github.com/prisma/orm/issues/7728", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

const CLIENT: &str = "@prisma/client";

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let Some(manifest) = site.manifest() else { return };
    if !has_engine(site, manifest) || !is_used(site) {
        return;
    }
    let Some((path, generator)) = prisma::generator(site).filter(|(_, generator)| !generator.is_special) else {
        return;
    };
    let node = site.plan.as_ref().map(|plan| plan.node.value.as_str()).unwrap_or_default();
    let target = prisma::function_target(node);
    let listed = match &generator.targets {
        Some(targets) => match &targets.names {
            Some(names) => names.as_slice(),
            None => return,
        },
        None => &[],
    };
    if listed.iter().any(|name| name == target) || uses_proxy(site, &path) {
        return;
    }
    let place = generator.targets.as_ref().map_or(generator.header, |targets| targets.span);
    out.report(
        RULE.finding(format!("the Prisma schema does not ask for the target \"{target}\", which functions need"))
            .at(place)
            .label("target missing")
            .log_line(format!("Prisma Client could not locate the Query Engine for runtime \"{target}\""))
            .fix(fix(site, &generator, listed, target)),
    );
}

/// Whether the client's version is one that runs queries through an engine.
fn has_engine(site: &NetlifySite<'_>, manifest: &Manifest) -> bool {
    let avoids = |field: &crate::project::manifest::Field<'_>| {
        field.key.starts_with("@prisma/adapter-") || field.key == "@prisma/extension-accelerate"
    };
    let kinds = crate::project::manifest::DependencyKind::ALL;
    if kinds.into_iter().any(|kind| manifest.dependencies(kind).iter().any(avoids)) {
        return false;
    }
    let wanted = manifest.dependency(CLIENT).find_map(|(_, field)| field.text);
    let installed = wanted.map(|wanted| Installed::of(site.snapshot, site.build_dir(), CLIENT, wanted));
    installed.is_some_and(|installed| installed.is_at_least("4.0.0") && installed.is_below("7.0.0"))
}

/// Whether code that runs at each request uses the client.
fn is_used(site: &NetlifySite<'_>) -> bool {
    let functions = site.functions();
    let in_functions = functions.list.iter().any(|function| {
        let reached = functions.reach(site, &function.found.entry, ANY, |import, _| !import.is_type_only);
        reached
            .iter()
            .filter_map(|path| functions.code(path))
            .any(|code| code.module.imports.iter().any(|import| import.specifier == CLIENT && !import.is_type_only))
    });
    in_functions || is_used_by_next(site)
}

/// Routes that are read at most.
const MAX_ROUTES: usize = 100;

/// Whether an API route of Next.js imports the client itself.
fn is_used_by_next(site: &NetlifySite<'_>) -> bool {
    let Some(project) = NextSite::of(site) else { return false };
    let folders =
        [next::app_dir(site, project.dir), next::pages_dir(site, project.dir).map(|pages| child(&pages, "api"))];
    let entries = folders.iter().flatten().flat_map(|folder| site.snapshot.below(folder));
    let is_route = |path: &str| {
        next::is_script(path) && (path.contains("/api/") || crate::project::path::name(path).starts_with("route."))
    };
    let routes = entries.filter(|entry| is_route(&entry.path)).take(MAX_ROUTES);
    routes.into_iter().any(|entry| {
        site.snapshot
            .text(&entry.path)
            .is_ok_and(|text| text.contains("\"@prisma/client\"") || text.contains("'@prisma/client'"))
    })
}

/// Whether queries go through a proxy, or the engine is chosen elsewhere.
fn uses_proxy(site: &NetlifySite<'_>, schema: &str) -> bool {
    const VARIABLES: [&str; 3] =
        ["PRISMA_CLI_BINARY_TARGETS", "PRISMA_GENERATE_DATAPROXY", "PRISMA_CLIENT_ENGINE_TYPE"];
    const OPTIONS: [&str; 3] = ["--no-engine", "--data-proxy", "--accelerate"];
    let is_set = VARIABLES.iter().any(|name| site.config(&["build", "environment", name]).is_some());
    let commands = made::commands(site);
    let is_asked = commands.iter().any(|command| {
        OPTIONS.iter().any(|option| command.contains(option)) || VARIABLES.iter().any(|name| command.contains(name))
    });
    let text = site.source(schema).map(|(_, source)| source.text.as_str()).unwrap_or_default();
    is_set || is_asked || text.contains("\"prisma://") || text.contains("\"prisma+postgres://")
}

fn fix(site: &NetlifySite<'_>, generator: &Generator, listed: &[String], target: &str) -> Fix {
    let title = format!("ask for the target \"{target}\"");
    match &generator.targets {
        Some(targets) if !listed.is_empty() => {
            let written = site.written(targets.span).unwrap_or_default();
            let end = targets.span.start as usize + written.rfind('"').map_or(1, |quote| quote + 1);
            let place = Span::new(targets.span.file, end, end);
            Fix::replace(Applicability::Safe, title, place, format!(", \"{target}\""))
        }
        Some(targets) => Fix::replace(Applicability::Safe, title, targets.span, format!("[\"native\", \"{target}\"]")),
        None => {
            let line = format!("\n{}binaryTargets = [\"native\", \"{target}\"]", generator.indent);
            Fix::replace(Applicability::Safe, title, generator.insertion, line)
        }
    }
}
