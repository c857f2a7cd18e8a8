//! `.chimera/verify.toml`: what people want to be verified. Everything works without it.

use crate::pipeline::order::Doubt;
use crate::pipeline::world::Millis;
use crate::text::source::Source;
use crate::text::span::FileId;
use crate::text::tree::{Node, Table};
use crate::text::{suggest, toml};
use crate::verify::bake::Route;
use crate::verify::expectation::Expectation;
use crate::verify::gate::CONFIRM;
use crate::verify::latency::Measure;
use crate::verify::probe::{Origin, Probe, Weight};
use crate::verify::prober::MOST_REDIRECTS;

/// Where the file lies in a repository.
pub const PATH: &str = ".chimera/verify.toml";

const KEYS: [&str; 5] = ["bake", "check", "confirm", "latency", "on_inconclusive"];
const CHECK_KEYS: [&str; 6] = ["blocking", "body_contains", "name", "p95_ms", "status", "url"];
const LATENCY_KEYS: [&str; 4] = ["alpha", "min_shift_ms", "ratio", "routes"];
/// The longest watch, and the most attempts and routes.
const MOST_BAKE: f64 = 3_600.0;
const MOST_CONFIRM: f64 = 10.0;
const MOST_ROUTES: usize = 8;

/// What the file says.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// How long a deploy is watched; none leaves it to the command line.
    pub bake: Option<Millis>,
    /// Attempts until a failure counts.
    pub confirm: u32,
    /// What happens when nobody could find out; none leaves it to the command line.
    pub doubt: Option<Doubt>,
    /// Checks of one request.
    pub checks: Vec<Probe>,
    /// Paths whose latency is measured.
    pub routes: Vec<Route>,
    /// When a path counts as slower.
    pub measure: Measure,
}

impl Default for Settings {
    fn default() -> Settings {
        let routes = vec![Route { path: "/".to_owned(), p95: None }];
        Settings { bake: None, confirm: CONFIRM, doubt: None, checks: Vec::new(), routes, measure: Measure::default() }
    }
}

/// What is wrong with the file, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{PATH}:{line}:{column}: {message}")]
pub struct SettingError {
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
    /// What is wrong and what would be accepted.
    pub message: String,
}

/// Reads the file.
///
/// # Errors
/// The first thing that is wrong, with its place.
pub fn parse(text: &str) -> Result<Settings, SettingError> {
    let root = toml::parse(text, FileId(0)).map_err(|error| SettingError {
        line: error.line,
        column: error.column,
        message: error.reason.to_string(),
    })?;
    let reader = Reader { source: Source::new(PATH, true, text) };
    let mut settings = Settings::default();
    let mut limited = Vec::new();
    for (key, entry) in root.as_table().map(Table::iter).into_iter().flatten() {
        let value = &entry.value;
        match key {
            "bake" => settings.bake = Some(reader.span(value)?),
            "confirm" => settings.confirm = reader.number(value, 1.0, MOST_CONFIRM)? as u32,
            "on_inconclusive" => settings.doubt = Some(reader.doubt(value)?),
            "check" => (settings.checks, limited) = reader.checks(value)?,
            "latency" => reader.latency(value, &mut settings)?,
            _ => return Err(reader.unknown(key, entry.key_span.start, &KEYS)),
        }
    }
    for route in limited {
        match settings.routes.iter_mut().find(|known| known.path == route.path) {
            Some(known) => known.p95 = route.p95,
            None => settings.routes.push(route),
        }
    }
    Ok(settings)
}

struct Reader {
    source: Source,
}

impl Reader {
    fn error(&self, offset: u32, message: impl Into<String>) -> SettingError {
        let position = self.source.position(offset);
        SettingError { line: position.line, column: position.column, message: message.into() }
    }

    fn unknown(&self, key: &str, offset: u32, accepted: &[&str]) -> SettingError {
        let hint = suggest::nearest(key, accepted.iter().copied()).map(|name| format!(", did you mean \"{name}\"?"));
        let hint = hint.unwrap_or_default();
        self.error(offset, format!("unknown key \"{key}\"{hint} (accepted: {})", accepted.join(", ")))
    }

    fn text(&self, node: &Node) -> Result<String, SettingError> {
        let text = node.as_str().map(str::trim).filter(|text| !text.is_empty() && !text.contains(char::is_control));
        text.map(str::to_owned)
            .ok_or_else(|| self.error(node.span.start, "expected a text of one line that is not empty"))
    }

    fn number(&self, node: &Node, least: f64, most: f64) -> Result<f64, SettingError> {
        let found = node.as_number().filter(|number| (least..=most).contains(number));
        found.ok_or_else(|| self.error(node.span.start, format!("expected a number from {least} to {most}")))
    }

    fn table<'a>(&self, node: &'a Node, written: &str) -> Result<&'a Table, SettingError> {
        node.as_table().ok_or_else(|| self.error(node.span.start, format!("write it as {written}")))
    }

    fn doubt(&self, node: &Node) -> Result<Doubt, SettingError> {
        match node.as_str() {
            Some("keep") => Ok(Doubt::Keep),
            Some("rollback") => Ok(Doubt::Return),
            _ => Err(self.error(node.span.start, "expected \"keep\" or \"rollback\"")),
        }
    }

    /// Seconds as a number, or a text such as "90s" or "5m".
    fn span(&self, node: &Node) -> Result<Millis, SettingError> {
        let seconds = match node.as_str() {
            None => node.as_number(),
            Some(text) => {
                let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
                let factor = match &text[digits.len()..] {
                    "s" => Some(1.0),
                    "m" => Some(60.0),
                    "h" => Some(3_600.0),
                    _ => None,
                };
                factor.zip(digits.parse::<f64>().ok()).map(|(factor, number)| factor * number)
            }
        };
        let seconds = seconds.filter(|seconds| (0.0..=MOST_BAKE).contains(seconds));
        let found = seconds.map(|seconds| (seconds * 1_000.0) as Millis);
        found.ok_or_else(|| {
            self.error(node.span.start, "expected a time of at most one hour, such as \"90s\" or \"5m\"")
        })
    }

    fn checks(&self, node: &Node) -> Result<(Vec<Probe>, Vec<Route>), SettingError> {
        let items = node.as_array().ok_or_else(|| self.error(node.span.start, "write each check as [[check]]"))?;
        let (mut checks, mut routes) = (Vec::new(), Vec::new());
        for item in items {
            let (check, route) = self.check(item)?;
            checks.push(check);
            routes.extend(route);
        }
        Ok((checks, routes))
    }

    fn check(&self, item: &Node) -> Result<(Probe, Option<Route>), SettingError> {
        let table = self.table(item, "[[check]]")?;
        let line = self.source.position(item.span.start).line;
        let mut check = Probe::get("", Origin::line(PATH, line), "").following(MOST_REDIRECTS);
        let mut p95 = None;
        let mut status = Expectation::StatusClass(2);
        for (key, entry) in table.iter() {
            let value = &entry.value;
            match key {
                "name" => check.name = self.text(value)?,
                "url" => check.request.target = self.target(value)?,
                "status" => status = self.status(value)?,
                "body_contains" => check.expectations.push(Expectation::BodyContains(self.text(value)?)),
                "p95_ms" => p95 = Some(self.number(value, 1.0, 60_000.0)?),
                "blocking" => match value.as_bool() {
                    Some(true) => check.weight = Weight::Blocking,
                    Some(false) => check.weight = Weight::Advisory,
                    None => return Err(self.error(value.span.start, "expected true or false")),
                },
                _ => return Err(self.unknown(key, entry.key_span.start, &CHECK_KEYS)),
            }
        }
        if check.request.target.is_empty() {
            return Err(self.error(item.span.start, "the check needs \"url\", a path of the site or a whole address"));
        }
        if check.name.is_empty() {
            check.name.clone_from(&check.request.target);
        }
        if let Expectation::Status(wanted) = &status
            && wanted.iter().any(|status| (300..400).contains(status))
        {
            check.request.redirects = 0;
        }
        check.expectations.insert(0, status);
        let path = check.request.target.clone();
        let route = p95.map(|p95| Route { path, p95: Some(p95) });
        Ok((check, route))
    }

    fn target(&self, node: &Node) -> Result<String, SettingError> {
        let text = self.text(node)?;
        let is_address = text.starts_with("https://") || text.starts_with("http://");
        if is_address || (text.starts_with('/') && !text.starts_with("//")) {
            return Ok(text);
        }
        Err(self
            .error(node.span.start, format!("\"{text}\" is neither a path that begins with \"/\" nor a whole address")))
    }

    fn status(&self, node: &Node) -> Result<Expectation, SettingError> {
        let one = |node: &Node| {
            let number = self.number(node, 100.0, 599.0)?;
            Ok(number as u16)
        };
        match node.as_array() {
            Some([]) => Err(self.error(node.span.start, "expected at least one status")),
            Some(all) => Ok(Expectation::Status(all.iter().map(one).collect::<Result<_, _>>()?)),
            None => Ok(Expectation::Status(vec![one(node)?])),
        }
    }

    fn latency(&self, node: &Node, settings: &mut Settings) -> Result<(), SettingError> {
        for (key, entry) in self.table(node, "[latency]")?.iter() {
            let value = &entry.value;
            match key {
                "alpha" => settings.measure.alpha = self.number(value, 1e-9, 0.05)?,
                "ratio" => settings.measure.ratio = self.number(value, 1.01, 100.0)?,
                "min_shift_ms" => settings.measure.shift = self.number(value, 0.0, 60_000.0)?,
                "routes" => settings.routes = self.routes(value)?,
                _ => return Err(self.unknown(key, entry.key_span.start, &LATENCY_KEYS)),
            }
        }
        Ok(())
    }

    fn routes(&self, node: &Node) -> Result<Vec<Route>, SettingError> {
        let wrong = || self.error(node.span.start, format!("expected a list of at most {MOST_ROUTES} paths"));
        let items = node.as_array().filter(|items| items.len() <= MOST_ROUTES).ok_or_else(wrong)?;
        let route = |item: &Node| Ok(Route { path: self.target(item)?, p95: None });
        items.iter().map(route).collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read() {
        let text = "bake = \"5m\"\nconfirm = 2\non_inconclusive = \"rollback\"\n\n[[check]]\nname = \"checkout\"\nurl = \"/checkout\"\n\
                    status = 200\nbody_contains = \"Pay\"\np95_ms = 800\nblocking = false\n\n[latency]\nroutes = [\"/\", \"/blog/\"]\nratio = 1.5\n";
        let settings = parse(text).unwrap();
        assert_eq!((settings.bake, settings.confirm, settings.doubt), (Some(300_000), 2, Some(Doubt::Return)));
        let check = &settings.checks[0];
        assert_eq!((check.name.as_str(), check.weight), ("checkout", Weight::Advisory));
        assert_eq!(check.origin.to_string(), ".chimera/verify.toml:5");
        assert_eq!(check.expectations[0], Expectation::Status(vec![200]));
        let routes: Vec<_> = settings.routes.iter().map(|route| (route.path.as_str(), route.p95)).collect();
        assert_eq!(routes, [("/", None), ("/blog/", None), ("/checkout", Some(800.0))]);
        assert_eq!(parse("").unwrap(), Settings::default());
        assert_eq!(parse("bake = 90").unwrap().bake, Some(90_000));
    }

    #[test]
    fn a_check_that_expects_a_redirect_looks_at_the_redirect_itself() {
        let settings = parse("[[check]]\nurl = \"/old\"\nstatus = [301, 308]").unwrap();
        assert_eq!(settings.checks[0].request.redirects, 0);
        let settings = parse("[[check]]\nurl = \"/old\"").unwrap();
        assert_eq!(settings.checks[0].request.redirects, MOST_REDIRECTS);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let cases = [
            ("bakes = 3", "1:1: unknown key \"bakes\", did you mean \"bake\"?"),
            ("bake = \"5 min\"", "1:8: expected a time"),
            ("bake = 4000", "1:8: expected a time"),
            ("confirm = 0", "1:11: expected a number from 1 to 10"),
            ("on_inconclusive = \"stay\"", "1:19: expected \"keep\" or \"rollback\""),
            ("check = 3", "1:9: write each check as [[check]]"),
            ("[[check]]\nname = \"x\"", "the check needs \"url\""),
            ("[[check]]\nurl = \"checkout\"", "2:7: \"checkout\" is neither"),
            ("[[check]]\nurl = \"//evil.test/\"", "2:7: \"//evil.test/\" is neither"),
            ("[[check]]\nurl = \"/\"\nstatus = 20", "3:10: expected a number from 100 to 599"),
            ("[latency]\nratio = 1", "2:9: expected a number"),
            ("[latency]\nroute = []", "2:1: unknown key \"route\", did you mean \"routes\"?"),
            ("a = ", "1:"),
        ];
        for (text, wanted) in cases {
            let found = parse(text).unwrap_err().to_string();
            assert!(found.contains(wanted), "{text}: {found}");
        }
    }
}
