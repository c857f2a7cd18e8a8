//! Names that are given twice.

use std::collections::HashMap;

use crate::platform::render::blueprint::Resource;

use super::index::written_name;
use super::{DISCOURAGED, Judge, Subject, at};

pub(super) fn check(judge: &mut Judge<'_>) {
    let blueprint = judge.input.blueprint;
    let services = blueprint.services.iter().map(|service| &service.resource).enumerate();
    duplicates(judge, "service", services.map(|(number, one)| (Subject::Service(number), one)));
    let databases = blueprint.databases.iter().enumerate();
    duplicates(judge, "database", databases.map(|(number, one)| (Subject::Database(number), one)));
    let groups = blueprint.groups.iter().enumerate();
    duplicates(judge, "environment group", groups.map(|(number, one)| (Subject::Group(number), one)));
}

fn duplicates<'a>(judge: &mut Judge<'_>, title: &str, all: impl Iterator<Item = (Subject, &'a Resource)>) {
    let mut seen: HashMap<&str, &str> = HashMap::new();
    for (subject, resource) in all {
        let Some(name) = written_name(resource) else { continue };
        match seen.get(name) {
            Some(first) => {
                judge.subject = subject;
                let message = format!("the {title} name \"{name}\" is used twice, first at {first}");
                judge.error("duplicate-name", at(resource, "name"), DISCOURAGED, message);
            }
            None => {
                seen.insert(name, &resource.path);
            }
        }
    }
    judge.subject = Subject::File;
}
