//! What the rules about the publish directory share: its place, its spelling, its repair.

use crate::platform::netlify::delivery::Delivery;
use crate::platform::netlify::plan::Plan;
use crate::platform::netlify::site::NetlifySite;
use crate::project::path::{display, strip};
use crate::rule::finding::Finding;
use crate::rule::fix::{Applicability, Fix};
use crate::text::span::Span;

/// The plan with what is known about the publish directory.
pub(in crate::rule) fn delivery<'a>(site: &'a NetlifySite<'_>) -> Option<(&'a Plan, &'a Delivery)> {
    let plan = site.plan.as_ref()?;
    Some((plan, plan.delivery.as_ref()?))
}

/// Where the publish directory was written, if it was.
pub(in crate::rule) fn span(plan: &Plan) -> Span {
    plan.publish.span().unwrap_or(Span::NONE)
}

/// The log line for a publish directory that is missing.
pub(in crate::rule) fn log_line(plan: &Plan) -> String {
    format!("Deploy directory '{}' does not exist", plan.publish.value)
}

/// A folder as `publish` has to name it, which is relative to the build directory.
pub(in crate::rule) fn spelled(site: &NetlifySite<'_>, folder: &str) -> String {
    let base = site.build_dir();
    if let Some(below) = strip(folder, base) {
        return display(below).to_owned();
    }
    let depth = base.split('/').count();
    format!("{}{folder}", "../".repeat(depth))
}

/// Sets the publish directory to another folder, in the quotes that are there.
pub(in crate::rule) fn set(
    site: &NetlifySite<'_>,
    plan: &Plan,
    folder: &str,
    applicability: Applicability,
) -> Option<Fix> {
    let span = span(plan);
    let quote = site.written(span)?.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let path = spelled(site, folder);
    let title = format!("set \"publish\" to \"{path}\"");
    let is_plain = !path.contains(['"', '\'', '\\', '\n']);
    is_plain.then(|| Fix::replace(applicability, title, span, format!("{quote}{path}{quote}")))
}

/// Adds the repair that publishes another folder, or says what to write where nothing can be repaired.
pub(in crate::rule) fn mended(
    finding: Finding,
    site: &NetlifySite<'_>,
    plan: &Plan,
    folder: &str,
    applicability: Applicability,
) -> Finding {
    match set(site, plan, folder, applicability) {
        Some(fix) => finding.fix(fix),
        None => finding.help(format!("publish \"{}\"", spelled(site, folder))),
    }
}
