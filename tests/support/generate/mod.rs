//! Random sites: a grammar of `netlify.toml`, `_redirects`, `_headers`, of the folders around them and of the options
//! of a run. Most are sound, some have values of the wrong kind, some are broken as text.

pub(crate) mod blueprint;
mod breakage;
mod config;
mod header;
pub(crate) mod random;
mod redirect;
mod section;
mod site;
mod toml;
mod value;
mod write_yaml;

pub(crate) use breakage::break_text;
pub(crate) use random::Random;
pub(crate) use site::{Content, Site};

/// White space as JavaScript knows it, mostly a plain space.
fn blank(random: &mut Random) -> &'static str {
    match random.below(20) {
        0 => "\t",
        1 => "  ",
        2 if random.chance(40) => {
            ["\u{a0}", "\u{feff}", "\u{2028}", "\u{b}", "\u{c}", "\r", "\u{3000}", "\u{85}", "\u{200b}", "\u{180e}"]
                [random.below(10)]
        }
        _ => " ",
    }
}

/// A text of a few such lines.
fn lines(random: &mut Random, line: fn(&mut Random) -> String) -> String {
    let mut lines: Vec<String> = (0..1 + random.below(6)).map(|_| line(random)).collect();
    if random.chance(20) {
        lines.push(lines[0].clone());
    }
    let start = if random.chance(3) { "\u{feff}" } else { "" };
    let newline = random.pick(&["\n", "\n", "\n", "\n", "\n", "\r\n", "\n\n", "\r"]);
    let end = if random.chance(60) { newline } else { "" };
    format!("{start}{}{end}", lines.join(newline))
}
