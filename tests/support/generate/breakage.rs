//! Subtle damage to a text.

use super::random::Random;

const JUNK: [&str; 40] = [
    "\"", "'", "\"\"\"", "'''", "[", "]", "[[", "]]", "{", "}", "=", ".", ",", "#", " ", "\t", "\n", "\r", "\r\n",
    "\\", "\\q", "\\e", "\\x4", "\\u12", "\\\n", "0", "_", "-", "+", ":", "/", "*", "!", "\0", "\u{7f}", "\u{feff}",
    "é", "😀", "true", "1e",
];

/// Damages a text in one to three places; the result may not be UTF-8.
pub(crate) fn break_text(random: &mut Random, text: &[u8]) -> Vec<u8> {
    let mut text = text.to_vec();
    for _ in 0..1 + random.below(3) {
        damage(random, &mut text);
    }
    text
}

fn damage(random: &mut Random, text: &mut Vec<u8>) {
    let at = random.below(text.len() + 1);
    let to = |length: usize, text: &[u8]| (at + length).min(text.len());
    match random.below(12) {
        0 | 1 => drop(text.drain(at..to(1, text))),
        2 => drop(text.drain(at..to(random.below(12), text))),
        3..=5 => drop(text.splice(at..at, random.pick(&JUNK).bytes())),
        6 => drop(text.splice(at..to(1, text), random.pick(&JUNK).bytes())),
        7 if random.chance(50) => text.truncate(at),
        8 if random.chance(40) => {
            let byte = [0xff, 0xc3, 0xe2, 0xf0, 0xed, 0x80][random.below(6)];
            text.insert(at, byte);
        }
        _ => move_line(random, text),
    }
}

/// Repeats, drops or moves a line.
fn move_line(random: &mut Random, text: &mut Vec<u8>) {
    let mut lines: Vec<Vec<u8>> = text.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let (one, other) = (random.below(lines.len()), random.below(lines.len()));
    match random.below(3) {
        0 => lines.insert(other, lines[one].clone()),
        1 => drop(lines.remove(one)),
        _ => lines.swap(one, other),
    }
    *text = lines.join(&b'\n');
}
