//! What actions do to the files of a job.

use crate::platform::pages::publication::{self, CLASSIC_BUILD, CONFIGURE, DEPLOY, UPLOAD, UPLOAD_ANY};
use crate::platform::pages::workflow::{Step, Text};
use crate::project::output::{Effect, Folder, Product, tool};
use crate::project::path;

/// Actions that set up a tool and leave the checked out files as they are.
const SETUPS: [&str; 22] = [
    "pnpm/action-setup",
    "oven-sh/setup-bun",
    "denoland/setup-deno",
    "ruby/setup-ruby",
    "peaceiris/actions-hugo",
    "peaceiris/actions-mdbook",
    "dtolnay/rust-toolchain",
    "actions-rs/toolchain",
    "actions-rust-lang/setup-rust-toolchain",
    "swatinem/rust-cache",
    "taiki-e/install-action",
    "taiki-e/cache-cargo-install-action",
    "astral-sh/setup-uv",
    "abatilo/actions-poetry",
    "snok/install-poetry",
    "pdm-project/setup-pdm",
    "mamba-org/setup-micromamba",
    "conda-incubator/setup-miniconda",
    "quarto-dev/quarto-actions/setup",
    "shivammathur/setup-php",
    "gradle/actions/setup-gradle",
    "extractions/setup-just",
];

/// Whether an action leaves the files of the job as they are.
fn is_harmless(name: &str) -> bool {
    let is_own = [UPLOAD, UPLOAD_ANY, DEPLOY, CONFIGURE].contains(&name);
    is_own || SETUPS.contains(&name) || publication::is_pusher(name) || name.starts_with("actions/setup-")
}

/// Whether an action certainly brings no programs but Node.js and its package managers.
pub(super) fn adds_no_programs(name: &str) -> bool {
    const NODE: [&str; 6] = [
        "actions/checkout",
        "actions/setup-node",
        "actions/configure-pages",
        "pnpm/action-setup",
        "actions/upload-pages-artifact",
        "actions/upload-artifact",
    ];
    NODE.contains(&name)
}

/// What an action does to the files of a job; the checkout is not its business.
pub(super) fn effects(step: &Step, name: &str) -> Vec<Effect> {
    let unknown = |what: String| vec![Effect::Unknown { what, files: Vec::new(), usual: None }];
    let at = |key: &str| step.input(key).map(Text::plain);
    match name {
        // It lets Next.js write files instead of a server (`configure-pages/src/set-pages-config.js`).
        CONFIGURE if step.input("static_site_generator").is_some_and(|text| text.value == "next") => {
            vec![Effect::Fills("out".to_owned())]
        }
        name if is_harmless(name) => Vec::new(),
        CLASSIC_BUILD => {
            let source = at("source").unwrap_or(Some("./")).and_then(|text| path::join("", text));
            let target = at("destination").unwrap_or(Some("./_site")).and_then(|text| path::join("", text));
            match (source, target, tool::find("jekyll")) {
                (Some(dir), Some(path), Some(tool)) => {
                    let folder = Folder { path, because: Vec::new(), beside: Vec::new() };
                    vec![Effect::Builds(Product { tool, dir, folder, span: step.place() })]
                }
                _ => unknown("the folders of \"actions/jekyll-build-pages\" are known only to a run".to_owned()),
            }
        }
        "actions/cache" | "actions/cache/restore" => {
            let paths = step.input("path").map(|text| text.value.clone()).unwrap_or_default();
            vec![Effect::Touches(paths)]
        }
        "actions/download-artifact" => match at("path") {
            Some(Some(text)) if !text.starts_with('/') => match path::join("", text).filter(|path| !path.is_empty()) {
                Some(path) => vec![Effect::Fills(path)],
                None => unknown("an artifact is downloaded over the checked out files".to_owned()),
            },
            _ => unknown("an artifact is downloaded over the checked out files".to_owned()),
        },
        name => unknown(format!("what \"{name}\" writes is not known")),
    }
}
