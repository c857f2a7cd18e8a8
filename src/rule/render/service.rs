//! What rules about services share: their programs, places in files, repairs.

use crate::platform::render::blueprint::{Class, Service, Text};
use crate::platform::render::service::{Command, Phase, ServicePlan};
use crate::platform::render::site::RenderSite;
use crate::project::command::{Invocation, Reach, Word};
use crate::project::output::peel;
use crate::rule::fix::{Applicability, Fix};
use crate::text::source::Source;
use crate::text::span::{FileId, Span};

/// A program of a service and its arguments, runners such as `poetry run` and `python -m` left out.
pub(super) struct Program<'a> {
    pub(super) name: &'a str,
    pub(super) args: &'a [Word],
    pub(super) run: &'a Invocation,
    pub(super) command: &'a Command,
}

impl Program<'_> {
    /// Where words of the command stand.
    pub(super) fn span(&self, site: &RenderSite<'_>, start: usize, end: usize) -> Span {
        self.command.trace.span(self.run.text, &site.sources, start, end)
    }

    /// Where the program and its first arguments stand.
    pub(super) fn words(&self, site: &RenderSite<'_>, count: usize) -> Span {
        let last = count.checked_sub(1).and_then(|at| self.args.get(at));
        let end = last.or(self.args.last().filter(|_| count > 0)).map_or(self.end(), |word| word.end);
        self.span(site, self.run.program.start, end.max(self.run.program.end))
    }

    /// Where an argument stands.
    pub(super) fn word(&self, site: &RenderSite<'_>, word: &Word) -> Span {
        self.span(site, word.start, word.end)
    }

    /// One past the program's own name.
    pub(super) fn end(&self) -> usize {
        let before = self.run.args.len() - self.args.len();
        before.checked_sub(1).and_then(|at| self.run.args.get(at)).map_or(self.run.program.end, |word| word.end)
    }

    /// The first argument that is no option.
    pub(super) fn subcommand(&self) -> Option<&str> {
        self.args.iter().filter_map(Word::plain).find(|arg| !arg.starts_with('-'))
    }

    pub(super) fn has(&self, wanted: &[&str]) -> bool {
        self.args.iter().any(|arg| wanted.iter().any(|name| arg.text == *name || starts_option(&arg.text, name)))
    }

    /// The value of an option and the word that holds it: `--host X`, `--host=X`, `-hX`.
    pub(super) fn option(&self, names: &[&str]) -> Option<(&str, &Word)> {
        for (at, arg) in self.args.iter().enumerate() {
            for name in names {
                if arg.text == *name {
                    let value = self.args.get(at + 1)?;
                    return Some((&value.text, value));
                }
                if let Some(rest) = arg.text.strip_prefix(name) {
                    let is_short = name.len() == 2 && !name.starts_with("--");
                    match rest.strip_prefix('=') {
                        Some(value) => return Some((value, arg)),
                        None if is_short && !rest.is_empty() => return Some((rest, arg)),
                        None => {}
                    }
                }
            }
        }
        None
    }
}

fn starts_option(arg: &str, name: &str) -> bool {
    name.starts_with("--") && arg.strip_prefix(name).is_some_and(|rest| rest.starts_with('='))
}

/// The programs of a phase that may run, outside of images.
pub(super) fn programs<'a>(plan: &'a ServicePlan, phase: Phase) -> impl Iterator<Item = Program<'a>> {
    let commands = plan.commands.iter().filter(move |it| it.phase == phase && !it.is_in_image);
    commands.flat_map(|command| {
        let runs = command.trace.invocations.iter().filter(|run| run.reach != Reach::Never);
        runs.filter_map(move |run| {
            let (name, args) = peel(run);
            Some(Program { name: name?, args, run, command })
        })
    })
}

/// The program that serves: the last one that certainly runs when the service starts.
pub(super) fn server<'a>(plan: &'a ServicePlan) -> Option<Program<'a>> {
    programs(plan, Phase::Start).filter(|program| program.run.decides()).last()
}

/// Whether requests reach it from outside.
pub(super) fn is_web(service: &Service) -> bool {
    service.class == Some(Class::Web)
}

/// The text of a span, if it lies in a file of the repository.
pub(super) fn written<'a>(site: &'a RenderSite<'_>, span: Span) -> Option<&'a str> {
    let source = site.sources.get(span.file).filter(|source| source.is_file)?;
    source.text.get(span.range())
}

/// A file of the repository with its number among the sources; it is read when first asked for.
pub(super) fn source<'a>(site: &'a RenderSite<'_>, path: &str) -> Option<(FileId, &'a Source)> {
    let sources = &site.sources;
    let known = sources.find(path).filter(|file| sources.get(*file).is_some_and(|source| source.is_file));
    let file = match known {
        Some(file) => file,
        None => sources.add_late(Source::new(path, true, site.snapshot.text(path).ok()?))?,
    };
    Some((file, sources.get(file)?))
}

/// A replacement in a file of the repository; what others share through an anchor has to be looked at.
pub(super) fn replace(
    site: &RenderSite<'_>,
    applicability: Applicability,
    title: impl Into<String>,
    span: Span,
    text: impl Into<String>,
) -> Option<Fix> {
    written(site, span)?;
    let marks = &site.document.marks;
    let is_inside = |outer: &Span| outer.start <= span.start && span.end <= outer.end;
    let is_shared = span.file == site.file && (marks.is_shared(span) || marks.anchored.iter().any(is_inside));
    let applicability = if is_shared { applicability.min(Applicability::Review) } else { applicability };
    Some(Fix::replace(applicability, title, span, text))
}

/// Another text for a scalar whose text is written as it is; the new one must need no quotes.
pub(super) fn set_value(
    site: &RenderSite<'_>,
    applicability: Applicability,
    title: impl Into<String>,
    old: &Text,
    new: &str,
) -> Option<Fix> {
    let slice = written(site, old.span)?;
    let at = slice.find(old.value.as_str()).filter(|_| !old.value.is_empty() && is_plain(new))?;
    let start = old.span.start as usize + at;
    replace(site, applicability, title, Span::new(old.span.file, start, start + old.value.len()), new)
}

fn is_plain(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '/' | '_' | '-');
    !text.is_empty() && !text.starts_with('-') && text.chars().all(is_plain)
}

/// A new line behind a key of the service whose value stands on one line.
pub(super) fn insert_after(
    site: &RenderSite<'_>,
    applicability: Applicability,
    title: impl Into<String>,
    (service, key): (&Service, &str),
    lines: &[String],
) -> Option<Fix> {
    let text = service.text(key)?;
    let source = site.sources.get(site.file)?.text.as_str();
    let is_flow = site.document.marks.flow.iter().any(|it| it.start <= text.span.start && text.span.end <= it.end);
    let value = source.get(text.span.range()).filter(|value| !value.contains('\n') && !is_flow)?;
    let line_start = source[..text.key_span.start as usize].rfind('\n').map_or(0, |at| at + 1);
    let indent = source[line_start..text.key_span.start as usize].chars().count();
    let end = text.span.start as usize + value.len();
    let rest = source[end..].split('\n').next().unwrap_or_default();
    let newline = if rest.ends_with('\r') { "\r\n" } else { "\n" };
    let at = end + rest.trim_end_matches('\r').len();
    let added: String = lines.iter().map(|line| format!("{newline}{}{line}", " ".repeat(indent))).collect();
    replace(site, applicability, title, Span::new(site.file, at, at), added)
}
