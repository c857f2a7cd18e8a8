use super::*;
use crate::platform::render::site::RenderSite;

fn with<T>(files: &[(&str, &str)], ask: impl FnOnce(&RenderSite<'_>) -> T) -> T {
    let snapshot = Snapshot::in_memory(files.iter().map(|(path, text)| (*path, text.as_bytes())));
    ask(&RenderSite::new(&snapshot, "render.yaml"))
}

fn words(site: &RenderSite<'_>) -> Vec<String> {
    let commands = site.plans.iter().flat_map(|plan| &plan.commands);
    let runs = commands.flat_map(|command| command.trace.invocations.iter().map(move |run| (command, run)));
    runs.map(|(command, run)| {
        let span = command.trace.span(run.text, &site.sources, run.program.start, run.program.end);
        site.sources.slice(span).unwrap().to_owned()
    })
    .collect()
}

#[test]
fn words_of_every_kind_of_scalar_are_found_in_the_file() {
    let head = "services:\n  - type: web\n    name: a\n    runtime: python\n";
    let plain = "    buildCommand: pip install -r requirements.txt && python build.py\n";
    let quoted = "    preDeployCommand: \"python -c \\\"x\\\" && alembic upgrade\"\n";
    let block = "    startCommand: |\n      export A=1\n      gunicorn app:app\n      uvicorn app:app\n";
    let text = [head, plain, quoted, block].concat();
    let found = with(&[("render.yaml", &text)], words);
    assert_eq!(found, ["pip", "python", "python", "alembic", "export", "gunicorn", "uvicorn"]);
    let folded = [head, "    startCommand: >-\n      gunicorn\n      app:app && gunicorn\n      other:app\n"].concat();
    assert_eq!(with(&[("render.yaml", &folded)], words), ["gunicorn", "gunicorn"]);
}

#[test]
fn a_root_folder_is_there_missing_or_outside() {
    let ask = |root: &str| {
        let text = format!("services:\n  - {{type: web, name: a, runtime: node, rootDir: {root}, startCommand: x}}\n");
        with(&[("render.yaml", &text), ("api/server.js", "")], |site| {
            (site.plans[0].root.presence, site.plans[0].dir().map(str::to_owned), site.plans[0].commands.len())
        })
    };
    assert_eq!(ask("./api/"), (Presence::There, Some("api".to_owned()), 1));
    assert_eq!(ask("API"), (Presence::Missing, None, 0));
    assert_eq!(ask("api/server.js"), (Presence::Missing, None, 0));
    assert_eq!(ask("../api"), (Presence::Missing, None, 0));
}

#[test]
fn own_variables_beat_groups_and_groups_beat_the_platform() {
    let text = "\
services:
  - type: web
    name: a
    runtime: node
    envVars:
      - fromGroup: one
      - fromGroup: two
      - fromGroup: elsewhere
      - {key: OWN, value: 3.10}
      - {key: SECRET, sync: false}
envVarGroups:
  - name: one
    envVars: [{key: OWN, value: a}, {key: NODE_ENV, value: test}, {key: BOTH, value: 1}, {key: LOST, sync: false}]
  - name: two
    envVars: [{key: BOTH, value: 2}]
";
    with(&[("render.yaml", text)], |site| {
        let environment = &site.plans[0].environment;
        let value = |name: &str| environment.get(name).map(|it| it.value.as_deref());
        assert_eq!(value("OWN"), Some(Some("3.10")));
        assert_eq!(value("NODE_ENV"), Some(Some("test")));
        assert_eq!((value("BOTH"), value("SECRET"), value("LOST")), (Some(None), Some(None), None));
        assert_eq!(value("PORT"), Some(Some("10000")));
        assert_eq!(environment.foreign_groups, ["elsewhere"]);
    });
}

#[test]
fn another_repository_is_not_followed() {
    let text = "services:\n  - {type: web, name: a, runtime: node, repo: 'https://x/y', startCommand: npm start}\n";
    with(&[("render.yaml", text)], |site| {
        assert!(!site.plans[0].is_here && site.plans[0].commands.is_empty());
    });
}
