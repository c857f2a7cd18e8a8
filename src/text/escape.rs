//! Text of a repository made harmless for the place where it is shown: one function per sink.
//!
//! File names, branch names, values and log lines belong to whoever wrote the pull request. What is shown of them never
//! commands a runner, never becomes markup, never mentions a person, and never hides a character.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Characters that steer a terminal, change the direction of text, or have no width.
fn is_hidden(character: char) -> bool {
    let code = u32::from(character);
    let is_direction = matches!(code, 0x061c | 0x200e | 0x200f | 0x202a..=0x202e | 0x2066..=0x2069);
    let is_empty =
        matches!(code, 0x00ad | 0x115f | 0x1160 | 0x180e | 0x200b | 0x2060..=0x2064 | 0x3164 | 0xfeff | 0xffa0);
    let is_break = matches!(code, 0x2028 | 0x2029);
    character.is_control() || is_direction || is_empty || is_break || (0xe0000..=0xe0fff).contains(&code)
}

/// Whether nothing in a text is hidden from people, line feeds and tabs aside.
#[must_use]
pub fn is_plain(text: &str) -> bool {
    !text.replace("\r\n", "\n").chars().any(|one| is_hidden(one) && one != '\n' && one != '\t')
}

/// The text on one line, hidden characters written as escapes.
#[must_use]
pub fn line(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            hidden if is_hidden(hidden) => _ = write!(out, "\\u{{{:x}}}", u32::from(hidden)),
            plain => out.push(plain),
        }
    }
    Cow::Owned(out)
}

/// For a line of a job's log: neither of the two forms of workflow commands is left in it (`ActionCommand.cs` of the runner
/// takes `::` at the start of a line, and `##[` anywhere).
#[must_use]
pub fn log(text: &str) -> String {
    tame(&line(text))
}

/// For several lines that quote the repository and may end in a job's log: no line of them is a workflow command.
#[must_use]
pub fn lines(text: String) -> String {
    let is_command = |line: &str| line.contains("##[") || line.trim_start().starts_with("::");
    if !text.split(['\n', '\r']).any(is_command) {
        return text;
    }
    let tamed: Vec<String> =
        text.split('\n').map(|line| line.split('\r').map(tame).collect::<Vec<_>>().join("\r")).collect();
    tamed.join("\n")
}

fn tame(line: &str) -> String {
    let text = line.replace("##[", "## [");
    let start = text.len() - text.trim_start().len();
    match text[start..].strip_prefix("::") {
        // The name of a command never starts with a colon; excerpts of sources do.
        Some(rest) if !rest.starts_with(':') => format!("{}: :{rest}", &text[..start]),
        _ => text,
    }
}

/// For the message of a workflow command; line feeds stay, as the escapes that the runner knows.
#[must_use]
pub fn command_message(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(log).collect();
    lines.join("\n").replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// For the value of a property of a workflow command.
#[must_use]
pub fn command_property(text: &str) -> String {
    let text = line(text).replace("##[", "## [").replace('%', "%25");
    text.replace(':', "%3A").replace(',', "%2C")
}

/// For Markdown between other words: one line in which nothing is markup, a link, a mention or the end of a table's cell.
#[must_use]
pub fn markdown(text: &str) -> String {
    let text = line(text);
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // A backslash would not do: a table's row is cut before it is read.
            '|' => out.push_str("&#124;"),
            // What comes after these would be looked for as a person, an issue or an address, escaped or not.
            '@' => out.push_str("@<!-- -->"),
            '#' => out.push_str("\\#<!-- -->"),
            ':' if rest.peek() == Some(&'/') => out.push_str(":<!-- -->"),
            '.' if ends_with_www(&out) => out.push_str("<!-- -->."),
            '.' | ')' if is_number(&out) => _ = write!(out, "\\{character}"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '~' | '$' | '!' => _ = write!(out, "\\{character}"),
            '-' | '+' | '=' | ' ' if out.trim_end().is_empty() => _ = write!(out, "&#{};", u32::from(character)),
            plain => out.push(plain),
        }
    }
    out
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() < 10 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn ends_with_www(text: &str) -> bool {
    text.len() >= 3 && text.as_bytes()[text.len() - 3..].eq_ignore_ascii_case(b"www")
}

/// For the text of an element in a block of HTML, where Markdown is not read.
#[must_use]
pub fn html(text: &str) -> String {
    let text = line(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    text.replace('@', "@<!-- -->")
        .replace('#', "#<!-- -->")
        .replace("://", ":<!-- -->//")
        .replace("www.", "www<!-- -->.")
}

/// For Markdown as code in a line, also in a table's cell.
#[must_use]
pub fn code(text: &str) -> String {
    let shown = line(text);
    let is_simple = !shown.contains(['`', '|', '\\']) && !shown.starts_with(' ') && !shown.ends_with(' ');
    if is_simple && !shown.is_empty() { format!("`{shown}`") } else { format!("<code>{}</code>", markdown(&shown)) }
}

/// For Markdown: a sentence of ours whose things in quotes become code.
#[must_use]
pub fn prose(text: &str) -> String {
    let parts: Vec<&str> = text.split('"').collect();
    if parts.len().is_multiple_of(2) {
        return markdown(text);
    }
    let quoted = |part: &str| if part.is_empty() { "\"\"".to_owned() } else { code(part) };
    // Our own words around a quoted thing have blanks, which belong to them and not to a list or a block of code.
    let plain = |part: &str| {
        let blanks = part.len() - part.trim_start_matches(' ').len();
        part[..blanks].to_owned() + &markdown(&part[blanks..])
    };
    let shown = parts.iter().enumerate().map(|(at, part)| match at {
        0 => markdown(part),
        at if at.is_multiple_of(2) => plain(part),
        _ => quoted(part),
    });
    shown.collect()
}

/// For Markdown: a block of code that nothing in it can end. `tag` is a word of ours.
#[must_use]
pub fn fence(text: &str, tag: &str) -> String {
    let ticks = "`".repeat(longest_run(text, '`').max(2) + 1);
    let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    format!("{ticks}{tag}\n{text}{end}{ticks}\n")
}

fn longest_run(text: &str, wanted: char) -> usize {
    text.split(|one| one != wanted).map(|run| run.chars().count()).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_are_shown_as_escapes() {
        assert_eq!(line("a\u{202e}b\n\t\u{7}"), "a\\u{202e}b\\n\\t\\u{7}");
        assert_eq!(line("naïve 日本 👩\u{200d}💻"), "naïve 日本 👩\u{200d}💻");
        assert!(is_plain("a\r\n\tb") && !is_plain("a\u{2066}b") && !is_plain("a\rb"));
    }

    #[test]
    fn a_line_of_a_log_commands_no_runner() {
        assert_eq!(log("  ::error::x"), "  : :error::x");
        assert_eq!(log(":::error::x"), ":::error::x");
        assert_eq!(log("a ##[error]x std::vec"), "a ## [error]x std::vec");
        assert_eq!(log("a\n::error::x"), "a\\n::error::x");
        assert_eq!(lines("a\n  ::error::x\r::b\n\u{1b}[1mc".to_owned()), "a\n  : :error::x\r: :b\n\u{1b}[1mc");
    }

    #[test]
    fn the_parts_of_a_command_end_where_we_end_them() {
        assert_eq!(command_message("50% of a\n::warning::b"), "50%25 of a%0A: :warning::b");
        assert_eq!(command_property("a,b::c%\nd"), "a%2Cb%3A%3Ac%25\\nd");
    }

    #[test]
    fn markdown_is_only_ever_text() {
        assert_eq!(markdown("<b> *x* a|b"), "&lt;b&gt; \\*x\\* a&#124;b");
        assert_eq!(markdown("ask @org/team about #12"), "ask @<!-- -->org/team about \\#<!-- -->12");
        assert_eq!(markdown("https://a.b www.c.d"), "https:<!-- -->//a.b www<!-- -->.c.d");
        assert_eq!(markdown("1. x"), "1\\. x");
        assert_eq!(markdown("- x"), "&#45; x");
        assert_eq!(html("a <b> & @c"), "a &lt;b&gt; &amp; @<!-- -->c");
    }

    #[test]
    fn code_holds_ticks_bars_and_blanks() {
        assert_eq!(code("dist"), "`dist`");
        assert_eq!(code("a`b"), "<code>a\\`b</code>");
        assert_eq!(code("a|b"), "<code>a&#124;b</code>");
        assert_eq!(code(""), "<code></code>");
    }

    #[test]
    fn things_in_quotes_become_code_and_a_lone_quote_stays_text() {
        assert_eq!(prose("set \"publish\" to \"\""), "set `publish` to \"\"");
        assert_eq!(prose("\"a\" - is *not* there"), "`a` - is \\*not\\* there".replace("` - ", "` &#45; "));
        assert_eq!(prose("a \" b `c`"), "a \" b \\`c\\`");
    }

    #[test]
    fn nothing_ends_a_fence() {
        assert_eq!(fence("a\n```\nb", "diff"), "````diff\na\n```\nb\n````\n");
        assert_eq!(fence("", ""), "```\n```\n");
    }
}
