//! Postgres databases.

use crate::platform::render::blueprint::Resource;
use crate::platform::render::vocabulary::is_legacy_postgres;
use crate::text::tree::Node;

use super::index::list;
use super::spot::Spot;
use super::{DISCOURAGED, Grade, Judge, REFUSED, TAKEN, at, field, whole};

/// Read replicas at most (<https://render.com/docs/blueprint-spec>).
const MAX_REPLICAS: usize = 5;
/// The user that Postgres keeps for itself.
const RESERVED_USER: &str = "postgres";

pub(super) fn check(judge: &mut Judge<'_>, database: &Resource) {
    field::check(judge, database, field::Kind::Database);
    field::check_plan_case(judge, database);
    check_plan(judge, database);
    check_disk(judge, database);
    check_availability(judge, database);
    check_replicas(judge, database);
    if database.table.get("user").and_then(Node::as_str) == Some(RESERVED_USER) {
        let message =
            format!("a database user cannot be called \"{RESERVED_USER}\"; leave \"user\" out, or choose another name");
        judge.error("db-user-reserved", at(database, "user"), REFUSED, message).says("not a valid DB user name");
    }
    if !database.table.contains_key("ipAllowList") {
        let message = "without \"ipAllowList\" everybody who knows the password may connect from anywhere";
        judge.add("postgres-open", Grade::Info, Spot::resource(database), TAKEN, message);
    }
}

fn plan(database: &Resource) -> Option<String> {
    database.table.get("plan").and_then(Node::as_str).map(str::to_lowercase)
}

fn check_plan(judge: &mut Judge<'_>, database: &Resource) {
    let plan = plan(database);
    let is_legacy = plan.as_deref().is_some_and(is_legacy_postgres);
    if let Some(plan) = plan.filter(|_| is_legacy) {
        let message =
            format!("the legacy Postgres plan \"{plan}\" is closed for new databases; \"basic-256mb\" is open");
        let wording = format!("Legacy Postgres plans, including '{plan}', are no longer supported for new databases");
        judge.error("legacy-postgres-plan", at(database, "plan"), REFUSED, message).says(wording);
        if database.table.contains_key("diskSizeGB") {
            let message = "a legacy plan has a disk of fixed size, so \"diskSizeGB\" has no place here";
            judge.error("disk-size-on-legacy-plan", at(database, "diskSizeGB"), DISCOURAGED, message);
        }
    }
    if database.table.contains_key("plan") && database.table.contains_key("previewPlan") {
        let preview = database.table.get("previewPlan").and_then(Node::as_str).unwrap_or_default();
        if is_legacy != is_legacy_postgres(preview) {
            let message = "\"plan\" and \"previewPlan\" are of two families: both must be legacy plans, or neither";
            judge.error("preview-plan-family", at(database, "previewPlan"), DISCOURAGED, message);
        }
    }
}

fn check_disk(judge: &mut Judge<'_>, database: &Resource) {
    for key in ["diskSizeGB", "previewDiskSizeGB"] {
        let Some(size) = whole(database, key) else { continue };
        #[allow(clippy::float_cmp, reason = "whole numbers")]
        if size != 1.0 && size % 5.0 != 0.0 {
            let message = format!("\"{key}\" is {size}; it must be 1 or a multiple of 5");
            judge.error("postgres-disk-size", at(database, key), DISCOURAGED, message);
        }
    }
}

fn check_availability(judge: &mut Judge<'_>, database: &Resource) {
    let availability = database.table.get("highAvailability").and_then(|node| node.at(&["enabled"]));
    if availability.and_then(Node::as_bool) != Some(true) {
        return;
    }
    let is_small =
        |plan: &String| ["free", "basic-", "starter", "standard"].iter().any(|small| plan.starts_with(small));
    if plan(database).is_none_or(|plan| is_small(&plan)) {
        let message = "high availability needs a Pro or Accelerated plan";
        judge.error("ha-plan", at(database, "highAvailability"), DISCOURAGED, message);
    }
    if matches!(database.value("postgresMajorVersion"), "10" | "11" | "12") {
        let message = "high availability needs PostgreSQL 13 or later";
        judge.error("ha-version", at(database, "postgresMajorVersion"), DISCOURAGED, message);
    }
}

fn check_replicas(judge: &mut Judge<'_>, database: &Resource) {
    let count = list(&database.table, "readReplicas").count();
    if count > MAX_REPLICAS {
        let message = format!("{count} read replicas; a database has at most {MAX_REPLICAS}");
        judge.error("too-many-replicas", at(database, "readReplicas"), DISCOURAGED, message);
    }
    if count == 0 && database.table.get("readReplicas").is_some_and(|node| node.as_array().is_some()) {
        let message = "an empty \"readReplicas\" destroys all replicas that the database has";
        judge.warn("replicas-emptied", at(database, "readReplicas"), TAKEN, message);
    }
}
