//! `H`: values that the engine draws at random each time it reads the expression.

use super::error::CronFault;
use super::unit::Unit;
use crate::text::ecma::number_to_string;

/// How many different draws there are (`cron-parser/src/utils/random.ts`).
const DRAWS: f64 = 4_294_967_296.0;

/// Values that the stepped hashes of one field may have together (`MAX_FIELD_VALUES` of the parser).
const MOST_VALUES: f64 = 256.0;

/// A part of the text of a field.
#[derive(Debug)]
pub(super) enum Piece<'a> {
    Literal(&'a str),
    /// One value of the range.
    Value(f64, f64),
    /// Every n-th value of the range, from a random start.
    Step(f64, f64, f64),
}

/// Whether the text holds `H(a-b)` or `H/n`: with one of these, the engine accepts any character around it.
pub(super) fn has_full_form(text: &str) -> bool {
    text.match_indices('H').any(|(at, _)| {
        let rest = &text[at + 1..];
        range(rest).is_some() || step(rest).is_some()
    })
}

/// Splits the text at its hashes.
pub(super) fn split(unit: Unit, text: &str) -> Result<Vec<Piece<'_>>, CronFault> {
    let (least, most) = unit.limits();
    let mut pieces = Vec::new();
    let (mut rest, mut count) = (text, 0.0);
    while let Some(at) = rest.find('H') {
        pieces.push(Piece::Literal(&rest[..at]));
        rest = &rest[at + 1..];
        let (mut first, mut last) = (least, most);
        let ranged = range(rest);
        let stepped = step(ranged.map_or(rest, |(_, _, after)| after));
        if let Some((number, _)) = stepped {
            check_step(number)?;
        }
        if let Some((low, high, after)) = ranged {
            (first, last) = clamp(unit, low, high)?;
            rest = after;
        }
        let Some((number, after)) = stepped else {
            pieces.push(Piece::Value(first, last));
            continue;
        };
        rest = after;
        count += ((last - first + 1.0) / number).ceil();
        if count > MOST_VALUES {
            return Err(CronFault::TooManyValues);
        }
        pieces.push(Piece::Step(first, last, number));
    }
    pieces.push(Piece::Literal(rest));
    Ok(pieces)
}

fn check_step(number: f64) -> Result<(), CronFault> {
    if number > 0.0 { Ok(()) } else { Err(CronFault::Step(number_to_string(number))) }
}

fn clamp(unit: Unit, low: f64, high: f64) -> Result<(f64, f64), CronFault> {
    if low > high {
        return Err(CronFault::Reversed(low, high));
    }
    let (least, most) = unit.limits();
    let (first, last) = (low.max(least), high.min(most));
    if first > last {
        let range = format!("{}-{}", number_to_string(low), number_to_string(high));
        return Err(CronFault::Limits(range, least, most));
    }
    Ok((first, last))
}

/// `(digits-digits)` and what follows it.
fn range(text: &str) -> Option<(f64, f64, &str)> {
    let (low, rest) = digits(text.strip_prefix('(')?)?;
    let (high, rest) = digits(rest.strip_prefix('-')?)?;
    Some((low, high, rest.strip_prefix(')')?))
}

/// `/digits` and what follows it.
fn step(text: &str) -> Option<(f64, &str)> {
    digits(text.strip_prefix('/')?)
}

fn digits(text: &str) -> Option<(f64, &str)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let number = text[..length].parse().ok()?;
    Some((number, &text[length..]))
}

/// The text for one draw from 0 (included) to 1 (excluded); all hashes of a field share the draw.
pub(super) fn render(pieces: &[Piece<'_>], draw: f64) -> String {
    let mut text = String::new();
    for piece in pieces {
        match *piece {
            Piece::Literal(literal) => text.push_str(literal),
            Piece::Value(first, last) => text.push_str(&number_to_string(drawn(draw, first, last))),
            Piece::Step(first, last, step) => {
                let drawn_values = stepped(draw, first, last, step);
                let printed: Vec<String> = drawn_values.into_iter().map(number_to_string).collect();
                text.push_str(&printed.join(","));
            }
        }
    }
    text
}

fn drawn(draw: f64, first: f64, last: f64) -> f64 {
    (draw * (last - first + 1.0)).floor() + first
}

fn stepped(draw: f64, first: f64, last: f64, step: f64) -> Vec<f64> {
    let mut values = Vec::new();
    let mut value = (first / step).floor() * step + (draw * step).floor();
    while value <= last {
        if value >= first {
            values.push(value);
        }
        value += step;
    }
    if values.is_empty() { vec![drawn(draw, first, last)] } else { values }
}

/// One draw for every text that [`render`] can give.
pub(super) fn draws(pieces: &[Piece<'_>]) -> Vec<f64> {
    let mut edges = vec![0.0, 1.0];
    for piece in pieces {
        match *piece {
            Piece::Literal(_) => {}
            Piece::Value(first, last) => push_edges(&mut edges, last - first + 1.0, last),
            Piece::Step(first, last, step) => {
                push_edges(&mut edges, last - first + 1.0, last);
                push_edges(&mut edges, step, last);
            }
        }
    }
    edges.sort_by(f64::total_cmp);
    edges.dedup();
    edges.windows(2).map(|pair| f64::midpoint(pair[0], pair[1])).collect()
}

fn push_edges(edges: &mut Vec<f64>, parts: f64, last: f64) {
    let mut number = 1.0;
    while parts <= DRAWS && number < parts && number <= last + 1.0 {
        edges.push(number / parts);
        number += 1.0;
    }
}
