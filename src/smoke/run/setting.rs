//! The options of one request.

use super::scene::Scene;
use super::trouble::Trouble;
use crate::smoke::ast::{Choice, EntryOption, OptionKind, Setting, Span, VariableValue};
use crate::smoke::number::Number;
use crate::smoke::port::Millis;
use crate::smoke::value::Value;

/// What the options of a request set.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    pub(super) is_compressed: bool,
    pub(super) delay: Millis,
    pub(super) headers: Vec<(String, String)>,
    pub(super) follows: bool,
    pub(super) redirects: u64,
    pub(super) timeout: Millis,
    pub(super) repeat: u64,
    pub(super) retry: u64,
    pub(super) retry_interval: Millis,
    pub(super) is_skipped: bool,
    pub(super) user: Option<String>,
}

/// How long a request may take, when nobody says otherwise.
const PATIENCE: Millis = 10_000;
/// Most tries and repetitions, and the longest time.
const MOST: u64 = 1000;
const LONGEST: Millis = 3_600_000;

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            is_compressed: false,
            delay: 0,
            headers: Vec::new(),
            follows: false,
            redirects: 50,
            timeout: PATIENCE,
            repeat: 1,
            retry: 0,
            retry_interval: 1000,
            is_skipped: false,
            user: None,
        }
    }
}

/// Reads the options of a request, in order; variables are set at once.
pub(super) fn settings(scene: &mut Scene<'_>, options: &[EntryOption]) -> Result<Settings, Trouble> {
    let mut settings = Settings::default();
    for option in options {
        let span = &option.span;
        match &option.kind {
            OptionKind::Compressed(value) => settings.is_compressed = choice(scene, value)?,
            OptionKind::Delay(value) => settings.delay = number(scene, value, LONGEST)?,
            OptionKind::Header(value) => {
                let header = scene.render(value)?;
                let Some((name, value)) = header.split_once(':') else {
                    return Err(Trouble::failed(span, "a header is a name and a value with a colon between them"));
                };
                settings.headers.push((name.trim().to_owned(), value.trim().to_owned()));
            }
            OptionKind::Http10(value)
            | OptionKind::Http11(value)
            | OptionKind::Http2(value)
            | OptionKind::Verbose(value) => {
                choice(scene, value)?;
            }
            OptionKind::Insecure(value) => insecure(scene, value, span)?,
            OptionKind::Location(value) => settings.follows = choice(scene, value)?,
            OptionKind::MaxRedirects(value) => settings.redirects = number(scene, value, MOST)?,
            OptionKind::MaxTime(value) => settings.timeout = number(scene, value, LONGEST)?,
            OptionKind::Repeat(value) => settings.repeat = number(scene, value, MOST)?,
            OptionKind::Retry(value) => settings.retry = number(scene, value, MOST)?,
            OptionKind::RetryInterval(value) => settings.retry_interval = number(scene, value, LONGEST)?,
            OptionKind::Skip(value) => settings.is_skipped = choice(scene, value)?,
            OptionKind::User(value) => settings.user = Some(scene.render(value)?),
            OptionKind::Variable(name, value) => {
                let value = match value {
                    VariableValue::Null => Value::Null,
                    VariableValue::Bool(value) => Value::Bool(*value),
                    VariableValue::Number(number) => Value::Number(number.clone()),
                    VariableValue::Text(template) => Value::Text(scene.render(template)?),
                };
                scene.variables.set(name.clone(), value);
            }
        }
    }
    Ok(settings)
}

fn choice(scene: &mut Scene<'_>, choice: &Choice) -> Result<bool, Trouble> {
    match choice {
        Choice::Given(value) => Ok(*value),
        Choice::Placeholder(placeholder) => match scene.value(placeholder)? {
            Value::Bool(value) => Ok(value),
            other => {
                Err(Trouble::failed(&placeholder.span, format!("true or false is needed, and it is {}", other.show())))
            }
        },
    }
}

fn insecure(scene: &mut Scene<'_>, value: &Choice, span: &Span) -> Result<(), Trouble> {
    if choice(scene, value)? {
        return Err(Trouble::unknown(span, "a certificate that cannot be trusted is a failure: \"insecure\" is false"));
    }
    Ok(())
}

fn number(scene: &mut Scene<'_>, setting: &Setting, most: u64) -> Result<u64, Trouble> {
    let placeholder = match setting {
        Setting::Given(number) => return Ok(*number),
        Setting::Placeholder(placeholder) => placeholder,
    };
    let value = scene.value(placeholder)?;
    let found = match &value {
        Value::Number(Number::Integer(number)) => Some(*number),
        _ => None,
    };
    match found.map(u64::try_from) {
        Some(Ok(number)) if number <= most => Ok(number),
        Some(Err(_)) if found.is_some_and(|number| number < -1) => {
            Err(Trouble::failed(&placeholder.span, "the number is below zero"))
        }
        Some(_) => Err(Trouble::unknown(&placeholder.span, format!("at most {most} is allowed here"))),
        None => {
            Err(Trouble::failed(&placeholder.span, format!("a whole number is needed, and it is {}", value.show())))
        }
    }
}
