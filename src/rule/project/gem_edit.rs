//! Adds a gem to a `Gemfile` and its lock file, which holds no digests unless it says so.

use crate::platform::job::Job;
use crate::project::path::child;
use crate::rule::fix::{Applicability, Change, Fix};
use crate::text::span::Span;

/// Adds a gem that needs no other gem.
pub(super) fn added(job: &Job<'_>, dir: &str, name: &str, version: &str) -> Option<Fix> {
    let (gemfile, own) = job.open(&child(dir, "Gemfile"))?;
    let (file, lock) = job.open(&child(dir, "Gemfile.lock"))?;
    let text = lock.text.as_str();
    if text.contains("\nCHECKSUMS") || text.matches("\nGEM").count() + usize::from(text.starts_with("GEM")) != 1 {
        return None;
    }
    let line_end = |text: &str| if text.contains("\r\n") { "\r\n" } else { "\n" };
    let at = |file, place: usize| Span::new(file, place, place);
    let asked = format!("{}gem \"{name}\"", line_end(&own.text));
    let end = line_end(text);
    let spec = place(text, "  specs:", "    ", name)?;
    let wish = place(text, "DEPENDENCIES", "  ", name)?;
    let changes = vec![
        Change::Edit { span: at(gemfile, own.text.trim_end().len()), text: asked },
        Change::Edit { span: at(file, spec), text: format!("    {name} ({version}){end}") },
        Change::Edit { span: at(file, wish), text: format!("  {name}{end}") },
    ];
    let title = format!("add the gem \"{name}\" to the Gemfile and to its lock file");
    Some(Fix { title, applicability: Applicability::Review, changes })
}

/// Where the line of a name belongs below a heading: the lines with just this indentation are sorted.
fn place(text: &str, heading: &str, indent: &str, name: &str) -> Option<usize> {
    let mut at = 0;
    let mut is_below = false;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end();
        if is_below {
            let own = bare.strip_prefix(indent);
            let is_behind = own.is_none_or(|own| !own.starts_with(' ') && own > name);
            if is_behind {
                return Some(at);
            }
        }
        is_below |= bare == heading;
        at += line.len();
    }
    (is_below && text.ends_with('\n')).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_a_gem_goes_where_the_alphabet_puts_it() {
        let text = "GEM\n  specs:\n    a (1)\n      z\n    x (1)\n\nDEPENDENCIES\n  a\n  x\n";
        let before = |heading, indent, name| place(text, heading, indent, name).map(|at| &text[at..]);
        assert_eq!(before("  specs:", "    ", "webrick"), Some("    x (1)\n\nDEPENDENCIES\n  a\n  x\n"));
        assert_eq!(before("  specs:", "    ", "y"), Some("\nDEPENDENCIES\n  a\n  x\n"));
        assert_eq!(before("DEPENDENCIES", "  ", "y"), Some(""));
        assert_eq!(before("PLATFORMS", "  ", "y"), None);
    }
}
