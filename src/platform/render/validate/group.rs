//! Environment groups.

use std::collections::HashSet;

use crate::platform::render::blueprint::Resource;
use crate::text::tree::Node;

use super::spot::Spot;
use super::{FORBIDDEN, Judge, TAKEN, variable};

pub(super) fn check(judge: &mut Judge<'_>, group: &Resource) {
    let mut seen = HashSet::new();
    for (number, entry) in group.env.iter().enumerate() {
        judge.entry = Some(number);
        let spot = |key: &str| Spot::entry(entry).key(&entry.table, key);
        if entry.table.get("sync").and_then(Node::as_bool) == Some(false) {
            let name = variable::shown(entry);
            let message = format!("{name} never exists: environment groups ignore variables with \"sync: false\"");
            judge.warn("sync-false-in-group", spot("sync"), TAKEN, message);
        }
        for key in ["fromDatabase", "fromService", "fromGroup"] {
            if entry.table.contains_key(key) {
                let message = format!("an environment group takes no \"{key}\", only \"value\" and \"generateValue\"");
                judge.error("ref-in-group", spot(key), FORBIDDEN, message);
            }
        }
        variable::check_duplicate(judge, entry, &mut seen);
        variable::check_source(judge, entry);
    }
    judge.entry = None;
}
