//! Static site generators that run on Node.js.

use super::Output;
use super::call::{Call, File, folder, module_setting};
use crate::project::setting::tree::Keys;
use crate::project::setting::{Setting, Written};

const ASTRO_CONFIGS: [&str; 5] =
    ["astro.config.mjs", "astro.config.js", "astro.config.ts", "astro.config.mts", "astro.config.cjs"];

/// `astro build` (`astro/src/core/config/settings.ts`); an adapter may put the pages deeper.
pub(super) fn astro(call: &mut Call<'_, '_>) -> Output {
    if call.subcommand() != "build" {
        return Output::Nothing;
    }
    let root = match call.option(&["--root"]) {
        Setting::Absent => Some(call.dir.clone()),
        Setting::Written(written) => written.path_from(&call.dir),
        Setting::Computed => None,
    };
    let Some(root) = root else { return Output::Unknown("the folder that Astro builds is not known".to_owned()) };
    let file = match call.config(&["--config"], &root, &ASTRO_CONFIGS) {
        Ok(file) => file,
        Err(why) => return Output::Unknown(why),
    };
    let out = call.option(&["--outDir"]);
    let Some(file) = file else { return folder(&out, &root, "dist", &[]) };
    let Some(module) = file.module() else { return Output::Unknown(format!("\"{}\" is not understood", file.path)) };
    if !module.setting(&["root"]).is_absent() {
        return Output::Unknown("the root of the Astro configuration is set".to_owned());
    }
    match module.call(&["adapter"]) {
        Ok(None) => {}
        Ok(Some(adapter)) if adapter.module.as_deref().is_some_and(|module| module.starts_with("@astrojs/netlify")) => {
        }
        Ok(Some(adapter)) => {
            let name = adapter.module.unwrap_or(adapter.name);
            return Output::Unknown(format!("the adapter \"{name}\" decides where Astro writes"));
        }
        Err(_) => return Output::Unknown("the adapter of the Astro configuration is computed".to_owned()),
    }
    folder(&out.or(|| module.setting(&["outDir"])), &root, "dist", &[])
}

const ELEVENTY_CONFIGS: [&str; 5] =
    [".eleventy.js", "eleventy.config.js", "eleventy.config.mjs", "eleventy.config.cjs", "eleventy.config.ts"];

/// `eleventy` (`@11ty/eleventy/src/Util/ProjectDirectories.js`): `--output`, `setOutputDirectory`, `dir.output`.
pub(super) fn eleventy(call: &mut Call<'_, '_>) -> Output {
    if call.has(&["--version", "--help", "--dryrun", "--to=json", "--to=ndjson"]) {
        return Output::Nothing;
    }
    let dir = call.dir.clone();
    let out = call.option(&["--output"]);
    if !out.is_absent() {
        return folder(&out, &dir, "_site", &[]);
    }
    match call.config(&["--config"], &dir, &ELEVENTY_CONFIGS) {
        Ok(Some(file)) => folder(&eleventy_setting(&file), &dir, "_site", &[]),
        Ok(None) => folder(&out, &dir, "_site", &[]),
        Err(why) => Output::Unknown(why),
    }
}

fn eleventy_setting(file: &File) -> Setting {
    let Some(module) = file.module() else { return Setting::Computed };
    let mut calls = module.method_calls("setOutputDirectory");
    if let Some(only) = calls.pop() {
        return if calls.is_empty() && !module.has_word("output") { only } else { Setting::Computed };
    }
    match module.setting(&["dir", "output"]) {
        Setting::Computed if !module.has_word("output") && !loads_local(file) => Setting::Absent,
        Setting::Written(written) => Setting::Written(written),
        returned => match module.setting_of_export("config", &["dir", "output"]) {
            Setting::Absent => returned,
            named => named,
        },
    }
}

const DOCUSAURUS_CONFIGS: [&str; 5] = [
    "docusaurus.config.js",
    "docusaurus.config.ts",
    "docusaurus.config.mjs",
    "docusaurus.config.cjs",
    "docusaurus.config.mts",
];

/// `docusaurus build` (`@docusaurus/core/src/commands/build/build.ts`): `--out-dir`, else `build`.
pub(super) fn docusaurus(call: &mut Call<'_, '_>) -> Output {
    if call.subcommand() != "build" {
        return Output::Nothing;
    }
    let Some(root) = call.root(1) else { return Output::Unknown("the folder of the site is not known".to_owned()) };
    match call.config(&["--config"], &root, &DOCUSAURUS_CONFIGS) {
        Ok(Some(_)) => folder(&call.option(&["--out-dir"]), &root, "build", &[]),
        Ok(None) => Output::Unknown("the configuration of Docusaurus is not in the repository".to_owned()),
        Err(why) => Output::Unknown(why),
    }
}

/// `vitepress build` (`vitepress/src/node/config.ts`): `outDir` is seen from the root.
pub(super) fn vitepress(call: &mut Call<'_, '_>) -> Output {
    if call.subcommand() != "build" {
        return Output::Nothing;
    }
    let Some(root) = call.root(1) else { return Output::Unknown("the folder of the pages is not known".to_owned()) };
    let out = call.option(&["--outDir", "--out-dir"]);
    if !out.is_absent() {
        return if root == call.dir {
            folder(&out, &root, "", &[])
        } else {
            Output::Unknown("\"--outDir\" may be seen from either folder".to_owned())
        };
    }
    let ends = ["js", "ts", "mjs", "mts", "cjs", "cts"];
    let names: Vec<String> =
        ["config", "config/index"].iter().flat_map(|name| ends.map(|end| format!(".vitepress/{name}.{end}"))).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    match call.first(&root, &names) {
        Some(None) => Output::Unknown("the configuration of VitePress cannot be read".to_owned()),
        Some(Some(file)) => match module_setting(Some(&file), &["outDir"]) {
            Setting::Computed if !file.text.contains("outDir") && !loads_local(&file) => {
                folder(&Setting::Absent, &root, ".vitepress/dist", &[])
            }
            setting => folder(&setting, &root, ".vitepress/dist", &[]),
        },
        None => folder(&Setting::Absent, &root, ".vitepress/dist", &[]),
    }
}

/// Whether a module loads another one of the repository.
pub(super) fn loads_local(file: &File) -> bool {
    file.module().is_none_or(|module| module.modules().any(|name| name.starts_with('.')))
}

/// `vuepress build` (`@vuepress/cli/src/commands/build`): `dest` is seen from where it runs.
pub(super) fn vuepress(call: &mut Call<'_, '_>) -> Output {
    if call.subcommand() != "build" {
        return Output::Nothing;
    }
    let dir = call.dir.clone();
    let Some(root) = call.root(1) else { return Output::Unknown("the folder of the pages is not known".to_owned()) };
    let out = call.option(&["-d", "--dest"]);
    if !out.is_absent() {
        return folder(&out, &dir, "", &[]);
    }
    let names = [".vuepress/config.js", ".vuepress/config.ts", ".vuepress/config.mjs", ".vuepress/config.cjs"];
    if call.first(&root, &[".vuepress/config.yml", ".vuepress/config.toml"]).is_some() {
        return Output::Unknown("the configuration of VuePress is not read".to_owned());
    }
    let file = call.first(&root, &names).flatten();
    match module_setting(file.as_ref(), &["dest"]) {
        Setting::Absent => folder(&Setting::Absent, &root, ".vuepress/dist", &[]),
        setting => folder(&setting, &dir, "", &[]),
    }
}

/// `gridsome build` (`gridsome/lib/app/loadConfig.js`).
pub(super) fn gridsome(call: &mut Call<'_, '_>) -> Output {
    if call.subcommand() != "build" {
        return Output::Nothing;
    }
    let dir = call.dir.clone();
    let file = call.first(&dir, &["gridsome.config.js", "gridsome.config.ts"]).flatten();
    let setting = |key: &str| module_setting(file.as_ref(), &[key]);
    folder(&setting("outputDir").or(|| setting("outDir")), &dir, "dist", &[])
}

/// `hexo generate` (`hexo/lib/hexo/default_config.ts`): `public_dir`.
pub(super) fn hexo(call: &mut Call<'_, '_>) -> Output {
    if !matches!(call.subcommand(), "generate" | "g" | "gen" | "deploy" | "d") {
        return Output::Nothing;
    }
    let dir = call.dir.clone();
    match call.config(&["--config"], &dir, &["_config.yml", "_config.yaml", "_config.json"]) {
        Ok(Some(file)) => folder(&file.setting(&["public_dir"], Keys::Exact), &dir, "public", &[]),
        Ok(None) => Output::Unknown("the configuration of Hexo is not in the repository".to_owned()),
        Err(why) => Output::Unknown(why),
    }
}

/// `storybook build`, `build-storybook` (`@storybook/core/src/core-server/build-static.ts`).
pub(super) fn storybook(call: &mut Call<'_, '_>) -> Output {
    if call.run.name() != "build-storybook" && call.subcommand() != "build" {
        return Output::Nothing;
    }
    folder(&call.option(&["-o", "--output-dir"]), &call.dir, "storybook-static", &[])
}

/// `sapper export`: the operand, else `__sapper__/export` (`sapper/src/cli.ts`).
pub(super) fn sapper(call: &mut Call<'_, '_>) -> Output {
    if call.subcommand() != "export" {
        return Output::Nothing;
    }
    let out = match call.operand(1) {
        None => Setting::Absent,
        Some(word) => word
            .plain()
            .map_or(Setting::Computed, |text| Setting::Written(Written::new(text, crate::text::span::Span::NONE))),
    };
    folder(&out, &call.dir, "__sapper__/export", &[])
}

/// `stencil build`: `www`, unless the configuration names output targets (`@stencil/core`).
pub(super) fn stencil(call: &mut Call<'_, '_>) -> Output {
    if call.subcommand() != "build" {
        return Output::Nothing;
    }
    let dir = call.dir.clone();
    let file = call.first(&dir, &["stencil.config.ts", "stencil.config.js"]).flatten();
    let has_targets = |file: File| file.text.contains("dir:") || file.text.contains("buildDir");
    match file {
        Some(file) if !has_targets(file.clone()) => folder(&Setting::Absent, &dir, "www", &[]),
        _ => Output::Unknown("the output targets decide where Stencil writes".to_owned()),
    }
}
