#![allow(clippy::unwrap_used)]

use super::follow::{Start, follow};
use super::shell::{ParseError, parse};
use super::*;
use crate::project::snapshot::Snapshot;
use crate::text::source::Sources;

/// Programs that are not there.
struct Lacks(&'static [&'static str]);

impl Judge for Lacks {
    fn judge(&self, invocation: &Invocation, _: &[Invocation]) -> Opinion {
        let name = invocation.name();
        if self.0.contains(&name) && invocation.via != Via::Fetch {
            return Opinion::Fails(Cause::ProgramMissing { name: name.to_owned() }, 127);
        }
        Opinion::Open
    }
}

const SITE: &[(&str, &str)] = &[
    (
        "package.json",
        r#"{"name": "root", "scripts": {
            "build": "vite build", "prebuild": "npm run clean", "clean": "rm -rf dist", "empty": "", "loop": "npm run loop",
            "all": "run-s clean build:*", "build:css": "sass a b", "build:js": "esbuild x", "test": "echo no && exit 1",
            "checked": "npm test && vite build", "dev": "vite", "quote": "echo \"x"}}"#,
    ),
    ("web/package.json", r#"{"name": "@acme/web", "scripts": {"build": "next build", "out": "cp -r out ../public"}}"#),
    ("web/src/index.js", ""),
    ("docs/index.md", ""),
];

fn trace_with(command: &str, judge: &dyn Judge) -> Trace {
    let snapshot = Snapshot::in_memory(SITE.iter().map(|(path, text)| (*path, text.as_bytes())));
    let start = Start {
        snapshot: &snapshot,
        command,
        span: Span::NONE,
        shell: Shell::Bash,
        dir: "",
        checkout: "",
        judge,
        is_pristine: true,
    };
    follow(&start, &mut Sources::default())
}

fn trace(command: &str) -> Trace {
    trace_with(command, &NoJudge)
}

/// `program args @folder`, with `?` for what may run; what never runs is left out.
fn leaves(command: &str) -> Vec<String> {
    let trace = trace(command);
    let runs = trace.invocations.iter().filter(|run| run.reach != Reach::Never);
    runs.map(|run| {
        let words: Vec<&str> = std::iter::once(&run.program).chain(&run.args).map(|word| word.text.as_str()).collect();
        let mark = if run.reach == Reach::Maybe { "?" } else { "" };
        format!("{mark}{} @{}", words.join(" "), run.cwd.as_deref().unwrap_or("?"))
    })
    .collect()
}

fn cause(command: &str) -> Option<Cause> {
    trace(command).failure().map(|failure| failure.cause.clone())
}

#[test]
fn a_package_script_runs_with_its_hooks() {
    assert_eq!(leaves("npm run build"), ["rm -rf dist @", "vite build @"]);
    assert_eq!(leaves("NODE_ENV=production npm run build -- --mode x"), ["rm -rf dist @", "vite build --mode x @"]);
    assert_eq!(leaves("yarn build"), ["rm -rf dist @", "vite build @"]);
    assert_eq!(leaves("pnpm build"), ["?rm -rf dist @", "vite build @"]);
    assert_eq!(leaves("node --run build"), ["vite build @"]);
}

#[test]
fn folders_are_followed() {
    assert_eq!(leaves("cd web && npm run build"), ["cd web @web", "next build @web"]);
    assert_eq!(leaves("(cd web && npm run build) && ls"), ["cd web @web", "next build @web", "ls @"]);
    assert_eq!(leaves("npm run build --prefix web"), ["next build @web"]);
    assert_eq!(leaves("npm --prefix=web run build"), ["next build @web"]);
    assert_eq!(leaves("npm run build -w @acme/web"), ["next build @web"]);
    assert_eq!(leaves("pnpm --filter @acme/web build"), ["next build @web"]);
    assert_eq!(leaves("pnpm -C web run build"), ["next build @web"]);
    assert_eq!(leaves("yarn --cwd web build"), ["next build @web"]);
    assert_eq!(leaves("yarn workspace @acme/web build"), ["next build @web"]);
    assert_eq!(leaves("cd web/src && npm run build"), ["cd web/src @web/src", "next build @web"]);
}

#[test]
fn a_folder_that_is_not_there_ends_the_chain() {
    assert!(matches!(cause("cd client && npm run build"), Some(Cause::FolderMissing { .. })));
    assert!(matches!(cause("pnpm -C client build"), Some(Cause::FolderMissing { manager: Some("pnpm"), .. })));
    assert_eq!(cause("mkdir client && pnpm -C client build"), None);
    assert_eq!(cause("pnpm -C docs build"), None);
    assert_eq!(cause("cd client; npm run build"), None);
    assert_eq!(cause("mkdir client && cd client && ls"), None);
    assert_eq!(cause("npm run build && cd dist && ls"), None);
    assert_eq!(cause("cd .. && ls"), None);
    assert_eq!(cause("cd \"$HOME\" && npm run nothing"), None);
}

#[test]
fn a_package_that_is_not_there_fails_except_with_pnpm() {
    assert!(matches!(cause("yarn workspace webb build"), Some(Cause::PackageMissing { manager: "yarn", .. })));
    assert!(matches!(cause("npm run build -w webb"), Some(Cause::PackageMissing { manager: "npm", .. })));
    for command in ["pnpm --filter webb build", "pnpm run --filter webb build", "pnpm -F webb exec next build"] {
        let nothing = trace(command);
        assert!(nothing.invocations.is_empty() && nothing.gaps.is_empty(), "{command}");
        assert_eq!(nothing.end, End::Success, "{command}");
    }
    assert_eq!(leaves("pnpm --filter web build"), ["next build @web"]);
    for command in ["pnpm --filter './apps/*' build", "pnpm --filter webb... build"] {
        assert!(!trace(command).gaps.is_empty(), "{command}");
    }
    assert_eq!(cause("yarn workspace \"$APP\" build"), None);
    assert_eq!(cause("cp -r templates/webb . && npm run build -w webb"), None);
}

#[test]
fn a_script_that_is_not_there_fails_where_it_counts() {
    assert!(matches!(cause("npm run biuld"), Some(Cause::ScriptMissing { manager: "npm", .. })));
    assert!(matches!(cause("npm run build && npm run nothing"), Some(Cause::ScriptMissing { .. })));
    assert!(matches!(cause("yarn run build:nothing"), Some(Cause::ScriptMissing { manager: "yarn", .. })));
    assert_eq!(cause("npm run nothing --if-present"), None);
    assert_eq!(cause("npm run nothing || npm run build"), None);
    assert_eq!(cause("npm run nothing; npm run build"), None);
    assert!(cause("set -e; npm run nothing; npm run build").is_some());
    assert!(matches!(cause("npm build"), Some(Cause::NpmCommandUnknown { .. })));
    assert!(matches!(cause("npm run-build"), Some(Cause::NpmCommandUnknown { .. })));
    assert_eq!(cause("npm run-script build"), None);
    assert_eq!(cause("npm pkg set scripts.x=ls && npm run x"), None);
}

#[test]
fn only_the_last_exit_code_counts() {
    assert_eq!(trace("false; npm run dev").end, End::Open);
    assert_eq!(trace("(exit 3) || npm run dev").end, End::Open);
    assert_eq!(leaves("(exit 3) || vite build"), ["vite build @"]);
    assert_eq!(trace("vite build || true").end, End::Success);
    assert_eq!(trace("true").end, End::Success);
    assert!(trace("vite build && exit 1").failure().is_some());
    assert!(trace("vite build; exit 1").failure().is_some());
    assert!(trace("vite build | false").failure().is_some());
    assert_eq!(trace("false | cat").end, End::Open);
    assert!(trace("! true").failure().is_some());
    assert_eq!(trace("false &").end, End::Success);
    assert_eq!(trace("if [ x = y ]; then exit 1; fi").end, End::Open);
    assert!(trace("if [ x = y ]; then exit 1; else false; fi").failure().is_some());
    assert_eq!(trace("if false; then exit 1; fi").end, End::Success);
    assert_eq!(trace("exit 0; exit 1").end, End::Success);
    assert_eq!(trace("[ x = y ] && exit 1; exit 0").end, End::Open);
    assert_eq!(trace("echo one\nexit 256").end, End::Success);
}

#[test]
fn an_exit_in_a_nested_script_is_that_script_s() {
    assert!(matches!(cause("npm run checked"), Some(Cause::Deliberate)));
    assert_eq!(cause("npm run test || true"), None);
    let trace = trace("npm run checked");
    let failure = trace.failure().unwrap();
    assert!(matches!(&trace.texts[failure.text].origin, Origin::Script { name, .. } if name == "test"));
}

#[test]
fn a_text_that_the_shell_rejects_is_a_failure() {
    assert!(matches!(cause("echo \"start && npm run build"), Some(Cause::Syntax { .. })));
    assert!(matches!(cause("npm run quote"), Some(Cause::Syntax { .. })));
    assert!(matches!(cause("npm run build &&"), Some(Cause::Syntax { .. })));
    assert_eq!(cause("npm run quote || true"), None);
}

#[test]
fn wrappers_are_taken_off() {
    assert_eq!(leaves("cross-env A=b C=d vite build"), ["cross-env A=b C=d vite build @", "vite build @"]);
    assert_eq!(leaves("dotenv -e .env -- npm run dev")[1..], ["vite @"]);
    assert_eq!(leaves("npx --yes vite@5 build"), ["vite build @"]);
    assert_eq!(leaves("env A=b vite")[1..], ["vite @"]);
    assert_eq!(leaves("npm run all")[1..], ["rm -rf dist @", "sass a b @", "esbuild x @"]);
    assert_eq!(leaves("concurrently \"npm:dev\" \"vite build\"")[1..], ["vite @", "vite build @"]);
    assert_eq!(leaves("bash -c 'cd web && npm run build'"), ["cd web @web", "next build @web"]);
    let trace = trace("NODE_ENV=production npm ci && vite build");
    assert_eq!(trace.invocations[0].variable("NODE_ENV"), Some(&Some("production".to_owned())));
    assert_eq!(trace.invocations[1].variable("NODE_ENV"), None);
}

#[test]
fn what_only_the_run_knows_is_a_gap() {
    for command in
        ["$TOOL build", "npm run $SCRIPT", "npm run loop", "eval x", "case x in y) z;; esac", "pnpm -r build"]
    {
        assert!(!trace(command).gaps.is_empty(), "{command}");
        assert_eq!(trace(command).end, End::Open, "{command}");
    }
    assert!(trace("npm run build").gaps.is_empty());
}

#[test]
fn an_installed_program_stands_in_for_a_script() {
    assert_eq!(leaves("yarn vite build"), ["vite build @"]);
    assert!(matches!(
        trace_with("yarn vite build", &Lacks(&["vite"])).failure().unwrap().cause,
        Cause::ScriptMissing { manager: "yarn", .. }
    ));
    assert!(matches!(trace_with("npm run build", &Lacks(&["vite"])).failure().unwrap().code, 127));
    assert!(trace_with("npx vite build", &Lacks(&["vite"])).failure().is_none());
}

#[test]
fn a_command_that_builds_nothing_is_known() {
    assert!(trace("npm run empty").builds_nothing());
    assert!(trace("echo hello && true").builds_nothing());
    assert!(!trace("npm run build").builds_nothing());
    assert!(!trace("echo hello > index.html").builds_nothing());
    assert!(!trace("$X").builds_nothing());
}

#[test]
fn folders_are_mentioned_as_whole_parts() {
    assert!(
        mentions("cp -r x dist", "dist") && mentions("cp -r x dist/y", "dist") && mentions("a --out=./dist", "dist")
    );
    assert!(!mentions("cp -r distribution x", "dist") && !mentions("my-dist", "dist"));
    assert!(trace("npm run out --prefix web").mentions("public"));
}

#[test]
fn the_grammar_is_that_of_the_shell() {
    let fine = [
        "a && b || c; d & e",
        "a |& b",
        "a 2>&1 >x &>y",
        "(a; b)",
        "{ a; }",
        "if a; then b; elif c; then d; else e; fi",
        "for x in a b; do c; done",
        "while a; do b; done",
        "[[ a && b ]] && c",
        "a=$(b \"c)\" 'd)') e",
        "echo \"$(echo \"x\")\"",
        "echo `a \\` b`",
        "a # b \" c",
        "echo a#b",
        "f() { a; }; f",
        "a \\\n b",
        "a\n\n\nb\n",
        "! a",
        "echo ${x:-\"a b\"}",
        "echo '}' ; echo }",
        "((1+2))",
        "echo $((1+2))",
        "x=1",
        ">file",
        "echo $'a\\'b'",
        "a &\nb",
        "a;\nb",
        "for x; do y; done",
        "echo if then fi",
        "echo {a,b} {",
        "",
    ];
    for text in fine {
        assert!(parse(text).is_ok(), "{text}: {:?}", parse(text));
    }
    let wrong = [
        "echo \"a",
        "echo 'a",
        "a &&",
        "&& a",
        "a ||",
        "a |",
        "| a",
        "(a",
        "a)",
        "{ a;",
        "if a; then b",
        "fi",
        "a ;; b",
        "; a",
        "echo $(a",
        "echo ${a",
        "echo `a",
        "a > ",
        "for x in a; b; done",
        "while a; done",
        "a && && b",
        "a & && b",
        "()",
        "echo (a)",
        "if a; fi",
        "then",
        "a && ; b",
    ];
    for text in wrong {
        assert!(matches!(parse(text), Err(ParseError::Syntax { .. })), "{text}: {:?}", parse(text));
    }
}

#[test]
fn very_long_and_very_deep_commands_end() {
    for text in [
        "(".repeat(100_000),
        "$(".repeat(60_000),
        "yarn ".repeat(20_000),
        "a&&".repeat(40_000),
        "a;".repeat(60_000),
        "a()".repeat(40_000),
        "x=1 ".repeat(30_000),
        "! ".repeat(60_000),
        "${".repeat(60_000),
        "{ ".repeat(60_000),
    ] {
        let _ = trace(&text);
    }
    assert!(!trace(&"a ".repeat(100_000)).gaps.is_empty());
}
