//! Prisma on Netlify: the schema's generator and the engine that functions need.

use crate::platform::netlify::function::made;
use crate::platform::netlify::next::{self, NextSite};
use crate::platform::netlify::site::NetlifySite;
use crate::project::javascript::resolve::ANY;
use crate::project::locked::Installed;
use crate::project::manifest::{DependencyKind, Field};
use crate::project::path::{child, join, name};
use crate::text::span::{FileId, Span};

/// A generator of the JavaScript client in a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generator {
    /// The line that opens it.
    pub header: Span,
    /// Where a new line may be put: the end of the line with the provider.
    pub insertion: Span,
    /// The white space before the provider.
    pub indent: String,
    /// The targets with the place of their list; none when the property is missing.
    pub targets: Option<Targets>,
    /// Whether it does without the engine, or puts the client elsewhere.
    pub is_special: bool,
}

/// The property `binaryTargets`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Targets {
    /// The list with its brackets.
    pub span: Span,
    /// The targets, if all of them are written out.
    pub names: Option<Vec<String>>,
}

/// The platform that functions run on, by the major version of Node.js (AWS Lambda: Amazon Linux 2 up to 18, 2023 from 20 on).
#[must_use]
pub fn function_target(node: &str) -> &'static str {
    let major: Option<u32> = node.trim_start_matches('v').split('.').next().and_then(|major| major.parse().ok());
    if major.is_some_and(|major| major < 20) { "rhel-openssl-1.0.x" } else { "rhel-openssl-3.0.x" }
}

/// Generators of a schema that are looked at at most.
const MAX_GENERATORS: usize = 20;
/// Schema files that are looked at at most.
const MAX_SCHEMAS: usize = 20;

/// The generator of the site's schema, with the schema's path.
#[must_use]
pub fn generator(site: &NetlifySite<'_>) -> Option<(String, Generator)> {
    let dir = site.build_dir();
    let configured = site.manifest().and_then(|manifest| manifest.field("prisma")?.at(&["schema"])?.as_str());
    let paths: Vec<String> = match configured {
        Some(path) => join(dir, path).into_iter().collect(),
        None => {
            ["prisma/schema.prisma", "schema.prisma", "prisma/schema"].iter().map(|path| child(dir, path)).collect()
        }
    };
    let files = paths.iter().flat_map(|path| -> Vec<String> {
        if site.snapshot.is_file(path) {
            return vec![path.clone()];
        }
        let below = site.snapshot.below(path).iter().filter(|entry| entry.path.ends_with(".prisma"));
        below.take(MAX_SCHEMAS).map(|entry| entry.path.to_string()).collect()
    });
    let mut found = files.filter_map(|path| {
        let (file, source) = site.source(&path)?;
        Some((path, parse(&source.text, file)?))
    });
    found.next()
}

/// The first generator of the JavaScript client in a schema.
#[must_use]
pub fn parse(text: &str, file: FileId) -> Option<Generator> {
    let blocks = text.match_indices("generator ").filter(|(at, _)| is_line_start(text, *at));
    blocks.take(MAX_GENERATORS).find_map(|(start, _)| {
        let open = start + text[start..].find('{')?;
        let end = open + text[open..].find("\n}").unwrap_or(text.len() - open);
        let body = &text[open + 1..end];
        generator_in(body, open + 1, Span::new(file, start, open + 1))
    })
}

fn is_line_start(text: &str, at: usize) -> bool {
    text[..at].rsplit('\n').next().is_some_and(|line| line.trim().is_empty())
}

fn generator_in(body: &str, offset: usize, header: Span) -> Option<Generator> {
    let file = header.file;
    let provider = property(body, "provider")?;
    if value(body, &provider).trim_matches('"') != "prisma-client-js" {
        return None;
    }
    let text = |key: &str| property(body, key).map(|range| value(body, &range)).unwrap_or_default();
    let line_start = body[..provider.start].rfind('\n').map_or(0, |at| at + 1);
    let line = &body[line_start..];
    let indent = &line[..line.len() - line.trim_start().len()];
    let insertion = offset + provider.end;
    let targets = property(body, "binaryTargets").map(|range| {
        let list = value(body, &range);
        let span = Span::new(file, offset + range.start, offset + range.end);
        Targets { span, names: names(list) }
    });
    let features = text("previewFeatures");
    let is_special = text("engineType").contains("client")
        || !text("output").is_empty()
        || ["driverAdapters", "queryCompiler", "dataProxy"].iter().any(|feature| features.contains(feature));
    Some(Generator {
        header,
        insertion: Span::new(file, insertion, insertion),
        indent: indent.to_owned(),
        targets,
        is_special,
    })
}

/// The range of a property's value: to the end of its line, or of its list.
fn property(body: &str, key: &str) -> Option<std::ops::Range<usize>> {
    let mut at = 0;
    for line in body.split_inclusive('\n') {
        let trimmed = line.trim_start();
        let rest = trimmed.strip_prefix(key).map(str::trim_start).and_then(|rest| rest.strip_prefix('='));
        if let Some(rest) = rest {
            let written = rest.trim_start();
            let start = at + line.len() - written.len();
            let line_end = written.split("//").next().unwrap_or_default().trim_end().len();
            let length = if written.starts_with('[') { body[start..].find(']')? + 1 } else { line_end };
            return Some(start..start + length);
        }
        at += line.len();
    }
    None
}

fn value<'t>(body: &'t str, range: &std::ops::Range<usize>) -> &'t str {
    &body[range.clone()]
}

/// The items of a list of texts; `None` when one is something else.
fn names(list: &str) -> Option<Vec<String>> {
    let inner = list.strip_prefix('[')?.strip_suffix(']')?;
    let items = inner.split([',', '\n']).map(str::trim).filter(|item| !item.is_empty() && !item.starts_with("//"));
    items.map(|item| Some(item.strip_prefix('"')?.strip_suffix('"')?.to_owned())).collect()
}

/// The package of the client.
const CLIENT: &str = "@prisma/client";

/// Whether the client's version is one that runs queries through an engine.
#[must_use]
pub fn has_engine(site: &NetlifySite<'_>) -> bool {
    let Some(manifest) = site.manifest() else { return false };
    let avoids =
        |field: &Field<'_>| field.key.starts_with("@prisma/adapter-") || field.key == "@prisma/extension-accelerate";
    let kinds = DependencyKind::ALL;
    if kinds.into_iter().any(|kind| manifest.dependencies(kind).iter().any(avoids)) {
        return false;
    }
    let wanted = manifest.dependency(CLIENT).find_map(|(_, field)| field.text);
    let installed = wanted.map(|wanted| Installed::of(site.snapshot, site.build_dir(), CLIENT, wanted));
    installed.is_some_and(|installed| installed.is_at_least("4.0.0") && installed.is_below("7.0.0"))
}

/// Whether code that runs at each request uses the client.
#[must_use]
pub fn is_used(site: &NetlifySite<'_>) -> bool {
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
    let is_route = |path: &str| next::is_script(path) && (path.contains("/api/") || name(path).starts_with("route."));
    let routes = entries.filter(|entry| is_route(&entry.path)).take(MAX_ROUTES);
    routes.into_iter().any(|entry| {
        site.snapshot
            .text(&entry.path)
            .is_ok_and(|text| text.contains("\"@prisma/client\"") || text.contains("'@prisma/client'"))
    })
}

/// Whether queries go through a proxy, or the engine is chosen elsewhere.
#[must_use]
pub fn uses_proxy(site: &NetlifySite<'_>, schema: &str) -> bool {
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Generator> {
        parse(text, FileId(0))
    }

    #[test]
    fn targets_are_read_over_several_lines() {
        let text = "generator client {\n  provider = \"prisma-client-js\" // js\n  binaryTargets = [\n    \"native\",\n    \"rhel-openssl-3.0.x\",\n  ]\n}\n";
        let generator = read(text).unwrap();
        let targets = generator.targets.unwrap();
        assert_eq!(targets.names.unwrap(), ["native", "rhel-openssl-3.0.x"]);
        assert!(text[targets.span.range()].starts_with('[') && text[targets.span.range()].ends_with(']'));
        assert_eq!(
            &text[..generator.insertion.start as usize],
            "generator client {\n  provider = \"prisma-client-js\""
        );
        assert_eq!(generator.indent, "  ");
    }

    #[test]
    fn other_generators_are_passed_over() {
        let text = "// generator x {\ngenerator erd {\n  provider = \"prisma-erd-generator\"\n}\ngenerator client {\n\tprovider=\"prisma-client-js\"\n}";
        let generator = read(text).unwrap();
        assert_eq!((&text[generator.header.range()], generator.targets), ("generator client {", None));
        assert!(read("generator client {\n  provider = \"prisma-client\"\n}").is_none());
        assert!(read("model A {\n}").is_none() && read("generator ").is_none());
    }

    #[test]
    fn what_needs_no_engine_is_special() {
        for line in ["engineType = \"client\"", "previewFeatures = [\"driverAdapters\"]", "output = \"../client\""] {
            assert!(
                read(&format!("generator c {{\nprovider = \"prisma-client-js\"\n{line}\n}}")).unwrap().is_special,
                "{line}"
            );
        }
        let computed = read("generator c {\nprovider = \"prisma-client-js\"\nbinaryTargets = env(\"X\")\n}").unwrap();
        assert_eq!(computed.targets.unwrap().names, None);
    }

    #[test]
    fn functions_run_on_another_system_since_node_20() {
        assert_eq!((function_target("18"), function_target("v22.1.0")), ("rhel-openssl-1.0.x", "rhel-openssl-3.0.x"));
        assert_eq!(function_target("lts/*"), "rhel-openssl-3.0.x");
    }
}
