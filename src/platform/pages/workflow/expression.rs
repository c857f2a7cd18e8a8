//! Expressions: `${{ … }}`, and conditions of jobs and steps
//! (<https://docs.github.com/en/actions/reference/workflows-and-actions/expressions>).

use super::Variables;

/// Whether an expression stands in a text.
#[must_use]
pub fn is_in(text: &str) -> bool {
    text.contains("${{")
}

/// The parts of a text: what is written, and the insides of expressions.
enum Part<'a> {
    Written(&'a str),
    Expression(&'a str, usize),
}

fn parts(text: &str) -> Vec<Part<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("${{") {
        let inside = &rest[start + 3..];
        let Some(end) = inside.find("}}") else { break };
        found.push(Part::Written(&rest[..start]));
        found.push(Part::Expression(&inside[..end], end + 5));
        rest = &inside[end + 2..];
    }
    found.push(Part::Written(rest));
    found
}

/// The text with variables of the workflow and the folder of the checkout in the place of expressions; `None` when
/// another expression stands in it. Inner variables come first.
#[must_use]
pub fn resolve(text: &str, variables: &[&Variables]) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    for part in parts(text) {
        match part {
            Part::Written(text) => out.push_str(text),
            Part::Expression(inside, _) => match inside.trim() {
                "github.workspace" => out.push('.'),
                name => {
                    let name = name.strip_prefix("env.")?;
                    out.push_str(variables.iter().find_map(|known| known.get(name))?.plain()?);
                }
            },
        }
    }
    (!is_in(&out)).then_some(out)
}

/// The text for a reader of shell commands: a variable of the same length stands in the place of every expression.
#[must_use]
pub fn as_shell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for part in parts(text) {
        match part {
            Part::Written(text) => out.push_str(text),
            Part::Expression(_, length) => {
                out.push_str("${");
                out.extend(std::iter::repeat_n('_', length - 3));
                out.push('}');
            }
        }
    }
    out
}

/// A condition without the braces that may stand around it.
#[must_use]
pub fn condition(text: &str) -> &str {
    let text = text.trim();
    let inside = text.strip_prefix("${{").and_then(|rest| rest.strip_suffix("}}"));
    inside.filter(|inside| !is_in(inside)).unwrap_or(text).trim()
}

/// Whether a condition lets everything through that a job without one would let through.
#[must_use]
pub fn is_trivial(text: &str) -> bool {
    matches!(condition(text), "" | "true" | "success()" | "always()" | "!cancelled()" | "! cancelled()")
}

/// Whether a condition lets nothing through.
#[must_use]
pub fn is_never(text: &str) -> bool {
    condition(text) == "false"
}

/// The only branch for which a condition can hold, if it says so: `github.ref == 'refs/heads/main'`, possibly with more
/// conditions that must hold too.
#[must_use]
pub fn only_branch(text: &str) -> Option<&str> {
    let text = condition(text);
    if text.contains("||") || text.contains('!') && !text.contains("!cancelled()") {
        return None;
    }
    text.split("&&").find_map(|part| {
        let part = part.trim().trim_start_matches('(').trim_end_matches(')').trim();
        let (left, right) = part.split_once("==")?;
        let literal = right.trim().strip_prefix('\'')?.strip_suffix('\'')?;
        match left.trim() {
            "github.ref" => literal.strip_prefix("refs/heads/"),
            "github.ref_name" => Some(literal),
            _ => None,
        }
    })
}
