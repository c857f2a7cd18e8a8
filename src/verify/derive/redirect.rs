//! Redirects: a request for each rule, and what it must be answered with.

use std::collections::BTreeMap;

use crate::platform::netlify::edge::chain::{self, Ending};
use crate::platform::netlify::edge::example::{self, Example};
use crate::platform::netlify::edge::{Answer, Visitor};
use crate::verify::derive::expect::answered;
use crate::verify::derive::manifest::address_of;
use crate::verify::derive::{EDGE, Known, WORD, dressed, gap};
use crate::verify::probe::{Probe, Scope};
use crate::verify::source::Gathered;

/// Rules that are asked about; of more, so many are drawn.
const MOST: usize = 500;

/// Files among which one is looked for that a rule of many paths matches.
const MOST_FILES: usize = 2_000;

pub(super) fn gather(known: &Known<'_>) -> Gathered {
    let mut out = Gathered::default();
    let visitor = known.visitor();
    let numbers: Vec<String> = (0..known.table.rules.len()).map(|number| number.to_string()).collect();
    let drawn = known.draw(numbers.iter().map(String::as_str), MOST);
    let shadowed = if known.programs.at_the_edge { BTreeMap::new() } else { on_files(known, &visitor) };
    for (number, text) in numbers.iter().enumerate() {
        let place = known.place(known.table.rules[number].redirect.span);
        if known.programs.at_the_edge {
            out.gaps.push(gap(place, EDGE));
        } else if !drawn.contains(text.as_str()) {
            out.gaps.push(gap(place, format!("{MOST} of {} rules are drawn, and this is none of them", numbers.len())));
        } else {
            ask(known, number, &visitor, &mut out);
            if let Some(path) = shadowed.get(&number) {
                ask_on_file(known, number, path, &visitor, &mut out);
            }
        }
    }
    out
}

/// Asks for a path that is made up from the rule.
fn ask(known: &Known<'_>, number: usize, ordinary: &Visitor, out: &mut Gathered) {
    let rule = &known.table.rules[number];
    let subject = || known.place(rule.redirect.span);
    let found = match example::of(rule, ordinary, WORD) {
        Ok(found) => found,
        Err(reason) => return out.gaps.push(gap(subject(), reason.to_string())),
    };
    let answer = known.answer(&found.visitor, &found.path);
    if let Err(reason) = ends(known, &answer, &found) {
        return out.gaps.push(gap(subject(), reason));
    }
    let from = &rule.redirect.from.text;
    let name = match winner(&answer) {
        Some(other) if other != number => {
            let other = known.place(known.table.rules[other].redirect.span);
            format!("redirect \"{from}\" ({}), before which {other} comes", subject())
        }
        None => format!("redirect \"{from}\" ({}), which leaves the path to a file", subject()),
        _ => format!("redirect \"{from}\" ({})", subject()),
    };
    if let Err(reason) = push(known, number, name, &found, &answer, out) {
        out.gaps.push(gap(subject(), reason));
    }
}

/// Asks for a file that the rule matches: one that is forced hides it, another stands back.
fn ask_on_file(known: &Known<'_>, number: usize, path: &str, ordinary: &Visitor, out: &mut Gathered) {
    let rule = &known.table.rules[number];
    let Ok(visitor) = example::visitor(rule, ordinary, WORD) else { return };
    let found = Example { path: path.to_owned(), visitor };
    let answer = known.answer(&found.visitor, path);
    if matches!(answer, Answer::Unknown { .. }) || ends(known, &answer, &found).is_err() {
        return;
    }
    let does = if rule.redirect.is_forced() { "hides" } else { "leaves alone" };
    let place = known.place(rule.redirect.span);
    let name = format!("redirect \"{}\" ({place}) {does} the file \"{path}\"", rule.redirect.from.text);
    // What is not known of it is no gap: the rule is asked about by itself.
    let _ = push(known, number, name, &found, &answer, out);
}

fn push(
    known: &Known<'_>,
    number: usize,
    name: String,
    found: &Example,
    answer: &Answer,
    out: &mut Gathered,
) -> Result<(), String> {
    let rule = &known.table.rules[number];
    let subject = || known.place(rule.redirect.span);
    let pairs: Vec<String> = found.visitor.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mark = if pairs.is_empty() { "" } else { "?" };
    let target = format!("{}{mark}{}", found.path, pairs.join("&"));
    let probe = dressed(Probe::get(name, known.origin(rule.redirect.span), target), &found.visitor);
    let probe = answered(probe, answer, known, &found.visitor)?;
    let is_bound = rule.redirect.address.is_some();
    known.admit(if is_bound { probe.within(Scope::LIVE) } else { probe }, subject, out);
    Ok(())
}

/// Whether the redirects that follow come to an end.
fn ends(known: &Known<'_>, answer: &Answer, found: &Example) -> Result<(), String> {
    if !matches!(answer, Answer::Redirect { .. }) {
        return Ok(());
    }
    match chain::follow(&known.table, known, found.visitor.clone(), &found.path) {
        Ending::Loop(hops) => Err(format!("it is a loop: \"{}\" never comes to an end", hops[0].path)),
        Ending::Settled | Ending::Unknown => Ok(()),
    }
}

fn winner(answer: &Answer) -> Option<usize> {
    match answer {
        Answer::Redirect { rule, .. } | Answer::Content { rule, .. } | Answer::Proxy { rule } => Some(*rule),
        Answer::Unknown { rule } => *rule,
        Answer::File { .. } | Answer::Nothing => None,
    }
}

/// For rules of many paths: a file of the deploy that each matches first.
fn on_files(known: &Known<'_>, ordinary: &Visitor) -> BTreeMap<usize, String> {
    let mut found = BTreeMap::new();
    let Some(manifest) = known.manifest else { return found };
    for path in manifest.served().take(MOST_FILES) {
        let address = address_of(path);
        // What has to be encoded is compared in a way that is not known.
        let Some(touching) = known.table.touching(ordinary, &address).filter(|_| !address.contains('%')) else {
            continue;
        };
        if let Some(first) = touching.first() {
            let is_exact = known.table.rules[*first].pattern.as_ref().is_none_or(|pattern| pattern.is_exact());
            if !is_exact {
                found.entry(*first).or_insert(address);
            }
        }
    }
    found
}
