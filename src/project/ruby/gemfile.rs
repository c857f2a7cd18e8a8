//! `Gemfile`: a program in Ruby, of which only the plain lines are understood.

use std::ops::Range;

/// A gem that a plain line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gem {
    /// Its name.
    pub name: String,
    /// Whether it is asked for only under a condition: a group, a platform, an `if`.
    pub is_conditional: bool,
}

/// What the line `ruby …` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RubyVersion {
    /// A version in quotes.
    Written {
        /// The version, which may be a range: `~> 3.3`.
        version: String,
        /// Where it stands, without its quotes.
        range: Range<usize>,
    },
    /// Anything else, such as `file: ".ruby-version"`.
    Computed,
}

/// What a `Gemfile` says in plain lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gemfile {
    /// The version of Ruby.
    pub ruby: Option<RubyVersion>,
    /// The gems.
    pub gems: Vec<Gem>,
    /// Whether other gems may come from elsewhere: `gemspec`, `eval_gemfile`, a name that is computed.
    pub is_open: bool,
}

impl Gemfile {
    /// Reads a text.
    #[must_use]
    pub fn read(text: &str) -> Gemfile {
        let mut gemfile = Gemfile::default();
        let mut depth = 0usize;
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let code = without_comment(line);
            gemfile.read_line(code, start, depth);
            let (opened, closed) = blocks(code);
            depth = (depth + opened).saturating_sub(closed);
            start += line.len();
        }
        gemfile
    }

    fn read_line(&mut self, code: &str, start: usize, depth: usize) {
        let word = code.trim();
        let (name, rest) =
            word.split_at(word.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(word.len()));
        let rest = rest.trim_start().trim_start_matches('(');
        match name {
            "ruby" => {
                let version = quoted(rest).map(|version| {
                    let at = start + code.find(version).unwrap_or_default();
                    RubyVersion::Written { version: version.to_owned(), range: at..at + version.len() }
                });
                self.ruby = self.ruby.take().or(Some(version.unwrap_or(RubyVersion::Computed)));
            }
            "gem" => match quoted(rest) {
                Some(gem) => {
                    let is_conditional = depth > 0
                        || ["group", "platform", "install_if", " if ", " unless "]
                            .iter()
                            .any(|word| code.contains(word));
                    self.gems.push(Gem { name: gem.to_owned(), is_conditional });
                }
                None => self.is_open = true,
            },
            "gemspec" | "eval_gemfile" | "eval" | "instance_eval" | "send" | "each" => self.is_open = true,
            _ if word.contains(".each") || word.contains("eval_gemfile") || word.contains("require") => {
                self.is_open = true
            }
            _ => {}
        }
    }

    /// Whether a gem is asked for; none when the file may ask for more than its plain lines say.
    #[must_use]
    pub fn has(&self, name: &str) -> Option<bool> {
        if self.gems.iter().any(|gem| gem.name == name) {
            Some(true)
        } else if self.is_open {
            None
        } else {
            Some(false)
        }
    }
}

/// The string that a text begins with, without its quotes.
fn quoted(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let inner = &text[1..];
    let inner = &inner[..inner.find(quote)?];
    (!inner.contains("#{") && !inner.contains('\\')).then_some(inner)
}

fn without_comment(line: &str) -> &str {
    let mut quote = None;
    for (at, byte) in line.bytes().enumerate() {
        match (byte, quote) {
            (b'"' | b'\'', None) => quote = Some(byte),
            (byte, Some(open)) if byte == open => quote = None,
            (b'#', None) => return &line[..at],
            _ => {}
        }
    }
    line
}

/// How many blocks a line opens and closes.
fn blocks(code: &str) -> (usize, usize) {
    let word = code.trim();
    let first = word.split_whitespace().next().unwrap_or_default();
    let opens = word.ends_with(" do")
        || word.contains(" do |")
        || matches!(first, "if" | "unless" | "case" | "begin" | "def" | "while");
    (usize::from(opens), usize::from(first == "end"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const TEXT: &str = "source \"https://rubygems.org\"\nruby \"3.3.0\" # ours\ngem 'rails', '~> 7.1'\ngroup :test do\n  gem \"rspec\"\n\
        end\ngem(\"puma\")\ngem \"pg\", group: :production\n";

    #[test]
    fn plain_lines_are_understood() {
        let gemfile = Gemfile::read(TEXT);
        let Some(RubyVersion::Written { version, range }) = gemfile.ruby.clone() else { unreachable!() };
        assert_eq!((version.as_str(), &TEXT[range]), ("3.3.0", "3.3.0"));
        let gems: Vec<(&str, bool)> = gemfile.gems.iter().map(|gem| (gem.name.as_str(), gem.is_conditional)).collect();
        assert_eq!(gems, [("rails", false), ("rspec", true), ("puma", false), ("pg", true)]);
        assert_eq!((gemfile.has("puma"), gemfile.has("sidekiq")), (Some(true), Some(false)));
    }

    #[test]
    fn what_is_computed_is_open() {
        assert_eq!(Gemfile::read("ruby file: '.ruby-version'\n").ruby, Some(RubyVersion::Computed));
        for text in ["gem name\n", "gemspec\n", "eval_gemfile 'x'\n", "gem \"a#{b}\"\n", "%w[a b].each { |g| gem g }\n"]
        {
            assert_eq!(Gemfile::read(text).has("x"), None, "{text}");
        }
    }
}
