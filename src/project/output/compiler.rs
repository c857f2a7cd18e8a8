//! webpack and Rollup, whose configurations are often put together from several modules.

use super::Output;
use super::bundler::parent_of;
use super::call::{Call, File, folder};
use crate::project::javascript::composition::Part;
use crate::project::path;
use crate::project::setting::Setting;

/// Modules that are followed from one configuration.
const DEEPEST: usize = 6;

/// `webpack` (`webpack/lib/config/defaults.js`): `output.path`, else `dist`.
pub(super) fn webpack(call: &mut Call<'_, '_>) -> Output {
    if matches!(call.subcommand(), "serve" | "server" | "s" | "info" | "init" | "version" | "help") {
        return Output::Nothing;
    }
    let dir = call.dir.clone();
    let out = call.option(&["-o", "--output-path"]);
    if !out.is_absent() {
        return folder(&out, &dir, "dist", &[]);
    }
    let names = ["webpack.config.js", "webpack.config.cjs", "webpack.config.mjs", "webpack.config.ts"];
    match call.config(&["-c", "--config"], &dir, &names) {
        Ok(Some(file)) => folder(&setting(call, &file, &["output", "path"], 0), &dir, "dist", &[]),
        Ok(None) => folder(&Setting::Absent, &dir, "dist", &[]),
        Err(why) => Output::Unknown(why),
    }
}

/// A setting of a module, and of those that it merges or takes the value from.
fn setting(call: &mut Call<'_, '_>, file: &File, keys: &[&str], depth: usize) -> Setting {
    let Some(module) = file.module().filter(|_| depth < DEEPEST) else { return Setting::Computed };
    let own = module.setting(keys);
    if own != Setting::Computed {
        return own;
    }
    let elsewhere = |call: &mut Call<'_, '_>, name: &str, keys: &[&str]| match load(call, file, name) {
        Some(other) => setting(call, &other, keys, depth + 1),
        None => Setting::Computed,
    };
    if let Some((name, key)) = module.member(keys) {
        return elsewhere(call, &name, &[&key]);
    }
    let Some(parts) = module.merged(keys) else { return Setting::Computed };
    let mut found = Setting::Absent;
    for part in parts {
        let next = match part {
            Part::Own(setting) => setting,
            Part::Computed => Setting::Computed,
            Part::Member(name, key) => elsewhere(call, &name, &[&key]),
            Part::Module(name) => elsewhere(call, &name, keys),
        };
        // The later part wins, but one that is not understood might say anything.
        found = if found == Setting::Computed && next.is_absent() { found } else { next.or(|| found) };
    }
    found
}

/// The module of the repository that a name leads to.
fn load(call: &mut Call<'_, '_>, from: &File, name: &str) -> Option<File> {
    let wanted = path::join(path::parent(&from.path)?, name).filter(|_| name.starts_with('.'))?;
    let ends = ["", ".js", ".cjs", ".mjs", ".ts", "/index.js"];
    let found = ends.iter().map(|end| format!("{wanted}{end}")).find(|path| call.snapshot.is_file(path))?;
    call.read(&found).flatten()
}

/// Parts of the names of Rollup plugins that write files of their own.
const WRITING_PLUGINS: [&str; 8] = ["copy", "html", "static", "multi", "web-dev", "emit", "zip", "workbox"];

/// `rollup -c` (`rollup/docs`): the folder of `output.file`, or `output.dir`.
pub(super) fn rollup(call: &mut Call<'_, '_>) -> Output {
    let dir = call.dir.clone();
    let (out, file) = (call.option(&["-d", "--dir"]), call.option(&["-o", "--file"]));
    if !out.is_absent() {
        return folder(&out, &dir, "", &[]);
    }
    if !file.is_absent() {
        return parent_of(&file, &dir);
    }
    let computed = || Output::Unknown("the configuration of Rollup decides where it writes".to_owned());
    let given = call.args.iter().position(|arg| matches!(arg.text.as_str(), "-c" | "--config"));
    let Some(given) = given else { return computed() };
    let named = call.args.get(given + 1).map(|arg| arg.text.clone()).filter(|text| !text.starts_with('-'));
    let names = ["rollup.config.js", "rollup.config.mjs", "rollup.config.cjs"];
    let file = match named {
        Some(name) => path::join(&dir, &name).and_then(|path| call.read(&path)).flatten(),
        None => call.first(&dir, &names).flatten(),
    };
    let Some(file) = file else { return computed() };
    let Some(module) = file.module() else { return computed() };
    let writes = |name: String| name.starts_with('.') || WRITING_PLUGINS.iter().any(|part| name.contains(part));
    if module.modules().any(writes) {
        return computed();
    }
    match (module.setting(&["output", "dir"]), module.setting(&["output", "file"])) {
        (Setting::Absent, file @ Setting::Written(_)) => parent_of(&file, &dir),
        (out @ Setting::Written(_), _) => folder(&out, &dir, "", &[]),
        _ => computed(),
    }
}
