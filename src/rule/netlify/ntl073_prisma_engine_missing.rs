//! NTL073: the Prisma engine for the system that functions run on is not fetched.

use crate::platform::netlify::prisma::{self, Generator};
use crate::platform::netlify::site::NetlifySite;
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

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    if !prisma::has_engine(site) || !prisma::is_used(site) {
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
    if listed.iter().any(|name| name == target) || prisma::uses_proxy(site, &path) {
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
