//! Databases and environment groups.

use crate::platform::render::blueprint::Resource;
use crate::platform::render::validate::DEFAULT_REGION;
use crate::sim::plan::Group;
use crate::text::tree::Node;

use super::service::plan;
use super::{List, variable};

/// Disk sizes in GB by the family of a plan.
const DISKS: [(&str, &str); 4] = [("free", "1"), ("basic-", "15"), ("pro-", "100"), ("accelerated-", "250")];

pub(super) fn database(database: &Resource) -> Group {
    let mut list = List::default();
    list.key(
        "region",
        database,
        "region",
        Some((DEFAULT_REGION, "resources are made there unless they name a region")),
    );
    plan(&mut list, database, ("basic-256mb", "a database that is made today; one that exists keeps its plan"));
    list.key("PostgreSQL", database, "postgresMajorVersion", Some(("the newest", "a database that is made today")));
    let size = list.0.iter().find(|decision| decision.name == "plan");
    let size = size.and_then(|plan| DISKS.iter().find(|(family, _)| plan.value.starts_with(family)));
    let size = size.map(|(_, size)| (*size, "the size that comes with the plan"));
    list.key("disk in GB", database, "diskSizeGB", size);
    let own = "Render makes it from the name";
    list.key("database", database, "databaseName", Some(("made by Render", own)));
    list.key("user", database, "user", Some(("made by Render", own)));
    list.described("standby", database, "highAvailability", |node| {
        (node.at(&["enabled"]).and_then(Node::as_bool) == Some(true)).then(|| "yes".to_owned())
    });
    list.described("read replicas", database, "readReplicas", |node| Some(node.as_array()?.len().to_string()));
    list.key("plan of previews", database, "previewPlan", None);
    list.allowed(database, Some("whoever has the password; \"ipAllowList\" limits that"));
    Group { name: database.name().to_owned(), kind: "database", decisions: list.0 }
}

pub(super) fn group(group: &Resource) -> Group {
    let mut list = List::default();
    variable::list(&mut list, group);
    Group { name: group.name().to_owned(), kind: "environment group", decisions: list.0 }
}
