//! Random Blueprints: a grammar of services, databases, groups, projects and previews. Most entries are sound, some are
//! subtly wrong, and some files are damaged as text.

use serde_json::{Map, Value, json};

use super::random::Random;
use super::write_yaml::write;

const REGIONS: [&str; 6] = ["oregon", "ohio", "frankfurt", "singapore", "virginia", "Oregon"];
const PLANS: [&str; 12] = [
    "free",
    "starter",
    "standard",
    "pro",
    "pro plus",
    "pro max",
    "Starter",
    "0.5c-512mb",
    "basic-256mb",
    "1c-2g",
    "256mb",
    "nope",
];
const RUNTIMES: [&str; 10] = ["docker", "elixir", "go", "image", "node", "python", "ruby", "rust", "static", "deno"];
const TYPES: [&str; 10] =
    ["web", "web", "web", "pserv", "worker", "cron", "keyvalue", "redis", "workflow", "static_site"];
const NAMES: [&str; 8] = ["api", "web-app", "db", "cache", "Worker 1", "a", "1", "on"];
const STRANGERS: [&str; 10] =
    ["env", "enviroment", "nodeVersion", "port", "plan", "type", "runtime", "name", "1", "x.y"];

/// A Blueprint as text.
pub(crate) fn blueprint(random: &mut Random) -> String {
    let mut root = resources(random);
    let optional: [(&str, Make); 8] = [
        ("version", |random| if random.chance(80) { json!("1") } else { json!(1) }),
        ("previews", |random| json!({"generation": random.pick(&["automatic", "manual", "off", "on"])})),
        ("previewsEnabled", |random| json!(random.chance(50))),
        ("previewsExpireAfterDays", number),
        ("projects", |random| list(random, 2, project)),
        ("ungrouped", ungrouped),
        ("buildSources", |random| list(random, 2, build_source)),
        ("startCommand", command),
    ];
    add(random, &mut root, &optional[..7], 15);
    add(random, &mut root, &optional[7..], 2);
    let mut root = Value::Object(root);
    for _ in 0..[0, 0, 0, 0, 0, 1, 1, 2][random.below(8)] {
        distort(random, &mut root);
    }
    write(random, &root)
}

type Make = fn(&mut Random) -> Value;

fn add(random: &mut Random, table: &mut Map<String, Value>, optional: &[(&str, Make)], percent: usize) {
    for (key, make) in optional {
        if random.chance(percent) {
            table.insert((*key).to_owned(), make(random));
        }
    }
}

fn list(random: &mut Random, most: usize, make: Make) -> Value {
    (0..random.below(most + 1)).map(|_| make(random)).collect()
}

fn number(random: &mut Random) -> Value {
    [json!(1), json!(3), json!(0), json!(-1), json!(1.5), json!(90), json!(301), json!("2"), json!(2.0)]
        [random.below(9)]
    .clone()
}

fn command(random: &mut Random) -> Value {
    json!(random.pick(&[
        "npm ci && npm run build",
        "gunicorn app:app",
        "./run # not a comment",
        "echo 'a: b'",
        "true",
        "a\nb"
    ]))
}

fn path(random: &mut Random) -> Value {
    json!(random.pick(&["./", ".", "/healthz", "apps/web", "*.md", "docs/**", "~"]))
}

fn name(random: &mut Random) -> Value {
    json!(random.pick(&NAMES))
}

fn truth(random: &mut Random) -> Value {
    [json!(true), json!(false), json!("yes"), json!("off")][[0, 1, 0, 1, 2, 3][random.below(6)]].clone()
}

fn resources(random: &mut Random) -> Map<String, Value> {
    let optional: [(&str, Make); 3] = [
        ("services", |random| list(random, 3, service)),
        ("databases", |random| list(random, 2, database)),
        ("envVarGroups", |random| list(random, 2, group)),
    ];
    let mut table = Map::new();
    add(random, &mut table, &optional, 60);
    table
}

fn ungrouped(random: &mut Random) -> Value {
    let mut table = resources(random);
    add(random, &mut table, &[("buildSources", |random| list(random, 2, build_source))], 20);
    Value::Object(table)
}

fn project(random: &mut Random) -> Value {
    let mut project = json!({"name": name(random), "environments": list(random, 2, |random| {
        let mut environment = resources(random);
        environment.insert("name".to_owned(), name(random));
        let optional: [(&str, Make); 2] = [
            ("networking", |random| json!({"isolation": random.pick(&["enabled", "disabled", "on"])})),
            ("permissions", |random| json!({"protection": random.pick(&["enabled", "disabled"])})),
        ];
        add(random, &mut environment, &optional, 20);
        Value::Object(environment)
    })});
    if let Value::Object(table) = &mut project {
        add(random, table, &[("buildSources", |random| list(random, 2, build_source))], 10);
    }
    project
}

fn credential(random: &mut Random) -> Value {
    json!({"fromRegistryCreds": {"name": name(random)}})
}

fn build_filter(random: &mut Random) -> Value {
    let mut table = Map::new();
    let optional: [(&str, Make); 2] =
        [("paths", |random| list(random, 2, path)), ("ignoredPaths", |random| list(random, 2, path))];
    add(random, &mut table, &optional, 60);
    Value::Object(table)
}

fn image(random: &mut Random) -> Value {
    let mut table = Map::from_iter([("url".to_owned(), json!("docker.io/library/nginx:1.27"))]);
    add(random, &mut table, &[("creds", credential)], 30);
    Value::Object(table)
}

fn build_source(random: &mut Random) -> Value {
    let git: Make = |random| {
        let mut git = Map::from_iter([
            ("repo".to_owned(), json!("https://github.com/a/b")),
            ("runtime".to_owned(), json!(random.pick(&RUNTIMES))),
        ]);
        let optional: [(&str, Make); 6] = [
            ("baseDir", path),
            ("dockerfilePath", path),
            ("registryCredential", credential),
            ("region", |random| json!(random.pick(&REGIONS))),
            ("buildFilter", build_filter),
            ("envVars", |random| list(random, 2, variable)),
        ];
        add(random, &mut git, &optional, 20);
        Value::Object(git)
    };
    let mut table = Map::from_iter([("name".to_owned(), name(random))]);
    add(random, &mut table, &[("git", git)], 65);
    add(random, &mut table, &[("image", image)], 25);
    Value::Object(table)
}

fn group(random: &mut Random) -> Value {
    json!({"name": name(random), "envVars": list(random, 3, |random| if random.chance(85) { plain_variable(random) } else { variable(random) })})
}

fn database(random: &mut Random) -> Value {
    let mut table = Map::from_iter([("name".to_owned(), name(random))]);
    let optional: [(&str, Make); 10] = [
        ("databaseName", name),
        ("user", name),
        ("plan", |random| json!(random.pick(&PLANS))),
        ("region", |random| json!(random.pick(&REGIONS))),
        ("diskSizeGB", number),
        ("postgresMajorVersion", |random| {
            [json!("16"), json!(16), json!("9")][[0, 0, 0, 1, 2][random.below(5)]].clone()
        }),
        ("highAvailability", |random| json!({"enabled": truth(random)})),
        ("ipAllowList", allow_list),
        ("readReplicas", |random| list(random, 2, |random| json!({"name": name(random)}))),
        ("connectionPool", |random| json!(random.pick(&["pgbouncer", "none", "PgBouncer"]))),
    ];
    add(random, &mut table, &optional, 20);
    Value::Object(table)
}

fn allow_list(random: &mut Random) -> Value {
    list(random, 2, |random| {
        let mut entry = Map::from_iter([("source".to_owned(), json!("0.0.0.0/0"))]);
        add(random, &mut entry, &[("description", name), ("more", name)], 20);
        Value::Object(entry)
    })
}

fn plain_variable(random: &mut Random) -> Value {
    let mut table = Map::from_iter([("key".to_owned(), json!(random.pick(&["PORT", "NODE_ENV", "SECRET_KEY", "A"])))]);
    let values: Make = |random| {
        let values =
            [json!("x"), json!(8080), json!("3.10"), json!(true), json!(null), json!(""), json!("on"), json!(1.5)];
        values[[0, 1, 2, 0, 3, 4, 5, 6, 7][random.below(9)]].clone()
    };
    match random.below(4) {
        0 | 1 => add(random, &mut table, &[("value", values), ("previewValue", values)], 70),
        2 => add(random, &mut table, &[("sync", truth)], 90),
        _ => add(random, &mut table, &[("generateValue", truth)], 90),
    }
    Value::Object(table)
}

fn variable(random: &mut Random) -> Value {
    let property: Make = |random| {
        json!(random.pick(&["host", "port", "connectionString", "hostport", "user", "url", "connectionPoolString"]))
    };
    match random.below(6) {
        0 => json!({"key": "DATABASE_URL", "fromDatabase": {"name": name(random), "property": property(random)}}),
        1 => {
            let mut from =
                Map::from_iter([("name".to_owned(), name(random)), ("type".to_owned(), json!(random.pick(&TYPES)))]);
            add(random, &mut from, &[("property", property), ("envVarKey", name)], 50);
            json!({"key": "API", "fromService": from})
        }
        2 => json!({"fromGroup": name(random)}),
        _ => plain_variable(random),
    }
}

fn service(random: &mut Random) -> Value {
    let kind = random.pick(&TYPES);
    let mut table = Map::from_iter([("type".to_owned(), json!(kind)), ("name".to_owned(), name(random))]);
    match kind {
        "keyvalue" | "redis" => {
            let optional: [(&str, Make); 4] = [
                ("ipAllowList", allow_list),
                ("plan", |random| json!(random.pick(&PLANS))),
                ("maxmemoryPolicy", |random| json!(random.pick(&["allkeys-lru", "noeviction", "lru"]))),
                ("persistenceMode", |random| json!(random.pick(&["snapshot", "off"]))),
            ];
            add(random, &mut table, &optional[..1], 85);
            add(random, &mut table, &optional[1..], 40);
        }
        _ => built_service(random, &mut table, kind),
    }
    Value::Object(table)
}

fn built_service(random: &mut Random, table: &mut Map<String, Value>, kind: &str) {
    let is_static = kind == "web" && random.chance(35);
    if is_static {
        table.insert("runtime".to_owned(), json!("static"));
        let optional: [(&str, Make); 3] = [
            ("staticPublishPath", path),
            ("headers", |random| list(random, 2, |_| json!({"path": "/*", "name": "X-A", "value": "b"}))),
            ("routes", |random| {
                list(
                    random,
                    2,
                    |random| json!({"type": random.pick(&["rewrite", "redirect", "proxy"]), "source": "/*", "destination": "/"}),
                )
            }),
        ];
        add(random, table, &optional, 50);
    } else if random.chance(93) {
        let runtime = if random.chance(75) { &RUNTIMES[..8] } else { &RUNTIMES[..] };
        table.insert("runtime".to_owned(), json!(random.pick(runtime)));
    }
    let always: [(&str, Make); 2] = [("buildCommand", command), ("startCommand", command)];
    add(random, table, if is_static { &always[..1] } else { &always }, 70);
    add(random, table, &[("schedule", |_| json!("*/5 * * * *"))], if kind == "cron" { 98 } else { 2 });
    if kind == "workflow" {
        table.insert("runtime".to_owned(), json!(random.pick(&["node", "python", "go"])));
        table.insert("region".to_owned(), json!("oregon"));
    }
    let common: [(&str, Make); 9] = [
        ("envVars", |random| list(random, 4, variable)),
        ("rootDir", path),
        ("buildFilter", build_filter),
        ("autoDeploy", truth),
        ("autoDeployTrigger", |random| json!(random.pick(&["off", "commit", "checksPass", "on"]))),
        ("branch", name),
        ("repo", |_| json!("https://github.com/a/b")),
        ("region", |random| json!(random.pick(&REGIONS))),
        ("plan", |random| json!(random.pick(&PLANS))),
    ];
    add(random, table, &common[..1], 60);
    add(random, table, if is_static { &common[1..7] } else { &common[1..] }, 18);
    let server: [(&str, Make); 10] = [
        ("healthCheckPath", path),
        ("numInstances", number),
        (
            "scaling",
            |random| json!({"minInstances": number(random), "maxInstances": number(random), "targetCPUPercent": number(random)}),
        ),
        ("disk", |random| json!({"name": "data", "mountPath": "/data", "sizeGB": number(random)})),
        ("image", image),
        ("buildSource", name),
        ("domains", |random| list(random, 2, |_| json!("a.example"))),
        ("previews", |random| json!({"generation": random.pick(&["off", "manual"]), "plan": random.pick(&PLANS)})),
        (
            "maintenanceMode",
            |random| json!({"enabled": truth(random), "uri": random.pick(&["https://a.example/b?c#d", "/a", "a b", "x:", "http://[::1]/"])}),
        ),
        ("maxShutdownDelaySeconds", number),
    ];
    add(random, table, &server, if ["web", "pserv", "worker"].contains(&kind) && !is_static { 8 } else { 1 });
}

/// Makes one place of the tree wrong.
fn distort(random: &mut Random, value: &mut Value) {
    let goes_on = random.chance(82);
    match value {
        Value::Object(table) if !table.is_empty() => {
            let keys: Vec<String> = table.keys().cloned().collect();
            let key = keys[random.below(keys.len())].clone();
            if goes_on {
                distort(random, table.get_mut(&key).unwrap());
                return;
            }
            match random.below(4) {
                0 => drop(table.remove(&key)),
                1 => {
                    let taken = table.remove(&key).unwrap();
                    let mut letters: Vec<char> = key.chars().collect();
                    let at = random.below(letters.len().max(1)).min(letters.len().saturating_sub(1));
                    letters[at] = if letters[at].is_lowercase() { letters[at].to_ascii_uppercase() } else { 'x' };
                    table.insert(letters.into_iter().collect(), taken);
                }
                2 => drop(table.insert(random.text(&STRANGERS), name(random))),
                _ => drop(table.insert(key, odd(random))),
            }
        }
        Value::Array(items) if !items.is_empty() && goes_on => {
            let at = random.below(items.len());
            distort(random, &mut items[at]);
        }
        other => *other = odd(random),
    }
}

fn odd(random: &mut Random) -> Value {
    let odd = [
        json!(null),
        json!(true),
        json!(7),
        json!(-0.5),
        json!(""),
        json!("x"),
        json!([]),
        json!({}),
        json!(["a"]),
        json!({"a": 1}),
    ];
    odd[random.below(odd.len())].clone()
}
