//! Frameworks whose output hangs on an adapter, a mode or a version.

use super::call::{Call, File, folder, module_setting};
use super::{Folder, Output};
use crate::project::path;
use crate::project::setting::Setting;
use crate::project::setting::tree::Keys;
use crate::text::json;
use crate::text::json::javascript_order;
use crate::text::tree::Node;

const NEXT_CONFIGS: [&str; 5] =
    ["next.config.js", "next.config.mjs", "next.config.ts", "next.config.cjs", "next.config.mts"];

/// `next build` and the old `next export` (`next/src/server/config.ts`): `distDir`, and `out` for `output: "export"`.
pub(super) fn next(call: &mut Call<'_, '_>) -> Output {
    let dir = call.dir.clone();
    if call.subcommand() == "export" {
        return folder(&call.option(&["-o", "--outdir"]), &dir, "out", &[]);
    }
    if call.subcommand() != "build" {
        return Output::Nothing;
    }
    let Some(root) = call.root(1) else {
        return Output::Unknown("the folder that Next.js builds is not known".to_owned());
    };
    let settings = match call.first(&root, &NEXT_CONFIGS) {
        None => Next { dist: Setting::Absent, output: Setting::Absent },
        Some(None) => return Output::Unknown("the configuration of Next.js cannot be read".to_owned()),
        Some(Some(file)) => Next::read(&file),
    };
    let dist = folder(&settings.dist, &root, ".next", &[]);
    match (&settings.output, settings.dist.is_absent()) {
        (Setting::Computed, _) => Output::Unknown("\"output\" of the Next.js configuration is computed".to_owned()),
        (Setting::Written(output), true) if output.text == "export" => {
            let beside = vec![path::child(&root, ".next")];
            Output::Known(Folder { path: path::child(&root, "out"), because: vec![output.span], beside })
        }
        _ => dist,
    }
}

struct Next {
    dist: Setting,
    output: Setting,
}

impl Next {
    /// The settings; a wrapper such as `withMDX(config)` keeps what it is given.
    fn read(file: &File) -> Next {
        let Some(module) = file.module() else { return Next { dist: Setting::Computed, output: Setting::Computed } };
        let is_wrapped_only = !module.modules().any(|name| name.starts_with('.') || name.contains("nx"));
        let read = |key: &str| match module.setting(&[key]) {
            Setting::Computed if is_wrapped_only && !module.has_word(key) => Setting::Absent,
            setting => setting,
        };
        Next { dist: read("distDir"), output: read("output") }
    }
}

/// `nuxt build` and `nuxt generate`: `dist` on Netlify, by the preset that Nitro picks there (`nitro/src/presets/netlify`).
pub(super) fn nuxt(call: &mut Call<'_, '_>) -> Output {
    let mode = call.subcommand().to_owned();
    if !matches!(mode.as_str(), "build" | "generate" | "export") {
        return Output::Nothing;
    }
    let dir = call.dir.clone();
    let file = call.first(&dir, &["nuxt.config.ts", "nuxt.config.js", "nuxt.config.mjs"]).flatten();
    let says = |words: &[&str]| file.as_ref().is_some_and(|file| words.iter().any(|word| file.text.contains(word)));
    let version = call.major("nuxt").or_else(|| call.major("nuxt-edge")).or_else(|| call.lists("nuxt3").then_some(3));
    match version {
        Some(major) if major >= 3 => {
            let preset =
                call.variable("NITRO_PRESET").or(|| call.variable("SERVER_PRESET")).or(|| call.option(&["--preset"]));
            if !preset.is_absent() || says(&["nitro", "preset", "publicDir", "generate"]) {
                return Output::Unknown("the preset of Nitro decides where Nuxt writes".to_owned());
            }
            let beside = vec![path::child(&dir, ".output/public")];
            Output::Known(Folder { path: path::child(&dir, "dist"), because: Vec::new(), beside })
        }
        Some(_) if mode == "generate" || mode == "export" => {
            folder(&module_setting(file.as_ref(), &["generate", "dir"]), &dir, "dist", &[])
        }
        _ => Output::Unknown("the mode of Nuxt decides what is built".to_owned()),
    }
}

/// SvelteKit hands its output to an adapter (`svelte.config.js`).
pub(super) fn svelte_kit(call: &mut Call<'_, '_>) -> Output {
    if call.subcommand() != "build" {
        return Output::Nothing;
    }
    let dir = call.dir.clone();
    let Some(file) = call.first(&dir, &["svelte.config.js", "svelte.config.mjs"]).flatten() else {
        return Output::Unknown("the adapter of SvelteKit is not known".to_owned());
    };
    let Some(module) = file.module() else { return Output::Unknown(format!("\"{}\" is not understood", file.path)) };
    let Ok(Some(adapter)) = module.call(&["kit", "adapter"]) else {
        return Output::Unknown("the adapter of SvelteKit is computed".to_owned());
    };
    match adapter.module.as_deref() {
        Some("@sveltejs/adapter-static") => folder(&module.argument(&adapter, &["pages"]), &dir, "build", &[]),
        Some("@sveltejs/adapter-node") => folder(&module.argument(&adapter, &["out"]), &dir, "build", &[]),
        Some("@sveltejs/adapter-netlify") => netlify_adapter(call, &dir),
        name => {
            let name = name.unwrap_or(&adapter.name).to_owned();
            Output::Unknown(format!("the adapter \"{name}\" decides where SvelteKit writes"))
        }
    }
}

/// The adapter for Netlify reads `publish` from `netlify.toml`, and takes `build` without it (`adapter-netlify/index.js`).
fn netlify_adapter(call: &mut Call<'_, '_>, dir: &str) -> Output {
    match call.read(&path::child(dir, "netlify.toml")) {
        None => folder(&Setting::Absent, dir, "build", &[]),
        Some(Some(file)) => match file.setting(&["build", "publish"], Keys::Exact) {
            // It takes the text as it stands, backslashes included.
            Setting::Written(written) => match path::join(dir, &written.text) {
                Some(path) if path != dir => Output::known(path, vec![written.span]),
                _ => Output::Unknown("the adapter refuses to write into the root".to_owned()),
            },
            setting => folder(&setting, dir, "build", &[]),
        },
        Some(None) => Output::Unknown("netlify.toml cannot be read".to_owned()),
    }
}

/// `react-router build` (`@react-router/dev/config/config.ts`): `client` in `buildDirectory`.
pub(super) fn react_router(call: &mut Call<'_, '_>) -> Output {
    if call.subcommand() != "build" {
        return Output::Nothing;
    }
    let dir = call.dir.clone();
    let names =
        ["react-router.config.ts", "react-router.config.js", "react-router.config.mjs", "react-router.config.mts"];
    let file = call.first(&dir, &names).flatten();
    if file.as_ref().is_some_and(|file| file.text.contains("presets")) {
        return Output::Unknown("a preset of React Router decides where it writes".to_owned());
    }
    let build = folder(&module_setting(file.as_ref(), &["buildDirectory"]), &dir, "build", &[]);
    within(build, "client")
}

/// `remix vite:build` writes `build/client`, the classic `remix build` its assets to `public/build`.
pub(super) fn remix(call: &mut Call<'_, '_>) -> Output {
    let dir = call.dir.clone();
    let (names, word, default): (&[&str], &str, &str) = match call.subcommand() {
        "vite:build" => (
            &["vite.config.ts", "vite.config.js", "vite.config.mjs", "vite.config.mts"],
            "buildDirectory",
            "build/client",
        ),
        "build" => {
            (&["remix.config.js", "remix.config.mjs", "remix.config.cjs"], "assetsBuildDirectory", "public/build")
        }
        _ => return Output::Nothing,
    };
    match call.first(&dir, names) {
        Some(Some(file)) if !["presets", word].iter().any(|word| file.text.contains(word)) => {
            folder(&Setting::Absent, &dir, default, &[])
        }
        _ => Output::Unknown("the configuration of Remix decides where it writes".to_owned()),
    }
}

fn within(output: Output, below: &str) -> Output {
    match output {
        Output::Known(folder) => Output::Known(Folder { path: path::child(&folder.path, below), ..folder }),
        other => other,
    }
}

/// `ng build` (`angular.json`): the application builder puts the pages into `browser`.
pub(super) fn angular(call: &mut Call<'_, '_>) -> Output {
    if !matches!(call.subcommand(), "build" | "b") {
        return Output::Nothing;
    }
    let dir = call.dir.clone();
    let Some(file) = call.first(&dir, &["angular.json", ".angular.json"]).flatten() else {
        return Output::Unknown("angular.json is not in the repository".to_owned());
    };
    let Ok(root) = json::parse(&file.text, file.id) else {
        return Output::Unknown("angular.json is not JSON".to_owned());
    };
    let wanted = call.operand(1).map(|word| word.plain().map(str::to_owned));
    let Some((name, build)) = angular_build(&root, wanted.as_ref()) else {
        return Output::Unknown("which project Angular builds is not known".to_owned());
    };
    let builder = build.at(&["builder"]).and_then(Node::as_str).unwrap_or_default();
    let is_application = builder.ends_with(":application");
    let is_plain = builder.ends_with(":browser") || builder.ends_with(":browser-esbuild");
    let configurations = build.at(&["configurations"]).and_then(Node::as_table);
    let is_overridden =
        configurations.is_some_and(|all| all.iter().any(|(_, one)| one.value.at(&["outputPath"]).is_some()));
    if !(is_application || is_plain) || is_overridden {
        return Output::Unknown(format!("the builder of \"{name}\" decides where Angular writes"));
    }
    let option = call.option(&["--output-path", "--outputPath"]);
    let written = build.at(&["options", "outputPath"]);
    let below = if is_application { "browser" } else { "" };
    match (option, written) {
        (Setting::Absent, None) => within(folder(&Setting::Absent, &dir, &format!("dist/{name}"), &[]), below),
        (Setting::Absent, Some(node)) if node.as_table().is_some() => {
            let base = crate::project::setting::tree::setting(node, &["base"], Keys::Exact);
            let browser = node.at(&["browser"]).and_then(Node::as_str).unwrap_or("browser");
            within(folder(&base, &dir, "", &[]), browser)
        }
        (Setting::Absent, Some(node)) => {
            within(folder(&crate::project::setting::tree::setting(node, &[], Keys::Exact), &dir, "", &[]), below)
        }
        (option, _) => within(folder(&option, &dir, "", &[]), below),
    }
}

/// The build target of the project that is named, the default one, or the only application.
fn angular_build<'n>(root: &'n Node, wanted: Option<&Option<String>>) -> Option<(String, &'n Node)> {
    let projects = root.at(&["projects"])?.as_table()?;
    let build = |name: &str| {
        let project = projects.get(name)?;
        project.at(&["architect", "build"]).or_else(|| project.at(&["targets", "build"]))
    };
    let name = match wanted {
        Some(named) => named.clone()?,
        None => match root.at(&["defaultProject"]).and_then(Node::as_str) {
            Some(name) => name.to_owned(),
            None => {
                let all = javascript_order(projects);
                let buildable: Vec<&str> =
                    all.iter().map(|(name, _)| *name).filter(|name| build(name).is_some()).collect();
                if let [only] = buildable.as_slice() { (*only).to_owned() } else { return None }
            }
        },
    };
    build(&name).map(|build| (name, build))
}
