//! The lines of `[Options]`.

use super::super::ast::{Choice, EntryOption, OptionKind, Setting, VariableValue};
use super::super::fault::Fault;
use super::super::reader::Reader;
use super::{number, template};

/// Options of Hurl that cannot be set here.
const UNSUPPORTED: [&str; 23] = [
    "aws-sigv4",
    "cacert",
    "cert",
    "connect-timeout",
    "connect-to",
    "digest",
    "http3",
    "ipv4",
    "ipv6",
    "key",
    "limit-rate",
    "location-trusted",
    "negotiate",
    "netrc",
    "netrc-file",
    "netrc-optional",
    "ntlm",
    "output",
    "path-as-is",
    "pinnedpubkey",
    "proxy",
    "resolve",
    "unix-socket",
];

/// Most tries and repetitions.
const MOST: u64 = 1000;
/// The longest time that may be set: an hour, in milliseconds.
const LONGEST: u64 = 3_600_000;

/// An option, if one is next.
pub(super) fn option(reader: &mut Reader<'_>) -> Result<Option<EntryOption>, Fault> {
    let before = reader.at();
    reader.empty_lines();
    reader.blanks();
    let at = reader.at();
    let name = reader.take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_'));
    let end = reader.at();
    reader.blanks();
    if !reader.take(":") {
        reader.seek(before);
        return Ok(None);
    }
    reader.blanks();
    let start = reader.at();
    let Some(kind) = kind(reader, name)? else {
        let message = format!("\"{name}\" is no option");
        return Err(if UNSUPPORTED.contains(&name) {
            Fault::unsupported(at..end, format!("the option \"{name}\""))
        } else {
            Fault::syntax(at..end, message)
        });
    };
    let span = start..reader.at();
    reader.line_end()?;
    Ok(Some(EntryOption { kind, span }))
}

fn kind(reader: &mut Reader<'_>, name: &str) -> Result<Option<OptionKind>, Fault> {
    Ok(Some(match name {
        "compressed" => OptionKind::Compressed(choice(reader)?),
        "delay" => OptionKind::Delay(time(reader)?),
        "header" => OptionKind::Header(template::value(reader)?),
        "http1.0" => OptionKind::Http10(choice(reader)?),
        "http1.1" => OptionKind::Http11(choice(reader)?),
        "http2" => OptionKind::Http2(choice(reader)?),
        "insecure" => insecure(reader)?,
        "location" => OptionKind::Location(choice(reader)?),
        "max-redirs" => OptionKind::MaxRedirects(count(reader)?),
        "max-time" => OptionKind::MaxTime(time(reader)?),
        "repeat" => OptionKind::Repeat(count(reader)?),
        "retry" => OptionKind::Retry(count(reader)?),
        "retry-interval" => OptionKind::RetryInterval(time(reader)?),
        "skip" => OptionKind::Skip(choice(reader)?),
        "user" => OptionKind::User(template::value(reader)?),
        "variable" => variable(reader)?,
        "verbose" | "very-verbose" => OptionKind::Verbose(choice(reader)?),
        "verbosity" => verbosity(reader)?,
        _ => return Ok(None),
    }))
}

fn choice(reader: &mut Reader<'_>) -> Result<Choice, Fault> {
    if reader.take("true") {
        return Ok(Choice::Given(true));
    }
    if reader.take("false") {
        return Ok(Choice::Given(false));
    }
    match template::placeholder(reader)? {
        Some(found) => Ok(Choice::Placeholder(found)),
        None => Err(reader.wrong("true or false is missing")),
    }
}

fn insecure(reader: &mut Reader<'_>) -> Result<OptionKind, Fault> {
    let start = reader.at();
    let found = choice(reader)?;
    if matches!(found, Choice::Given(true)) {
        let message = "a certificate that cannot be trusted is a failure: \"insecure\" is false";
        return Err(Fault::unsupported(start..reader.at(), message));
    }
    Ok(OptionKind::Insecure(found))
}

fn count(reader: &mut Reader<'_>) -> Result<Setting, Fault> {
    let start = reader.at();
    if let Some(found) = number::integer(reader)? {
        let span = start..reader.at();
        return match u64::try_from(found) {
            Ok(found) if found <= MOST => Ok(Setting::Given(found)),
            Err(_) if found < -1 => Err(Fault::syntax(span, "the number is below zero")),
            _ => Err(Fault::unsupported(span, format!("a number without an end: at most {MOST} is allowed"))),
        };
    }
    setting(reader)
}

fn time(reader: &mut Reader<'_>) -> Result<Setting, Fault> {
    let start = reader.at();
    if let Some(found) = number::integer(reader)? {
        let at = reader.at();
        let unit = match reader.take_while(|c| c.is_ascii_alphabetic()) {
            "" | "ms" => 1,
            "s" => 1000,
            "m" => 60_000,
            "h" => 3_600_000,
            unit => return Err(Fault::syntax(at..reader.at(), format!("\"{unit}\" is no unit: ms, s, m or h are"))),
        };
        let Ok(found) = u64::try_from(found) else {
            return Err(Fault::syntax(start..reader.at(), "the number is below zero"));
        };
        let millis = found.saturating_mul(unit);
        if millis > LONGEST {
            return Err(Fault::unsupported(start..reader.at(), "a time of more than an hour"));
        }
        return Ok(Setting::Given(millis));
    }
    setting(reader)
}

fn setting(reader: &mut Reader<'_>) -> Result<Setting, Fault> {
    match template::placeholder(reader)? {
        Some(found) => Ok(Setting::Placeholder(found)),
        None => Err(reader.wrong("a number is missing")),
    }
}

fn verbosity(reader: &mut Reader<'_>) -> Result<OptionKind, Fault> {
    if ["brief", "verbose", "debug"].iter().any(|word| reader.take(word)) {
        return Ok(OptionKind::Verbose(Choice::Given(true)));
    }
    Err(reader.wrong("brief, verbose or debug is missing"))
}

fn variable(reader: &mut Reader<'_>) -> Result<OptionKind, Fault> {
    let name = template::variable_name(reader)?;
    reader.blanks();
    reader.expect("=")?;
    reader.blanks();
    let value = if reader.take("null") {
        VariableValue::Null
    } else if reader.take("true") {
        VariableValue::Bool(true)
    } else if reader.take("false") {
        VariableValue::Bool(false)
    } else if let Some(found) = number::number(reader)? {
        VariableValue::Number(found)
    } else if let Some(found) = template::quoted(reader, '"')? {
        VariableValue::Text(found)
    } else {
        VariableValue::Text(template::value(reader)?)
    };
    Ok(OptionKind::Variable(name, value))
}
