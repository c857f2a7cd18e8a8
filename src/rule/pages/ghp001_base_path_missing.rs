//! GHP001: the site is built for the root of a host, and lives below it.

use crate::platform::pages::base::{self, Misplaced};
use crate::platform::pages::site::PagesSite;
use crate::project::path::{child, display};
use crate::project::setting::Setting;
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::{Applicability, Change, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;

/// Scripts and styles are asked for at the root of the host.
pub(super) static RULE: Rule = Rule {
    id: "GHP001",
    name: "base-path-missing",
    summary: "The site is built for another path than the one that it will live under",
    docs: "\
## What happens

The deployment turns green and the page stays blank: its scripts and styles are asked for at `/assets/…` and answered \
with 404.

## Why

The site of a repository lives under `https://OWNER.github.io/REPOSITORY/`. Generators build for the root of a host unless \
they are told the path. Only the site of an account (`OWNER.github.io`) and a site with a domain of its own live at the \
root. A domain may be set in the settings of the repository, which no file shows; the finding is a warning then, unless a \
file gives the address.

## How to mend it

Tell the generator the path, `/REPOSITORY/`: `base` for Vite, Astro and VitePress, `homepage` for Create React App, \
`basePath` for Next.js, `baseUrl` for Docusaurus, `app.baseURL` for Nuxt, `kit.paths.base` for SvelteKit, `--base-href` \
for Angular.
",
    severity: Severity::High,
    confidence: Confidence::Certain,
    stage: Stage::Routing,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://docs.github.com/en/pages/getting-started-with-github-pages/what-is-github-pages", "2026-11-21"),
        docs("https://vite.dev/guide/static-deploy.html#github-pages", "2026-11-21"),
        observed("https://github.com/vuejs/vitepress/issues/1634", "2026-11-21"),
        observed("https://github.com/vitejs/vite/issues/19614", "2026-11-21"),
        observed("https://github.com/mdn/todo-react/issues/102", "2026-11-21"),
        observed("https://github.com/GreptimeTeam/dashboard/pull/69", "2026-11-21"),
    ],
    check: Check::Pages(check),
};

fn check(site: &PagesSite<'_>, out: &mut Sink) {
    for misplaced in &site.misplaced {
        out.report(finding(site, misplaced));
    }
}

fn finding(site: &PagesSite<'_>, it: &Misplaced) -> Finding {
    let name = it.product.tool.name;
    let built = match &it.base.setting {
        Setting::Written(written) if !written.text.is_empty() => base::path_of(&written.text),
        _ => "/".to_owned(),
    };
    let message = format!("{name} builds the site for \"{built}\"; it will live under \"{}\"", it.wanted);
    let finding = RULE.finding(message);
    let written = if let Setting::Written(written) = &it.base.setting { written.span } else { it.product.span };
    let is_written = written.is_written() && written != it.product.span;
    let finding = finding.at(written).label(if is_written { "another path" } else { "no path is given" });
    let finding = finding.related(it.span, format!("\"{}\" is published", display(&it.product.folder.path)));
    let finding = match &it.proof {
        Some(proof) => finding.note(proof.clone()),
        None => finding
            .severity(Severity::Medium)
            .note("a domain in the settings of the repository would make it right; no file names one"),
    };
    match fix(site, it) {
        Some(fix) => finding.fix(fix),
        None => finding.help(format!("set \"{}\" to \"{}\"", it.base.key, it.wanted)),
    }
}

fn fix(site: &PagesSite<'_>, it: &Misplaced) -> Option<Fix> {
    // With a domain in the settings the change would break what works.
    let applicability = if it.proof.is_some() { Applicability::Safe } else { Applicability::Review };
    let title = format!("set \"{}\" to \"{}\"", it.base.key, it.wanted);
    let is_manifest = it.base.key == "homepage";
    let value = if is_manifest { site.repository.as_ref()?.value.address() } else { it.wanted.clone() };
    let change = match &it.base.setting {
        Setting::Written(written) => {
            let source = site.sources.get(written.span.file).filter(|source| source.is_file)?;
            let text = source.text.get(written.span.range())?;
            let quote = text.chars().next().filter(|quote| matches!(quote, '\'' | '"' | '`'));
            let new = match quote {
                Some(quote) => format!("{quote}{value}{quote}"),
                None if text == written.text => value,
                None => text.replacen(&written.text, &value, 1),
            };
            Change::Edit { span: written.span, text: new }
        }
        Setting::Absent => match (&it.base.brace, &it.base.file) {
            (Some(brace), _) => {
                let source = site.sources.get(brace.file).filter(|source| source.is_file)?;
                let rest = source.text.get(brace.end as usize..)?;
                let is_empty = rest.trim_start().starts_with('}');
                let comma = if is_empty && is_manifest { "" } else { "," };
                let entry = if is_manifest {
                    format!("\"homepage\": \"{value}\"")
                } else {
                    format!("{}: '{value}'", it.base.key)
                };
                let is_inline = !rest.starts_with('\n') && !rest.starts_with("\r\n");
                let text = if is_inline { format!(" {entry}{comma} ") } else { format!("\n  {entry}{comma}") };
                Change::Edit { span: crate::text::span::Span { start: brace.end, ..*brace }, text }
            }
            (None, None) if it.product.tool.name == "Vite" => Change::Create {
                path: child(&it.product.dir, "vite.config.js"),
                text: format!(
                    "import {{ defineConfig }} from 'vite';\n\nexport default defineConfig({{\n  base: '{value}',\n}});\n"
                ),
            },
            _ => return None,
        },
        Setting::Computed => return None,
    };
    Some(Fix { title, applicability, changes: vec![change] })
}
