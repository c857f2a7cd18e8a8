//! For people at a terminal, in the manner of the Rust compiler.

use annotate_snippets::{AnnotationKind, Element, Group, Level as SnippetLevel, Patch, Renderer, Snippet};

use crate::project::path::display;
use crate::rule::finding::{Finding, Level, Place};
use crate::rule::fix::{Change, Fix};
use crate::sim::plan::Unknown;
use crate::text::escape;
use crate::text::source::{Source, Sources};
use crate::text::span::Span;
use crate::verdict::{SiteVerdict, Status};

use super::{Report, Style};

/// Lines shown around a place; long files are never handed over whole.
const CONTEXT_LINES: u32 = 2;
/// Characters of a line that are shown at most.
const LONGEST_LINE: usize = 400;

/// Edits of one repair that are shown.
const MOST_EDITS: usize = 8;

/// Renders a report.
#[must_use]
pub fn render(report: &Report, style: Style) -> String {
    let mut out = notices(&report.notices);
    let several_roots = report.sites.iter().any(|site| site.root != report.sites[0].root);
    for site in &report.sites {
        let root = Some(site.root.as_str()).filter(|_| several_roots);
        render_site(&site.verdict, root, site.milliseconds, style, &mut out);
    }
    if report.sites.len() > 1 {
        out.push_str(&totals(report));
    }
    escape::lines(out)
}

/// What a person should hear of the repository as a whole.
pub(super) fn notices(notices: &[String]) -> String {
    let mut out: String = notices.iter().map(|notice| format!("note: {notice}\n")).collect();
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

fn render_site(site: &SiteVerdict, root: Option<&str>, milliseconds: Option<f64>, style: Style, out: &mut String) {
    let paint = Paint(style.colour);
    for finding in site.findings.iter().filter(|finding| style.verbose || finding.level() > Level::Note) {
        out.push_str(&render_finding(finding, site, style));
        out.push_str("\n\n");
    }
    for silenced in site.silenced.iter().filter(|_| style.verbose) {
        let finding = &silenced.finding;
        out.push_str(&format!("ignored[{}]: {} (because {})\n\n", finding.rule.id, finding.message, silenced.reason));
    }
    for unknown in site.unknowns.iter().filter(|it| style.verbose || (it.decides && site.status != Status::Fail)) {
        out.push_str(&format!("{}: {}\n", paint.yellow("unknown"), unknown.what));
        out.push_str(&format!("  = it would change: {}\n", unknown.would_change));
        if let Some(tell) = &unknown.tell {
            out.push_str(&format!("  = to decide it: {tell}\n"));
        }
        out.push('\n');
    }
    out.push_str(&verdict_line(site, root, milliseconds, paint));
    // Where the verdict is a failure, nothing beside it matters.
    for unknown in site.unknowns.iter().filter(|it| !it.decides && !style.verbose && site.status != Status::Fail) {
        out.push_str(&format!("  {}\n", assumed(unknown)));
    }
    out.push('\n');
}

fn verdict_line(site: &SiteVerdict, root: Option<&str>, milliseconds: Option<f64>, paint: Paint) -> String {
    let status = match site.status {
        Status::Pass => paint.green("PASS"),
        Status::Fail => paint.red("FAIL"),
        Status::Unknown => paint.yellow("UNKNOWN"),
    };
    let stage = site.stage.map(|stage| match site.status {
        Status::Unknown => format!(", undecided at stage {}", stage.name()),
        _ if site.deploy != Status::Fail => format!(", the deploy turns green and breaks at stage {}", stage.name()),
        _ => format!(", stops at stage {}", stage.name()),
    });
    let log = site.log_line.as_ref().map(|line| format!("\n  log: {line}")).unwrap_or_default();
    let count = |level| site.at_level(level).count();
    let mut counts = vec![plural(count(Level::Error), "error"), plural(count(Level::Warning), "warning")];
    for (number, name) in
        [(count(Level::Note), "note"), (site.unknowns.len(), "unknown"), (site.silenced.len(), "ignored")]
    {
        if number > 0 {
            counts.push(if name == "note" { plural(number, name) } else { format!("{number} {name}") });
        }
    }
    let time = milliseconds.map(|time| format!(", {time:.1} ms")).unwrap_or_default();
    let none = format!("no {}", site.platform.config_name);
    let file = site.config_path.as_deref().unwrap_or(&none);
    let context = if site.context.is_empty() { String::new() } else { format!(", {}", site.context) };
    let root = root.map(|root| format!("{root}: ")).unwrap_or_default();
    format!(
        "{status}  {root}{} on {} ({file}{context}){}\n  {}{time}{log}\n",
        site.name,
        site.platform.title,
        stage.unwrap_or_default(),
        counts.join(", "),
    )
}

/// What is not known though it does not decide, in one line.
pub(super) fn assumed(unknown: &Unknown) -> String {
    format!("unknown: {}; it would change {}", unknown.what, unknown.would_change)
}

fn totals(report: &Report) -> String {
    let count = |status| report.sites.iter().filter(|site| site.verdict.status == status).count();
    format!(
        "{}: {} pass, {} fail, {} unknown\n",
        plural(report.sites.len(), "site"),
        count(Status::Pass),
        count(Status::Fail),
        count(Status::Unknown),
    )
}

pub(crate) fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// Renders one finding with its excerpt.
#[must_use]
pub fn render_finding(finding: &Finding, site: &SiteVerdict, style: Style) -> String {
    let sources = &site.sources;
    let level = match finding.level() {
        Level::Error => SnippetLevel::ERROR,
        Level::Warning => SnippetLevel::WARNING,
        Level::Note => SnippetLevel::NOTE,
    };
    let excerpts = excerpts(finding, sources);
    let mut group = level
        .primary_title(&*finding.message)
        .id(finding.rule.id)
        .elements(excerpts.iter().map(|excerpt| -> Element<'_> { excerpt.snippet().into() }));
    let place = match &finding.place {
        Place::Path(path) => Some(format!("at {}", display(path))),
        Place::Missing(path) => Some(format!("expected at {}", display(path))),
        Place::Site | Place::Span(_) => None,
    };
    let log = finding.log_line.as_ref().map(|line| format!("{}'s log would say: {line}", site.platform.title));
    for note in place.iter().chain(&finding.notes).chain(&log) {
        group = group.element(SnippetLevel::NOTE.message(&**note));
    }
    if let Some(help) = &finding.help {
        group = group.element(SnippetLevel::HELP.message(&**help));
    }
    let mut groups = vec![group];
    let fixes: Vec<(&Fix, Vec<Suggestion<'_>>)> = finding
        .fixes
        .iter()
        .map(|fix| (fix, if finding.is_secret() { Vec::new() } else { shown_suggestions(fix, sources) }))
        .collect();
    for (fix, suggestions) in &fixes {
        groups.push(fix_group(fix, suggestions));
    }
    let renderer = if style.colour { Renderer::styled() } else { Renderer::plain() };
    renderer.render(&groups)
}

/// A few lines of one text with the places to mark in them.
struct Excerpt<'a> {
    text: &'a str,
    name: &'a str,
    first_line: usize,
    marks: Vec<(std::ops::Range<usize>, AnnotationKind, &'a str)>,
}

impl Excerpt<'_> {
    fn snippet(&self) -> Snippet<'_, annotate_snippets::Annotation<'_>> {
        let marks = self.marks.iter().map(|(range, kind, label)| {
            let annotation = kind.span(range.clone());
            if label.is_empty() { annotation } else { annotation.label(*label) }
        });
        Snippet::source(self.text).path(self.name).line_start(self.first_line).annotations(marks)
    }
}

fn excerpts<'a>(finding: &'a Finding, sources: &'a Sources) -> Vec<Excerpt<'a>> {
    let mut marks: Vec<(Span, AnnotationKind, &str)> = Vec::new();
    if let Place::Span(span) = finding.place {
        marks.push((span, AnnotationKind::Primary, finding.label.as_deref().unwrap_or_default()));
    }
    marks.extend(finding.related.iter().map(|label| (label.span, AnnotationKind::Context, &*label.text)));
    let mut found: Vec<Excerpt<'_>> = Vec::new();
    for (span, kind, label) in marks {
        let Some(window) = sources.get(span.file).and_then(|source| Window::around(source, span)) else { continue };
        let range = window.relative(span);
        found.push(Excerpt {
            text: window.text,
            name: &window.source.name,
            first_line: window.first_line,
            marks: vec![(range, kind, label)],
        });
    }
    found
}

/// The lines around a span.
struct Window<'a> {
    source: &'a Source,
    text: &'a str,
    start: usize,
    first_line: usize,
}

impl<'a> Window<'a> {
    fn around(source: &'a Source, span: Span) -> Option<Window<'a>> {
        let line = source.position(span.start).line;
        let last = source.position(span.end.max(span.start)).line.min(line + 3);
        let first = line.saturating_sub(CONTEXT_LINES).max(1);
        let mut start = source.line_range(first)?.start;
        let end = (last..=last + CONTEXT_LINES).rev().find_map(|line| source.line_range(line))?.end;
        let mut first_line = first;
        if end - start > LONGEST_LINE * 4 {
            start = source.line_range(line)?.start;
            first_line = line;
        }
        let mut end = if end - start > LONGEST_LINE * 4 { source.line_range(line)?.end } else { end };
        while end - start > LONGEST_LINE
            && (end > span.end as usize + LONGEST_LINE / 2 || !source.text.is_char_boundary(end))
        {
            end -= 1;
        }
        Some(Window { source, text: source.text.get(start..end)?, start, first_line: first_line as usize })
    }

    fn relative(&self, span: Span) -> std::ops::Range<usize> {
        let within = |offset: u32| (offset as usize).saturating_sub(self.start).min(self.text.len());
        let range = within(span.start)..within(span.end);
        let boundary = |at: usize| (0..=at).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(0);
        boundary(range.start)..boundary(range.end)
    }
}

/// One edit of a fix, in its window.
struct Suggestion<'a> {
    window: Window<'a>,
    range: std::ops::Range<usize>,
    text: &'a str,
}

/// The edits of a fix, if there are few and they can be seen; else the title says enough.
fn shown_suggestions<'a>(fix: &'a Fix, sources: &'a Sources) -> Vec<Suggestion<'a>> {
    let is_unseen = |change: &Change| match change {
        Change::Edit { span, text } => text.is_empty() && sources.slice(*span) == Some("\r"),
        Change::Create { .. } | Change::Rename { .. } => false,
    };
    let is_worth_it = fix.changes.len() <= MOST_EDITS && !fix.changes.iter().all(is_unseen);
    if is_worth_it { suggestions(fix, sources) } else { Vec::new() }
}

fn suggestions<'a>(fix: &'a Fix, sources: &'a Sources) -> Vec<Suggestion<'a>> {
    let edits = fix.changes.iter().filter_map(|change| match change {
        Change::Edit { span, text } => Some((*span, text)),
        Change::Create { .. } | Change::Rename { .. } => None,
    });
    edits
        .filter_map(|(span, text)| {
            let window = Window::around(sources.get(span.file)?, span)?;
            Some(Suggestion { range: window.relative(span), window, text })
        })
        .collect()
}

fn fix_group<'a>(fix: &'a Fix, suggestions: &'a [Suggestion<'a>]) -> Group<'a> {
    let elements = suggestions.iter().map(|suggestion| -> Element<'a> {
        Snippet::source(suggestion.window.text)
            .path(&*suggestion.window.source.name)
            .line_start(suggestion.window.first_line)
            .patch(Patch::new(suggestion.range.clone(), suggestion.text))
            .into()
    });
    SnippetLevel::HELP.secondary_title(&*fix.title).elements(elements)
}

/// Colours for the few words outside excerpts.
#[derive(Clone, Copy)]
pub(super) struct Paint(pub(super) bool);

impl Paint {
    fn wrap(self, code: &str, text: &str) -> String {
        if self.0 { format!("\u{1b}[1;{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    pub(super) fn red(self, text: &str) -> String {
        self.wrap("31", text)
    }

    pub(super) fn green(self, text: &str) -> String {
        self.wrap("32", text)
    }

    pub(super) fn yellow(self, text: &str) -> String {
        self.wrap("33", text)
    }

    pub(super) fn cyan(self, text: &str) -> String {
        self.wrap("36", text)
    }

    pub(super) fn bold(self, text: &str) -> String {
        if self.0 { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}
