//! An answer against what is expected of it.

use super::answer::Answers;
use super::scene::Scene;
use super::trouble::Trouble;
use super::{filter, predicate, query};
use crate::smoke::ast::{Assert, Body, Capture, Expectation, Pair, Span};
use crate::smoke::value::{Value, quote};

/// Everything that is not as it has to be. A wrong status or version hides the rest.
pub(super) fn examine(scene: &mut Scene<'_>, expectation: &Expectation, answers: &Answers) -> Vec<Trouble> {
    let first = status(scene, expectation, answers);
    if !first.is_empty() {
        return first;
    }
    for captured in &expectation.captures {
        if let Err(trouble) = capture(scene, captured, answers) {
            return vec![trouble];
        }
    }
    let mut troubles: Vec<Trouble> = Vec::new();
    troubles.extend(expectation.headers.iter().filter_map(|pair| header(scene, pair, answers).err()));
    troubles.extend(expectation.body.iter().filter_map(|expected| body(scene, expected, answers).err()));
    troubles.extend(expectation.asserts.iter().filter_map(|expected| assert(scene, expected, answers).err()));
    troubles
}

fn status(scene: &Scene<'_>, expectation: &Expectation, answers: &Answers) -> Vec<Trouble> {
    let mut troubles = Vec::new();
    let answer = answers.last();
    if let Some(version) = expectation.version.filter(|version| *version != answer.version) {
        let span = &expectation.version_span;
        troubles.push(if scene.world.speaks(version) {
            Trouble::wrong(span, format!("the answer came by {}", answer.version), version)
        } else {
            Trouble::unknown(span, format!("{version} is not spoken here: \"HTTP\" stands for any version"))
        });
    }
    if let Some(status) = expectation.status.filter(|status| *status != u64::from(answer.status)) {
        let message = format!("the status is {}", answer.status);
        troubles.push(Trouble::wrong(&expectation.status_span, message, status.to_string()));
    }
    troubles
}

fn header(scene: &mut Scene<'_>, pair: &Pair, answers: &Answers) -> Result<(), Trouble> {
    let expected = scene.render(&pair.value)?;
    let name = scene.render(&pair.name)?;
    let values: Vec<&str> = answers.last().values(&name).collect();
    if values.iter().any(|value| *value == expected) {
        return Ok(());
    }
    let message = match values[..] {
        [] => format!("the header \"{name}\" is missing"),
        _ => {
            let found: Vec<String> = values.iter().map(|value| quote(value)).collect();
            format!("the header \"{name}\" is {}", found.join(" and "))
        }
    };
    Err(Trouble::wrong(&pair.value.span, message, quote(&expected)))
}

fn body(scene: &mut Scene<'_>, expected: &Body, answers: &Answers) -> Result<(), Trouble> {
    let span = &expected.span;
    let wanted = scene.body(expected)?;
    match &wanted {
        Value::Text(wanted) => {
            let found = answers.text().map_err(|error| query::of_decode(error, span))?;
            if found == wanted { Ok(()) } else { Err(difference(span, wanted, found)) }
        }
        Value::Bytes(wanted) => {
            let found = answers.bytes().map_err(|error| query::of_decode(error, span))?;
            let message = format!("the body has {} bytes", found.len());
            let expected = format!("a body of these {} bytes", wanted.len());
            if found == wanted { Ok(()) } else { Err(Trouble::wrong(span, message, expected)) }
        }
        _ => Ok(()),
    }
}

/// The first line in which two texts differ.
fn difference(span: &Span, wanted: &str, found: &str) -> Trouble {
    let mut lines = wanted.split('\n').zip(found.split('\n')).zip(1..);
    match lines.find(|((wanted, found), _)| wanted != found) {
        Some(((wanted, found), line)) => {
            Trouble::wrong(span, format!("line {line} of the body is {}", quote(found)), quote(wanted))
        }
        None if wanted.len() > found.len() => Trouble::failed(span, "the body ends too early"),
        None => Trouble::failed(span, "the body goes on where it should end"),
    }
}

fn capture(scene: &mut Scene<'_>, capture: &Capture, answers: &Answers) -> Result<(), Trouble> {
    let name = scene.render(&capture.name)?;
    let found = query::query(scene, answers, &capture.query)?;
    let nothing = |source: &str| Trouble::failed(&capture.query.span, format!("{source} gives nothing to keep"));
    if found.is_none() {
        return Err(nothing(scene.source(&capture.query.span)));
    }
    let Some(value) = filter::apply(scene, &capture.filters, found)? else {
        return Err(nothing(scene.source(&capture.query.span)));
    };
    match value {
        Value::Text(text) if capture.is_redacted => scene.variables.set_secret(name, text),
        value if capture.is_redacted => {
            let message = format!("only a text can be redacted, and it is of the kind \"{}\"", value.kind());
            return Err(Trouble::failed(&capture.name.span, message));
        }
        value => scene.variables.set(name, value),
    }
    Ok(())
}

fn assert(scene: &mut Scene<'_>, assert: &Assert, answers: &Answers) -> Result<(), Trouble> {
    let found = query::query(scene, answers, &assert.query)?;
    let value = filter::apply(scene, &assert.filters, found)?;
    if predicate::holds(scene, &assert.predicate, value.as_ref())? {
        return Ok(());
    }
    let end = assert.filters.last().map_or(assert.query.span.end, |filter| filter.span.end);
    let asked = scene.source(&(assert.query.span.start..end)).to_owned();
    let found = value.map_or_else(|| "not there".to_owned(), |value| value.show());
    let expected = predicate::show(scene, &assert.predicate);
    Err(Trouble::wrong(&assert.span, format!("{asked} is {found}"), expected))
}
