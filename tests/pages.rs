//! GitHub Pages as a platform: how it is detected, what is unknown, and what rules for all platforms say of its builds.

#![allow(clippy::unwrap_used, clippy::panic)]

use chimera::config::Configuration;
use chimera::platform::pages::site::Origin;
use chimera::project::snapshot::Snapshot;
use chimera::rule::finding::Level;
use chimera::sim::stage::Stage;
use chimera::verdict::registry::{self, Question};
use chimera::verdict::{SiteVerdict, Status};

const WORKFLOW: &str = "\
on:
  push:
    branches: [main]
permissions: {contents: read, pages: write, id-token: write}
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
      - run: npm install
      - run: npm run build
      - uses: actions/upload-pages-artifact@v4
        with: {path: dist}
  deploy:
    needs: build
    runs-on: ubuntu-latest
    environment: github-pages
    steps:
      - uses: actions/deploy-pages@v4
";

const MANIFEST: &str = r#"{"scripts": {"build": "vite build"}, "devDependencies": {"vite": "7.1.0"}}"#;
const PATH: &str = ".github/workflows/site.yaml";

type Files<'a> = Vec<(&'a str, &'a str)>;

fn site<'a>(workflow: &'a str, more: &[(&'a str, &'a str)]) -> Files<'a> {
    let own = [(PATH, workflow), ("package.json", MANIFEST), ("index.html", "<p>"), ("main.js", "0")];
    let is_other = |(path, _): &(&str, &str)| more.iter().all(|(other, _)| other != path);
    own.into_iter().filter(is_other).chain(more.iter().copied()).collect()
}

fn snapshot(files: &Files<'_>) -> Snapshot {
    Snapshot::in_memory(files.iter().map(|(path, text)| (*path, text.as_bytes())))
}

fn verdicts(files: &Files<'_>, repository: Option<&str>) -> Vec<SiteVerdict> {
    let snapshot = snapshot(files);
    let configuration = Configuration::default();
    let origin = Origin {
        repository: repository.map(|name| (name.to_owned(), "--repository")),
        default_branch: Some("main".to_owned()),
    };
    let question = Question { origin, ..Question::default() };
    let platform = registry::chosen(Some("pages"), &snapshot, &configuration).swap_remove(0);
    let targets = (platform.targets)(&snapshot, &question, &configuration);
    targets.iter().map(|target| (platform.judge)(&snapshot, target, &configuration)).collect()
}

fn verdict(files: &Files<'_>, repository: Option<&str>) -> SiteVerdict {
    verdicts(files, repository).swap_remove(0)
}

fn ids(verdict: &SiteVerdict) -> Vec<&str> {
    verdict.findings.iter().map(|finding| finding.rule.id).collect()
}

/// The platforms that are simulated when none is named.
fn detected(files: &Files<'_>) -> Vec<&'static str> {
    let chosen = registry::chosen(None, &snapshot(files), &Configuration::default());
    chosen.iter().map(|platform| platform.profile.name).collect()
}

#[test]
fn a_workflow_that_publishes_is_detected_beside_other_platforms() {
    assert_eq!(detected(&site(WORKFLOW, &[])), ["pages"]);
    assert_eq!(detected(&site(WORKFLOW, &[("netlify.toml", "")])), ["netlify", "pages"]);
    let james = WORKFLOW.replace("actions/deploy-pages@v4", "JamesIves/github-pages-deploy-action@v4");
    assert_eq!(detected(&site(&james, &[])), ["pages"]);
    let other = WORKFLOW.replace("actions/deploy-pages@v4", "actions/stale@v9");
    assert_eq!(detected(&site(&other, &[])), ["netlify"]);
    let comment = format!("# deploy-pages\n{other}");
    assert_eq!(detected(&site(&comment, &[])), ["netlify"]);
}

#[test]
fn a_script_or_a_jekyll_site_is_detected_where_nothing_else_is_meant() {
    let script = r#"{"scripts": {"deploy": "gh-pages -d dist"}}"#;
    assert_eq!(detected(&vec![("package.json", script)]), ["pages"]);
    assert_eq!(detected(&vec![("package.json", script), ("netlify.toml", "")]), ["netlify"]);
    assert_eq!(detected(&vec![("_config.yml", "title: x"), ("index.md", "x")]), ["pages"]);
    assert_eq!(detected(&vec![("_config.yml", "title: x"), ("render.yaml", "services: []")]), ["render"]);
    assert_eq!(detected(&vec![("_config.yml", "title: x"), ("Gemfile", "gem 'github-pages'")]), ["pages"]);
    let others = [("Gemfile", "gem 'jekyll'"), ("_toc.yml", "root: x"), ("package.json", "{}")];
    for other in others {
        assert_eq!(detected(&vec![("_config.yml", "title: x"), other]), ["netlify"], "{other:?}");
    }
    assert_eq!(detected(&vec![("index.html", "x")]), ["netlify"]);
}

#[test]
fn every_workflow_that_publishes_is_a_site_of_its_own() {
    let files = site(WORKFLOW, &[(".github/workflows/b.yml", WORKFLOW), (".github/workflows/c.txt", WORKFLOW)]);
    let names: Vec<String> = verdicts(&files, None).into_iter().map(|verdict| verdict.name).collect();
    assert_eq!(names, [".github/workflows/b.yml", PATH]);
}

#[test]
fn nothing_is_invented_where_no_file_says_how_the_site_gets_published() {
    let verdict = verdict(&vec![("index.html", "x")], Some("a/b"));
    assert_eq!((verdict.status, verdict.stage), (Status::Unknown, Some(Stage::Workflow)));
    assert!(verdict.findings.is_empty());
}

#[test]
fn the_name_of_the_repository_decides_only_where_the_base_hangs_on_it() {
    let bare = verdict(&site(WORKFLOW, &[]), None);
    assert_eq!((bare.status, bare.stage), (Status::Unknown, Some(Stage::Routing)));
    assert!(bare.findings.is_empty());
    let relative = site(WORKFLOW, &[("vite.config.js", "export default { base: './' };")]);
    assert_eq!(verdict(&relative, None).status, Status::Pass);
    assert_eq!(verdict(&site(WORKFLOW, &[]), Some("octo/octo.github.io")).status, Status::Pass);
    let domain = site(WORKFLOW, &[("public/CNAME", "tides.example")]);
    assert_eq!(verdict(&domain, Some("octo/tides")).status, Status::Pass);
}

#[test]
fn a_domain_in_the_settings_may_make_a_base_right() {
    let open = verdict(&site(WORKFLOW, &[]), Some("octo/tides"));
    assert_eq!((open.status, ids(&open)), (Status::Unknown, vec!["GHP001"]));
    assert!(open.at_level(Level::Error).next().is_none());
    let known = site(WORKFLOW, &[("README.md", "Look at https://Octo.github.io/tides.")]);
    let known = verdict(&known, Some("octo/tides"));
    assert_eq!((known.status, known.deploy, ids(&known)), (Status::Fail, Status::Pass, vec!["GHP001"]));
}

#[test]
fn rules_about_commands_see_the_steps_of_a_workflow() {
    let base = ("vite.config.js", "export default { base: '/tides/' };");
    let wrong = WORKFLOW.replace("npm run build", "npm run make");
    let verdict_of = |text: &str, more: &[(&str, &str)]| {
        let files: Vec<(&str, &str)> = more.iter().copied().chain([base]).collect();
        verdict(&site(text, &files), Some("octo/tides"))
    };
    let found = verdict_of(&wrong, &[]);
    assert_eq!((ids(&found), found.stage), (vec!["PRJ014"], Some(Stage::Build)));
    let conflict = verdict_of(WORKFLOW, &[("package.json", "{\"scripts\": {\"build\": \"vite build\"},}")]);
    assert_eq!((ids(&conflict), conflict.stage), (vec!["PRJ016"], Some(Stage::Install)));
    // A condition, another machine or an expression leaves open what is run.
    let conditional =
        wrong.replace("      - run: npm run make", "      - if: github.actor == 'x'\n        run: npm run make");
    let windows = wrong.replace(
        "runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout",
        "runs-on: windows-latest\n    steps:\n      - uses: actions/checkout",
    );
    let dynamic = wrong.replace("npm run make", "npm run ${{ matrix.script }}");
    let tolerant =
        wrong.replace("      - run: npm run make", "      - run: npm run make\n        continue-on-error: true");
    for text in [conditional, windows, dynamic, tolerant] {
        assert_ne!(text, wrong);
        let found = verdict_of(&text, &[]);
        assert!(found.findings.is_empty(), "{text}\n{:?}", ids(&found));
    }
}

#[test]
fn commands_stop_at_the_first_that_fails_as_on_the_runner() {
    let text = WORKFLOW.replace("npm run build", "|\n          npm run make\n          npm run build");
    let found = verdict(&site(&text, &[]), Some("octo/octo.github.io"));
    assert_eq!(ids(&found), ["PRJ014"]);
    let place = found.sources.slice(match found.findings[0].place {
        chimera::rule::finding::Place::Span(span) => span,
        _ => panic!("a finding without a span"),
    });
    assert_eq!(place, Some("make"));
}

#[test]
fn a_program_may_come_with_an_action() {
    let text = WORKFLOW.replace("npm run build", "unheard-of build");
    assert_eq!(ids(&verdict(&site(&text, &[]), Some("octo/octo.github.io"))), ["PRJ015"]);
    let text = text.replace("actions/setup-node@v4", "someone/setup-unheard-of@v1");
    assert!(verdict(&site(&text, &[]), Some("octo/octo.github.io")).findings.is_empty());
}

#[test]
fn a_file_that_is_no_workflow_is_unknown_and_never_a_failure() {
    for text in ["", "\t", "jobs: [", "on: push", "jobs:\n  a: 1\n  a: 2\n"] {
        let snapshot = snapshot(&vec![(PATH, text)]);
        let site = chimera::platform::pages::site::PagesSite::new(&snapshot, PATH, &Origin::default());
        let verdict = chimera::verdict::pages::judge(site, &Configuration::default());
        assert!(verdict.status != Status::Fail && verdict.findings.is_empty(), "{text:?}");
    }
}

#[test]
fn a_long_workflow_takes_linear_time() {
    let step = "      - run: npm run build\n";
    let job = |number: usize| {
        format!(
            "  job{number}:\n    needs: job{}\n    runs-on: ubuntu-latest\n    steps:\n{}",
            number.max(1) - 1,
            step.repeat(20)
        )
    };
    let jobs: String = (0..400).map(job).collect();
    let text = format!("{}{jobs}", WORKFLOW.replace("needs: build", "needs: [build, job399]"));
    let script = "vite build; ".repeat(500);
    let manifest =
        format!("{{\"scripts\": {{\"build\": \"{script}\"}}, \"devDependencies\": {{\"vite\": \"7.1.0\"}}}}");
    let started = std::time::Instant::now();
    let _ = verdict(&site(&text, &[("package.json", &manifest)]), Some("octo/tides"));
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    let long = format!("{text}# {}", "x".repeat(1 << 20));
    assert_eq!(verdict(&site(WORKFLOW, &[(".github/workflows/a.yml", &long)]), Some("octo/tides")).name, PATH);
}

/// Files with modes of their own: a link, a submodule.
fn with_links(files: &Files<'_>, links: &[(&str, &str)]) -> Snapshot {
    use chimera::project::snapshot::{Contents, Entry, Mode, Origin, ReadError};
    struct Nothing;
    impl Contents for Nothing {
        fn read(&self, _: &str, _: Mode) -> Result<Vec<u8>, ReadError> {
            Err(ReadError::Missing)
        }
    }
    let plain = files.iter().map(|(path, text)| Entry::with_body(*path, Mode::File, text.as_bytes()));
    let links = links.iter().map(|(path, target)| Entry::with_body(*path, Mode::Symlink, target.as_bytes()));
    Snapshot::new(plain.chain(links).collect(), Origin::GitIndex, Vec::new(), std::sync::Arc::new(Nothing))
}

#[test]
fn a_link_in_the_published_folder_must_lead_somewhere() {
    let workflow = WORKFLOW.replace("      - run: npm install\n      - run: npm run build\n", "");
    let files: Files<'_> = vec![(PATH, workflow.as_str()), ("dist/index.html", "<p>")];
    let found = |links: &[(&str, &str)]| {
        let snapshot = with_links(&files, links);
        let site = chimera::platform::pages::site::PagesSite::new(&snapshot, PATH, &Origin::default());
        let verdict = chimera::verdict::pages::judge(site, &Configuration::default());
        verdict.findings.iter().map(|finding| finding.rule.id).collect::<Vec<_>>()
    };
    assert_eq!(found(&[("dist/latest", "v9")]), ["GHP013"]);
    assert_eq!(found(&[("dist/me", "me")]), ["GHP013"]);
    assert!(found(&[("dist/home", "index.html"), ("other", "nowhere"), ("dist/.hidden", "nowhere")]).is_empty());
}

#[test]
fn a_branch_that_pages_builds_goes_through_jekyll() {
    let pages: Files<'_> = vec![("_config.yml", "title: x"), ("index.html", "x"), ("_next/a.js", "0")];
    assert_eq!(ids(&verdict(&pages, Some("octo/octo.github.io"))), ["GHP002"]);
    let off: Files<'_> = pages.iter().copied().chain([(".nojekyll", "")]).collect();
    assert!(verdict(&off, Some("octo/octo.github.io")).findings.is_empty());
    let folder: Files<'_> = vec![("_config.yml", "title: x"), ("doc/index.md", "x")];
    let verdict = verdict(&folder, Some("octo/octo.github.io"));
    assert_eq!(ids(&verdict), ["GHP021"]);
    assert!(verdict.at_level(Level::Note).next().is_some());
}

#[test]
fn a_pointer_of_lfs_is_published_from_a_branch() {
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 1\n";
    let files: Files<'_> =
        vec![("_config.yml", "title: x"), ("a.png", pointer), (".gitattributes", "*.png filter=lfs\n")];
    assert_eq!(ids(&verdict(&files, Some("octo/octo.github.io"))), ["GHP014"]);
}

#[test]
fn a_fault_in_a_workflow_is_silenced_by_a_comment_with_a_reason() {
    let comment = "# chimera: ignore GHP003 because the token is our own\npermissions: read-all";
    let text = WORKFLOW.replace("permissions: {contents: read, pages: write, id-token: write}", comment);
    let verdict = verdict(&site(&text, &[]), Some("octo/octo.github.io"));
    assert!(verdict.findings.is_empty() && verdict.silenced.len() == 1, "{:?}", ids(&verdict));
}

#[test]
fn the_plan_says_where_everything_comes_from() {
    let verdict = verdict(&site(WORKFLOW, &[]), Some("octo/tides"));
    let value = |name: &str| {
        let decision = verdict.decisions.iter().find(|decision| decision.name == name);
        decision.map(|decision| decision.value.as_str()).unwrap_or_default().to_owned()
    };
    assert_eq!(value("generator"), "Vite");
    assert_eq!(value("output"), "dist");
    assert_eq!(value("publish"), "dist, as an artifact");
    assert_eq!(value("checkout"), "without submodules, without Git LFS");
    assert_eq!(value("trigger"), "push to main");
    assert_eq!(value("address"), "https://octo.github.io/tides/");
    assert_eq!(verdict.steps.last().map(|step| step.stage), Some(Stage::Deploy));
}
