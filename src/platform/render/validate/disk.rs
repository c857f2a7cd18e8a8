//! Persistent disks.

use crate::platform::render::blueprint::Service;
use crate::platform::render::vocabulary::{holds, vocabulary};
use crate::text::tree::Node;

use super::{DISCOURAGED, Judge, at, scaling};

pub(super) fn check(judge: &mut Judge<'_>, service: &Service) {
    let Some(disk) = service.table.get("disk") else { return };
    if let Some(key) = scaling::several(service) {
        let message = "a service with a disk runs one instance";
        judge.error("disk-scaling", at(service, key), DISCOURAGED, message);
    }
    let Some(mount) = disk.at(&["mountPath"]).and_then(Node::as_str) else { return };
    let bare = if mount.len() > 1 { mount.trim_end_matches('/') } else { mount };
    if !bare.starts_with('/') {
        let message = format!("the mount path \"{mount}\" is not absolute");
        judge.error("disk-mount-path", at(service, "disk"), DISCOURAGED, message);
    } else if holds(&vocabulary().reserved_mounts, bare) {
        let message = format!("no disk can be mounted at \"{mount}\"; a folder below it is allowed");
        judge.error("disk-mount-path", at(service, "disk"), DISCOURAGED, message);
    }
}
