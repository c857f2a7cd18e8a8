//! What a Blueprint does not say.

use crate::platform::render::FILE_NAME;
use crate::platform::render::blueprint::Service;
use crate::platform::render::reading::Oddity;
use crate::platform::render::site::RenderSite;
use crate::platform::render::validate::{Engine, Grade, Remark};
use crate::sim::plan::Unknown;
use crate::sim::stage::Stage;
use crate::text::tree::Node;
use crate::text::yaml::DoubtKind;

/// What the files leave open about a Blueprint.
#[must_use]
pub fn unknowns(site: &RenderSite<'_>) -> Vec<Unknown> {
    if site.is_missing {
        return vec![Unknown {
            stage: Stage::Blueprint,
            what: format!("what the services are: there is no \"{FILE_NAME}\""),
            would_change: "everything; services may have been made in the dashboard".to_owned(),
            tell: Some(format!("write a \"{FILE_NAME}\"")),
            decides: true,
        }];
    }
    let mut unknowns = open(site);
    unknowns.extend(site.remarks.iter().filter(|remark| remark.rule == "ref-unresolved").map(workspace));
    unknowns.extend(site.blueprint.services.iter().filter_map(typed));
    unknowns
}

/// Places of which nobody knows what Render's validator does with them; what it refuses for sure makes them idle.
fn open(site: &RenderSite<'_>) -> Vec<Unknown> {
    if site.verdict.engine == Engine::Rejects {
        return Vec::new();
    }
    // Several instances on one disk fail in any case, whoever notices it.
    let is_sure = |remark: &Remark| matches!(remark.rule, "disk-scaling" | "free-scaling");
    let is_open =
        |remark: &&Remark| remark.engine == Engine::Unknown && remark.grade == Grade::Error && !is_sure(remark);
    let remarks = site.remarks.iter().filter(is_open).map(|remark| &remark.path);
    let violations = site.doubtful().map(|violation| &violation.path);
    let mut paths: Vec<&String> = remarks.chain(violations).collect();
    paths.sort_unstable();
    paths.dedup();
    let unknown = |path: &String| Unknown {
        stage: Stage::Blueprint,
        what: format!("whether Render's validator takes {}", if path.is_empty() { "the Blueprint" } else { path }),
        would_change: "whether anything is deployed".to_owned(),
        tell: None,
        decides: true,
    };
    paths.into_iter().map(unknown).chain(tab(site)).chain(odd(site)).collect()
}

/// A tab that readers of YAML 1.2 skip; those of Go, which Render's messages point to, stop at it.
fn tab(site: &RenderSite<'_>) -> Option<Unknown> {
    let doubt = site.document.doubts.iter().find(|doubt| doubt.kind == DoubtKind::Tab)?;
    let line = site.sources.get(site.file)?.position(doubt.span.start).line;
    Some(Unknown {
        stage: Stage::Blueprint,
        what: format!("whether Render's reader takes the tab in line {line}"),
        would_change: "whether anything is deployed".to_owned(),
        tell: None,
        decides: true,
    })
}

/// Bytes that not every reader takes.
fn odd(site: &RenderSite<'_>) -> Option<Unknown> {
    let (oddity, span) = site.oddity?;
    let line = site.sources.get(site.file)?.position(span.start).line;
    let (what, tell) = match oddity {
        Oddity::NotUtf8 => {
            (format!("whether Render's reader takes line {line}, which is not UTF-8"), "save it as UTF-8")
        }
        Oddity::Control(_) => (
            format!("whether Render's reader takes the control character in line {line}"),
            "take the control character out",
        ),
        Oddity::Utf16 => ("what the Blueprint says: it is in UTF-16".to_owned(), "save it as UTF-8"),
        Oddity::Elsewhere => (
            "what the Blueprint says: it is a symbolic link that leads out of the repository".to_owned(),
            "commit the file itself",
        ),
    };
    let would_change = "whether anything is deployed".to_owned();
    Some(Unknown { stage: Stage::Blueprint, what, would_change, tell: Some(tell.to_owned()), decides: true })
}

/// A name that the file does not declare may exist in the workspace.
fn workspace(remark: &Remark) -> Unknown {
    Unknown {
        stage: Stage::Blueprint,
        what: format!("whether the workspace has what {} names", remark.path),
        would_change: "whether the Blueprint is accepted".to_owned(),
        tell: Some("declare it in this Blueprint".to_owned()),
        decides: false,
    }
}

/// Values that somebody types into the dashboard.
fn typed(service: &Service) -> Option<Unknown> {
    let is_asked = |entry: &&crate::platform::render::blueprint::EnvEntry| {
        entry.value.is_none() && entry.table.get("sync").and_then(Node::as_bool) == Some(false)
    };
    let names: Vec<&str> =
        service.env.iter().filter(is_asked).filter_map(|entry| Some(entry.key.as_ref()?.value.as_str())).collect();
    let (first, more) = (names.first()?, names.len() - 1);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    Some(Unknown {
        stage: Stage::Start,
        what: format!("the values of {first}{more} of \"{}\", which are typed into the dashboard", service.name()),
        would_change: "whether the service starts without them".to_owned(),
        tell: None,
        decides: false,
    })
}
