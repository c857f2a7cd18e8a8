//! Cron jobs and their schedules, and keys that only some types have.

use crate::platform::render::blueprint::{Class, Service};

use super::spot::Spot;
use super::{DISCOURAGED, FORBIDDEN, Judge, at};

/// Keys of services that keep running.
const FOREIGN: [&str; 6] = ["disk", "healthCheckPath", "numInstances", "scaling", "domains", "domain"];
/// Keys of services that the public can reach.
const WEB_ONLY: [&str; 3] = ["domains", "domain", "healthCheckPath"];

pub(super) fn check(judge: &mut Judge<'_>, service: &Service) {
    let has = |key: &str| service.table.contains_key(key);
    let title = service.class.map_or("service", Class::title);
    if service.class == Some(Class::Cron) {
        check_schedule(judge, service);
        for key in FOREIGN.into_iter().filter(|key| has(key)) {
            let message = format!("a cron job has no \"{key}\"");
            judge.error("field-not-for-type", at(service, key), DISCOURAGED, message);
        }
        return;
    }
    if has("schedule") {
        let message = format!("a {title} has no \"schedule\"; only cron jobs have one");
        judge.error("field-not-for-type", at(service, "schedule"), DISCOURAGED, message);
    }
    if !matches!(service.class, Some(Class::Web | Class::Static)) {
        for key in WEB_ONLY.into_iter().filter(|key| has(key)) {
            let message = format!("a {title} has no \"{key}\"; only web services have one");
            judge.warn("field-not-for-type", at(service, key), DISCOURAGED, message);
        }
    }
}

fn check_schedule(judge: &mut Judge<'_>, service: &Service) {
    let Some(schedule) = service.table.get("schedule") else {
        let message = "the cron job has no \"schedule\"";
        judge.error("cron-no-schedule", Spot::resource(service), FORBIDDEN, message);
        return;
    };
    let Some(text) = schedule.as_str().filter(|text| !is_valid(text)) else { return };
    let fields = text.split_whitespace().count();
    let message = match fields {
        5 => format!("the schedule \"{text}\" has a field that is out of its range"),
        6 => format!("the schedule \"{text}\" has 6 fields; Render reads 5: minute, hour, day, month, weekday"),
        _ => format!("the schedule \"{text}\" is no cron expression of 5 fields"),
    };
    judge.error("cron-schedule", at(service, "schedule"), DISCOURAGED, message);
}

/// The values of a field and the names that may stand for them.
struct Field {
    from: u32,
    to: u32,
    names: &'static [&'static str],
}

const FIELDS: [Field; 5] = [
    Field { from: 0, to: 59, names: &[] },
    Field { from: 0, to: 23, names: &[] },
    Field { from: 1, to: 31, names: &[] },
    Field {
        from: 1,
        to: 12,
        names: &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
    },
    Field { from: 0, to: 7, names: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"] },
];

/// Whether a text is a cron expression of five fields.
#[must_use]
pub(super) fn is_valid(text: &str) -> bool {
    let mut parts = text.split_whitespace();
    let all = FIELDS.iter().all(|field| parts.next().is_some_and(|part| part.split(',').all(|one| field.takes(one))));
    all && parts.next().is_none()
}

impl Field {
    fn takes(&self, part: &str) -> bool {
        let (range, step) = part.split_once('/').map_or((part, None), |(range, step)| (range, Some(step)));
        if step.is_some_and(|step| step.parse::<u32>().map_or(true, |step| step < 1)) {
            return false;
        }
        if range == "*" {
            return true;
        }
        let mut ends = range.splitn(3, '-');
        let has_two_at_most = ends.by_ref().take(2).all(|end| self.takes_value(end));
        has_two_at_most && ends.next().is_none()
    }

    fn takes_value(&self, value: &str) -> bool {
        if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
            return value.parse::<u32>().is_ok_and(|value| (self.from..=self.to).contains(&value));
        }
        self.names.contains(&value.to_lowercase().as_str())
    }
}
