use super::*;

fn workflow(text: &str) -> (Workflow, Sources) {
    let mut sources = Sources::default();
    let workflow = Workflow::read(".github/workflows/pages.yml", text.to_owned(), &mut sources);
    (workflow, sources)
}

const TEXT: &str = "\
on:
  push:
    branches: [main, 'release/**']
  workflow_dispatch:
permissions: read-all
env:
  DIR: site
defaults:
  run:
    working-directory: ${{ env.DIR }}
jobs:
  build:
    runs-on: ubuntu-latest
    strategy:
      matrix:
        node: [20, 22]
        os: [a]
    steps:
      - uses: Actions/Checkout@v4 # here
        with: {Submodules: recursive}
      - name: make it
        if: false
        run: npm run build ${{ matrix.node }}
  deploy:
    needs: build
    permissions:
      pages: write
    environment: github-pages
    runs-on: [self-hosted]
    steps:
      - uses: actions/deploy-pages@v4.0.1
";

#[test]
fn jobs_steps_and_their_settings_are_read_with_their_places() {
    let (workflow, sources) = workflow(TEXT);
    assert!(workflow.is_readable() && workflow.triggers.is_known);
    let [build, deploy]: &[Job; 2] = workflow.jobs.as_slice().try_into().unwrap();
    assert_eq!((build.matrix, deploy.matrix), (Matrix::Known(2), Matrix::None));
    assert_eq!(build.steps[0].input("submodules").unwrap().plain(), Some("recursive"));
    assert!(build.steps[0].uses("actions/checkout") && build.steps[1].is_off());
    let action = deploy.steps[0].action.as_ref().unwrap();
    let span = action.reference_span(TEXT).unwrap();
    assert_eq!((action.major(), sources.slice(span)), (Some(4), Some("v4.0.1")));
    assert_eq!(deploy.environment.as_ref().unwrap().name.as_ref().unwrap().plain(), Some("github-pages"));
    assert_eq!(workflow.needed_by(1), Some(vec![1, 0]));
    assert!(build.is_on_known_machine() && !deploy.is_on_known_machine());
    assert_eq!(
        sources.slice(workflow.step_node(build, &build.steps[1]).unwrap().at(&["run"]).unwrap().span).unwrap(),
        "npm run build ${{ matrix.node }}"
    );
}

#[test]
fn a_block_of_a_job_replaces_that_of_the_workflow_and_zeroes_the_rest() {
    let (workflow, _) = workflow(TEXT);
    let of = |job: usize, scope| workflow.permissions_of(&workflow.jobs[job]).unwrap().may_write(scope);
    assert_eq!((of(0, "pages"), of(1, "pages"), of(1, "id-token")), (Some(false), Some(true), Some(false)));
}

#[test]
fn expressions_are_known_only_as_variables_of_the_workflow() {
    let (workflow, _) = workflow(TEXT);
    let variables = [&workflow.variables];
    let resolved = |text| expression::resolve(text, &variables);
    assert_eq!(resolved("${{ env.DIR }}/dist").as_deref(), Some("site/dist"));
    assert_eq!(resolved("${{github.workspace}}/x").as_deref(), Some("./x"));
    assert_eq!((resolved("${{ env.NONE }}"), resolved("${{ matrix.a }}"), resolved("${{ open")), (None, None, None));
    let text = "npm run ${{ matrix.script }} && echo 'é'";
    assert_eq!(expression::as_shell(text), "npm run ${_________________} && echo 'é'");
    assert_eq!(expression::as_shell(text).len(), text.len());
}

#[test]
fn conditions_say_for_which_branch_they_hold() {
    let only = expression::only_branch;
    assert_eq!(only("github.ref == 'refs/heads/main'"), Some("main"));
    assert_eq!(only("${{ success() && github.ref_name == 'main' }}"), Some("main"));
    assert_eq!(only("github.ref == 'refs/heads/main' || github.event_name == 'release'"), None);
    assert_eq!((only("github.ref != 'refs/heads/main'"), only("always()")), (None, None));
    assert!(expression::is_trivial("${{ success() }}") && !expression::is_trivial("github.ref == 'x'"));
}

#[test]
fn patterns_of_branches_are_githubs_own() {
    let fits = |pattern, name| glob::fits(pattern, name).unwrap();
    assert!(fits("main", "main") && !fits("main", "mains"));
    assert!(fits("*", "a-b") && !fits("*", "a/b") && fits("**", "a/b") && fits("releases/**", "releases/1/2"));
    assert!(fits("v[12].[0-9]+.[0-9]+", "v1.10.1") && fits("*.jsx?", "page.js") && fits("*.jsx?", "page.jsx"));
    assert_eq!((glob::fits("[a", "a"), glob::fits("+", "a"), glob::fits("a\\", "a")), (None, None, None));
}

#[test]
fn the_last_pattern_that_fits_decides_about_a_branch() {
    let (workflow, _) = workflow(
        "on:\n  push:\n    branches: ['releases/**', '!releases/**-alpha']\n  pull_request:\n    tags: v1\njobs: {}\n",
    );
    let push = &workflow.triggers.get("push").unwrap().filter;
    assert_eq!((push.passes_branch("releases/1"), push.passes_branch("releases/1-alpha")), (Some(true), Some(false)));
    assert_eq!(workflow.triggers.get("pull_request").unwrap().filter.passes_branch("main"), Some(false));
    assert!(!workflow.is_readable());
}

#[test]
fn shapes_that_no_workflow_has_are_passed_over() {
    for text in [
        "",
        "[]",
        "on: 1\njobs: x",
        "jobs:\n  a: b",
        "jobs:\n  a:\n    steps: {}\n    needs: {}",
        "on: [[push]]\njobs:\n  a: {steps: [1, null]}",
        "\u{feff}: :\t",
    ] {
        let (workflow, _) = workflow(text);
        assert!(workflow.jobs.iter().all(|job| job.steps.is_empty()), "{text}");
    }
}
