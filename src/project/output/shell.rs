//! Programs that make, copy, move or remove folders, and tools that write where an option says.

use super::bundler::parent_of;
use super::call::{Call, folder};
use super::{Effect, Output};
use crate::project::command::Word;
use crate::project::path;

/// What a program of the shell does to folders; `None` when it is no such program.
pub(super) fn effects(name: &str, call: &mut Call<'_, '_>) -> Option<Vec<Effect>> {
    let (name, args) = match (name, call.args.split_first()) {
        ("shx" | "shjs", Some((first, rest))) => (first.plain()?, rest),
        _ => (name, call.args),
    };
    let operands: Vec<&Word> = args.iter().filter(|arg| !arg.text.starts_with('-')).collect();
    Some(match name {
        "mkdir" | "mkdirp" | "make-dir" => operands.iter().map(|word| made(call, word)).collect(),
        // Without `-r`, rm leaves folders alone, and rmdir takes only empty ones.
        "rm" if !is_recursive(args) => Vec::new(),
        "rmdir" => Vec::new(),
        "rm" | "rimraf" | "del" | "del-cli" => operands.iter().filter_map(|word| removed(call, word)).collect(),
        "cp" | "rsync" | "ncp" | "copyfiles" | "cpy" | "cpx" | "cpx2" | "ln" | "install" | "cpr" => {
            operands.last().map(|word| copied(call, word)).into_iter().collect()
        }
        "mv" => {
            let (last, sources) = operands.split_last()?;
            let gone = sources.iter().filter_map(|word| removed(call, word));
            gone.chain([copied(call, last)]).collect()
        }
        _ => return None,
    })
}

fn is_recursive(args: &[Word]) -> bool {
    let is_short = |text: &str| text.starts_with('-') && !text.starts_with("--") && text.contains(['r', 'R']);
    args.iter().any(|arg| arg.text == "--recursive" || is_short(&arg.text))
}

fn named(call: &Call<'_, '_>, word: &Word) -> Option<String> {
    let text = word.plain().filter(|text| !text.starts_with(['/', '~']) && !text.contains('\\'))?;
    path::join(&call.dir, text)
}

fn unknown(word: &Word) -> Effect {
    Effect::unknown(format!("\"{}\" is known only when it runs", word.text), Vec::new())
}

fn made(call: &Call<'_, '_>, word: &Word) -> Effect {
    named(call, word).map_or_else(|| unknown(word), Effect::MakesEmpty)
}

fn copied(call: &Call<'_, '_>, word: &Word) -> Effect {
    named(call, word).map_or_else(|| unknown(word), Effect::Fills)
}

fn removed(call: &Call<'_, '_>, word: &Word) -> Option<Effect> {
    named(call, word).map(Effect::Removes)
}

/// Tools that write to the folder of an option, or to the folder of the file that an option names.
pub(super) fn by_option(name: &str, call: &Call<'_, '_>) -> Option<Output> {
    let (folders, files): (&[&str], &[&str]) = match name {
        "tailwindcss" | "@tailwindcss/cli" | "lightningcss" => {
            (&["--output-dir"], &["-o", "--output", "--output-file"])
        }
        "postcss" => (&["-d", "--dir"], &["-o", "--output"]),
        "babel" | "swc" => (&["-d", "--out-dir"], &["-o", "--out-file"]),
        "html-minifier" | "html-minifier-terser" => (&["--output-dir"], &["-o", "--output"]),
        "elm" => (&[], &["--output"]),
        "uglifyjs" | "terser" | "cleancss" | "csso" => (&[], &["-o", "--output"]),
        _ => return None,
    };
    let folder_option = call.option(folders);
    let file_option = call.option(files);
    Some(match (folder_option.is_absent(), file_option.is_absent()) {
        (false, _) => folder(&folder_option, &call.dir, "", &[]),
        (true, false) => parent_of(&file_option, &call.dir),
        (true, true) => Output::Nothing,
    })
}

/// Programs that leave no folder behind that a site could be in, whatever they are told.
const HARMLESS: [&str; 93] = [
    "cross-env",
    "cross-env-shell",
    "dotenv",
    "dotenvx",
    "env-cmd",
    "exec",
    "builtin",
    "nice",
    "nohup",
    "time",
    "timeout",
    "sudo",
    "stdbuf",
    "corepack",
    "infisical",
    "doppler",
    "better-npm-run",
    "run-s",
    "run-p",
    "npm-run-all",
    "npm-run-all2",
    "concurrently",
    "pushd",
    "popd",
    "declare",
    "local",
    "readonly",
    "shopt",
    "alias",
    "trap",
    "wait",
    "eslint",
    "prettier",
    "stylelint",
    "oxlint",
    "xo",
    "standard",
    "jest",
    "vitest",
    "mocha",
    "ava",
    "cypress",
    "playwright",
    "svelte-check",
    "husky",
    "lefthook",
    "is-ci",
    "patch-package",
    "only-allow",
    "check-engines",
    "npkill",
    "markdownlint",
    "markdownlint-cli2",
    "cspell",
    "lint-staged",
    "commitlint",
    "knip",
    "depcheck",
    "ls-lint",
    "pip",
    "pip3",
    "gem",
    "apt-get",
    "brew",
    "nvm",
    "rbenv",
    "pyenv",
    "rustup",
    "chmod",
    "find",
    "grep",
    "head",
    "tail",
    "wc",
    "sort",
    "tree",
    "html-validate",
    "htmlproofer",
    "linkinator",
    "bundlesize",
    "size-limit",
    "npm-check",
    "nvm-use",
    "ntl",
    "simple-git-hooks",
    "hash",
    "relay-compiler",
    "tsc-alias",
    "fumadocs-mdx",
    "velite",
    "graphql-codegen",
    "lingui",
    "panda",
];

/// Programs that write files that they are told to, and make no other folder.
const TOUCHES: [&str; 27] = [
    "touch",
    "sed",
    "curl",
    "wget",
    "jq",
    "tee",
    "perl",
    "zip",
    "gzip",
    "envsubst",
    "openssl",
    "json",
    "awk",
    "dos2unix",
    "sass",
    "node-sass",
    "pagefind",
    "next-sitemap",
    "react-snap",
    "workbox",
    "workbox-cli",
    "purgecss",
    "critical",
    "svgo",
    "subfont",
    "netlify-lambda",
    "json-to-scss",
];

/// Whether a program leaves no folder behind that a site could be in.
pub(super) fn is_harmless(name: &str, call: &Call<'_, '_>) -> bool {
    let sub = call.subcommand();
    match name {
        "npm" | "yarn" | "pnpm" | "bun" | "yarnpkg" => is_package_work(name, sub),
        "git" => matches!(
            sub,
            "submodule" | "fetch" | "log" | "config" | "rev-parse" | "describe" | "status" | "lfs" | "diff" | "show"
        ),
        "bundle" | "bundler" => matches!(sub, "" | "install" | "config" | "update" | "check" | "lock"),
        "poetry" | "uv" | "pipenv" | "pdm" => matches!(sub, "install" | "sync" | "lock" | "pip" | "env"),
        "go" => matches!(sub, "install" | "mod" | "version" | "env" | "get"),
        "cargo" => matches!(sub, "install" | "fetch" | "check"),
        "svelte-kit" => matches!(sub, "sync" | "package"),
        "prisma" | "gh-pages" => true,
        "tsc" | "vue-tsc" => call.has(&["--noEmit", "--version", "-v"]),
        _ => HARMLESS.contains(&name),
    }
}

fn is_package_work(name: &str, sub: &str) -> bool {
    const WORK: [&str; 32] = [
        "install",
        "i",
        "ci",
        "add",
        "remove",
        "uninstall",
        "update",
        "upgrade",
        "up",
        "rebuild",
        "cache",
        "config",
        "set",
        "version",
        "audit",
        "prune",
        "dedupe",
        "link",
        "list",
        "ls",
        "outdated",
        "why",
        "fund",
        "whoami",
        "view",
        "pkg",
        "global",
        "plugin",
        "clean-install",
        "root",
        "bin",
        "store",
    ];
    (sub.is_empty() && name == "yarn") || WORK.contains(&sub)
}

/// What a program names that only writes the files that it is told to.
pub(super) fn touched(name: &str, call: &mut Call<'_, '_>) -> Option<String> {
    if TOUCHES.contains(&name) {
        return Some(call.args.iter().map(|arg| arg.text.as_str()).collect::<Vec<_>>().join(" "));
    }
    matches!(name, "tsc" | "vue-tsc").then(|| compiled(call))
}

/// Where the compiler of TypeScript may write: the lines of its configuration files that say so, and its arguments.
fn compiled(call: &mut Call<'_, '_>) -> String {
    let dir = call.dir.clone();
    let names = call.snapshot.children(&dir).into_iter().map(|(name, _)| name);
    let files: Vec<String> = names
        .filter(|name| name.starts_with("tsconfig") && name.ends_with(".json"))
        .map(|name| path::child(&dir, name))
        .collect();
    let mut said: Vec<String> = call.args.iter().map(|arg| arg.text.clone()).collect();
    for file in files.iter().filter_map(|path| call.snapshot.text(path).ok()) {
        let says = |line: &&str| ["outDir", "outFile", "declarationDir"].iter().any(|key| line.contains(key));
        said.extend(file.lines().filter(says).map(str::to_owned));
    }
    said.join(" ")
}
