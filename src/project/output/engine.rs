//! Site generators that do not run on Node.js: Hugo, Jekyll, MkDocs and others.

use super::Output;
use super::call::{Call, File, folder};
use crate::project::path;
use crate::project::setting::tree::Keys;
use crate::project::setting::{Setting, Written};
use crate::text::span::Span;

const HUGO_CONFIGS: [&str; 8] =
    ["hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json", "config.toml", "config.yaml", "config.yml", "config.json"];

/// `hugo` (`hugo/config/allconfig`): `-d`, `HUGO_PUBLISHDIR`, `publishDir`, else `public`; seen from the source folder.
pub(super) fn hugo(call: &mut Call<'_, '_>) -> Output {
    if !matches!(call.subcommand(), "" | "build") || call.has(&["--help", "-h", "--renderToMemory", "--version"]) {
        return Output::Nothing;
    }
    let source = match call.option(&["-s", "--source"]) {
        Setting::Absent => Some(call.dir.clone()),
        Setting::Written(written) => written.path_from(&call.dir),
        Setting::Computed => None,
    };
    let Some(root) = source else { return Output::Unknown("the source folder of Hugo is not known".to_owned()) };
    let out = call.option(&["-d", "--destination"]);
    if !out.is_absent() {
        return folder(&out, &root, "", &[]);
    }
    let setting = match hugo_setting(call, &root) {
        Ok(setting) => setting,
        Err(why) => return Output::Unknown(why),
    };
    folder(&call.variable("HUGO_PUBLISHDIR").or(|| setting), &root, "public", &[])
}

/// `publishDir` of the configuration file, or of the files in `config`.
fn hugo_setting(call: &mut Call<'_, '_>, root: &str) -> Result<Setting, String> {
    let named = call.option(&["--config", "-c"]);
    if named.text().is_some_and(|text| text.contains(',')) {
        return Err("Hugo is given several configuration files".to_owned());
    }
    let main = call.config(&["--config"], root, &HUGO_CONFIGS)?;
    let folder = path::child(root, "config");
    let parts: Vec<String> = call
        .snapshot
        .below(&folder)
        .iter()
        .map(|entry| entry.path.to_string())
        .filter(|path| HUGO_CONFIGS.contains(&path::name(path)))
        .collect();
    if main.is_none() && call.snapshot.below(&folder).is_empty() {
        return Err("the configuration of Hugo is not in the repository".to_owned());
    }
    let mut found = main.map_or(Setting::Absent, |file| file.setting(&["publishDir"], Keys::AnyCase));
    for part in parts {
        let file = call.read(&part).flatten();
        let setting = file.map_or(Setting::Computed, |file| file.setting(&["publishDir"], Keys::AnyCase));
        if !setting.is_absent() && !found.is_absent() && setting.text() != found.text() {
            return Err("the configuration files of Hugo name several output folders".to_owned());
        }
        found = found.or(|| setting);
    }
    Ok(found)
}

/// `jekyll build` (`jekyll/lib/jekyll/configuration.rb`): `-d`, `destination`, else `_site`; seen from where it runs.
pub(super) fn jekyll(call: &mut Call<'_, '_>) -> Output {
    if !matches!(call.subcommand(), "build" | "b") {
        return Output::Nothing;
    }
    let dir = call.dir.clone();
    let out = call.option(&["-d", "--destination"]);
    if !out.is_absent() {
        return folder(&out, &dir, "", &[]);
    }
    let source = match call.option(&["-s", "--source"]) {
        Setting::Absent => dir.clone(),
        Setting::Written(written) => written.path_from(&dir).unwrap_or_default(),
        Setting::Computed => return Output::Unknown("the source folder of Jekyll is not known".to_owned()),
    };
    let mut files = Vec::new();
    match call.option(&["--config", "-c"]) {
        Setting::Computed => return Output::Unknown("the configuration of Jekyll is named by a variable".to_owned()),
        Setting::Written(names) => files.extend(names.text.split(',').filter_map(|name| path::join(&dir, name.trim()))),
        Setting::Absent => {
            files.extend(["_config.toml", "_config.yml", "_config.yaml"].map(|name| path::child(&source, name)))
        }
    }
    let mut found = Setting::Absent;
    for path in files {
        // A later file wins.
        match call.read(&path) {
            Some(Some(file)) => found = file.setting(&["destination"], Keys::Exact).or(|| found),
            Some(None) => return Output::Unknown(format!("\"{path}\" cannot be read")),
            None => {}
        }
    }
    folder(&found, &dir, "_site", &[])
}

/// `mkdocs build` (`mkdocs/config/defaults.py`): `site_dir` is seen from the configuration file.
pub(super) fn mkdocs(call: &mut Call<'_, '_>) -> Output {
    if call.subcommand() != "build" {
        return Output::Nothing;
    }
    let dir = call.dir.clone();
    let out = call.option(&["-d", "--site-dir"]);
    let file = match call.config(&["-f", "--config-file"], &dir, &["mkdocs.yml", "mkdocs.yaml"]) {
        Ok(Some(file)) => file,
        Ok(None) => return Output::Unknown("the configuration of MkDocs is not in the repository".to_owned()),
        Err(why) => return Output::Unknown(why),
    };
    if !out.is_absent() {
        return folder(&out, &dir, "", &[]);
    }
    let setting = file.setting(&["site_dir"], Keys::Exact);
    if setting.is_absent() && !file.setting(&["INHERIT"], Keys::Exact).is_absent() {
        return Output::Unknown("the configuration of MkDocs inherits from another".to_owned());
    }
    folder(&setting, path::parent(&file.path).unwrap_or_default(), "site", &[])
}

/// `zola build` (`zola/components/config`): `-o`, `output_dir`, else `public`.
pub(super) fn zola(call: &mut Call<'_, '_>) -> Output {
    if call.subcommand() != "build" {
        return Output::Nothing;
    }
    let dir = call.dir.clone();
    let out = call.option(&["-o", "--output-dir"]);
    if !call.option(&["-r", "--root"]).is_absent() {
        return Output::Unknown("the root of Zola is set".to_owned());
    }
    match call.config(&["-c", "--config"], &dir, &["zola.toml", "config.toml"]) {
        Ok(Some(file)) => folder(&out.or(|| file.setting(&["output_dir"], Keys::Exact)), &dir, "public", &[]),
        Ok(None) => Output::Unknown("the configuration of Zola is not in the repository".to_owned()),
        Err(why) => Output::Unknown(why),
    }
}

/// `mdbook build` (`mdBook/src/config.rs`): `-d`, `build.build-dir`, else `book`.
pub(super) fn mdbook(call: &mut Call<'_, '_>) -> Output {
    if call.subcommand() != "build" {
        return Output::Nothing;
    }
    let Some(root) = call.root(1) else { return Output::Unknown("the folder of the book is not known".to_owned()) };
    let out = call.option(&["-d", "--dest-dir"]);
    if !out.is_absent() && root != call.dir {
        return Output::Unknown("\"--dest-dir\" may be seen from either folder".to_owned());
    }
    let file = call.read(&path::child(&root, "book.toml")).flatten();
    match file {
        // Several renderers get a folder each inside the output.
        Some(file) if file.text.matches("[output.").count() > 1 => {
            Output::Unknown("the book has several renderers".to_owned())
        }
        Some(file) => folder(&out.or(|| file.setting(&["build", "build-dir"], Keys::Exact)), &root, "book", &[]),
        None => Output::Unknown("book.toml is not in the repository".to_owned()),
    }
}

/// `middleman build`: `build`, unless `config.rb` sets `build_dir`.
pub(super) fn middleman(call: &mut Call<'_, '_>) -> Output {
    if call.subcommand() != "build" {
        return Output::Nothing;
    }
    let dir = call.dir.clone();
    let out = call.option(&["--build-dir"]);
    let moves = |file: File| file.text.contains("build_dir");
    if out.is_absent() && call.read(&path::child(&dir, "config.rb")).flatten().is_none_or(moves) {
        return Output::Unknown("config.rb decides where Middleman writes".to_owned());
    }
    folder(&out, &dir, "build", &[])
}

/// `sphinx-build SOURCE OUT`, with `html` below it for `-M html`.
pub(super) fn sphinx(call: &mut Call<'_, '_>) -> Output {
    let mut operands = Vec::new();
    let mut makes = None;
    let mut args = call.args.iter();
    while let Some(arg) = args.next() {
        let Some(text) = arg.plain() else { return Output::Unknown("the output is named by a variable".to_owned()) };
        match text {
            "-M" => makes = args.next().and_then(|word| word.plain()).map(str::to_owned),
            "-b" | "--builder" | "-c" | "--conf-dir" | "-d" | "--doctree-dir" | "-D" | "-A" | "-t" | "-j" | "-w" => {
                args.next();
            }
            _ if text.starts_with('-') => {}
            _ => operands.push(text),
        }
    }
    let Some(out) = operands.get(1) else { return Output::Nothing };
    let out = match makes {
        Some(builder) => format!("{}/{builder}", out.trim_end_matches('/')),
        None => (*out).to_owned(),
    };
    folder(&Setting::Written(Written::new(out, Span::NONE)), &call.dir, "", &[])
}

/// `pelican -o OUT`; without it a Python file decides.
pub(super) fn pelican(call: &mut Call<'_, '_>) -> Output {
    let out = call.option(&["-o", "--output"]);
    if out.is_absent() {
        return Output::Unknown("the settings of Pelican decide where it writes".to_owned());
    }
    folder(&out, &call.dir, "", &[])
}
