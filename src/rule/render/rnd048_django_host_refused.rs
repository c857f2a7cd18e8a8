//! RND048: Django answers requests for a developer's machine only.

use crate::platform::render::blueprint::Class;
use crate::platform::render::django::settings_of_server;
use crate::platform::render::python;
use crate::platform::render::site::RenderSite;
use crate::project::python::django::Value;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// `ALLOWED_HOSTS` names no host of Render.
pub(super) static RULE: Rule = Rule {
    id: "RND048",
    name: "django-host-refused",
    summary: "ALLOWED_HOSTS holds nothing but local names",
    docs: "\
## What happens

The deploy is green, and every page says \"Bad Request (400)\". A health check with the service's own host name fails too.

## Why

Django compares the host of a request with `ALLOWED_HOSTS`. With an empty list it accepts `localhost` while `DEBUG` is on, and \
nothing otherwise.

## How to mend it

Append the variable `RENDER_EXTERNAL_HOSTNAME`, which Render sets, and your own domains.
",
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    stage: Stage::Runtime,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://render.com/docs/environment-variables", "2026-11-21"),
        observed("https://github.com/pixelpassion/django-saas-boilerplate/pull/24", "2026-11-21"),
        observed("https://github.com/saleor/saleor/issues/5649", "2026-11-21"),
        observed("https://github.com/Ambrose-OO/enhanced_access_portal_v2/issues/49", "2026-11-21"),
    ],
    check: Check::Render(check),
};

const LOCAL: [&str; 6] = ["localhost", "127.0.0.1", "[::1]", "::1", "0.0.0.0", ".localhost"];

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for service in python::services(site).into_iter().filter(|service| service.service.class == Some(Class::Web)) {
        let Some(settings) = settings_of_server(site, &service) else { continue };
        let Some(Value::List(hosts)) = settings.plain("ALLOWED_HOSTS") else { continue };
        let Some(found) = settings.get("ALLOWED_HOSTS") else { continue };
        if !hosts.iter().all(|host| LOCAL.contains(&host.as_str())) {
            continue;
        }
        let Some((file, source)) = site.files().open(&found.path) else { continue };
        let text = &source.text;
        let imports_os = text.lines().any(|line| line.trim_end() == "import os");
        let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let rest = &text[found.range.end..];
        let at = found.range.end + rest.find(['\r', '\n']).unwrap_or(rest.len());
        let lines = [
            "",
            "if 'RENDER_EXTERNAL_HOSTNAME' in os.environ:",
            "    ALLOWED_HOSTS.append(os.environ['RENDER_EXTERNAL_HOSTNAME'])",
        ];
        let is_list = text.get(found.range.clone()).is_some_and(|value| value.starts_with('['));
        let title = "append \"RENDER_EXTERNAL_HOSTNAME\"";
        let fix = Fix::replace(Applicability::Review, title, Span::new(file, at, at), lines.join(line_end));
        let finding = RULE
            .finding("\"ALLOWED_HOSTS\" names no host of Render")
            .at(Span::new(file, found.range.start, found.range.end))
            .help("append \"RENDER_EXTERNAL_HOSTNAME\" and your own domains")
            .log_line("DisallowedHost");
        out.report(finding.maybe_fix((imports_os && is_list).then_some(fix)));
    }
}
