//! Which form of an entry its author meant.

use super::rule::{RuleId, Schema};
use crate::text::tree::{Node, Table};

/// The types of service that the schema names.
pub(super) const SERVICE_TYPES: [&str; 7] = ["web", "pserv", "worker", "cron", "keyvalue", "redis", "workflow"];

/// The forms that a service may have.
pub(super) const SERVICE_FORMS: [&str; 5] =
    ["redisServer", "cronService", "serverService", "staticService", "workflowService"];

/// The form of a service by `type` and `runtime`; none without a known type.
pub(super) fn service(schema: &Schema, service: &Table) -> Option<RuleId> {
    let text = |key: &str| service.get(key).and_then(Node::as_str);
    let is_static = || {
        let has = |key: &str| service.contains_key(key);
        let names_static = text("runtime") == Some("static") || text("env") == Some("static");
        let has_runtime = has("runtime") || has("env");
        names_static || (!has_runtime && (has("staticPublishPath") || has("routes") || has("headers")))
    };
    schema.definition(match text("type")? {
        "keyvalue" | "redis" => "redisServer",
        "cron" => "cronService",
        "workflow" => "workflowService",
        "web" if is_static() => "staticService",
        "web" | "worker" | "pserv" => "serverService",
        _ => return None,
    })
}

/// The form of a variable by where its value comes from.
pub(super) fn variable(schema: &Schema, variable: &Table) -> Option<RuleId> {
    let forms = [
        ("fromDatabase", "envVarFromDatabase"),
        ("fromService", "envVarFromService"),
        ("fromGroup", "envVarFromGroup"),
    ];
    let form = forms.into_iter().find(|(key, _)| variable.contains_key(key));
    schema.definition(form.map_or("envVarFromKeyValue", |(_, form)| form))
}

/// What people write for another key, where the letters alone do not tell.
const MEANT: [(&str, &str); 44] = [
    ("env", "runtime"),
    ("language", "runtime"),
    ("environment", "envVars"),
    ("environments", "envVars"),
    ("enviroment", "envVars"),
    ("environmentVariables", "envVars"),
    ("env_vars", "envVars"),
    ("envs", "envVars"),
    ("variables", "envVars"),
    ("formGroup", "fromGroup"),
    ("secret", "sync"),
    ("root", "rootDir"),
    ("rootDirectory", "rootDir"),
    ("baseDir", "rootDir"),
    ("workingDirectory", "rootDir"),
    ("command", "startCommand"),
    ("start", "startCommand"),
    ("cmd", "dockerCommand"),
    ("run", "startCommand"),
    ("build", "buildCommand"),
    ("installCommand", "buildCommand"),
    ("predeploy", "preDeployCommand"),
    ("releaseCommand", "preDeployCommand"),
    ("dockerfile", "dockerfilePath"),
    ("dockerFile", "dockerfilePath"),
    ("context", "dockerContext"),
    ("publish", "staticPublishPath"),
    ("publishPath", "staticPublishPath"),
    ("publishDir", "staticPublishPath"),
    ("publishDirectory", "staticPublishPath"),
    ("outputDirectory", "staticPublishPath"),
    ("healthCheck", "healthCheckPath"),
    ("healthcheck", "healthCheckPath"),
    ("instances", "numInstances"),
    ("replicas", "numInstances"),
    ("autoscaling", "scaling"),
    ("redirects", "routes"),
    ("rewrites", "routes"),
    ("cron", "schedule"),
    ("customDomains", "domains"),
    ("size", "sizeGB"),
    ("instanceType", "plan"),
    ("url", "repo"),
    ("postgresVersion", "postgresMajorVersion"),
];

/// The accepted name that was probably meant.
pub(super) fn nearest<'a>(written: &str, accepted: &[&'a str]) -> Option<&'a str> {
    let meant = MEANT.iter().find(|(name, _)| *name == written).map(|(_, meant)| *meant);
    let known = |name: &str| accepted.iter().copied().find(|accepted| *accepted == name);
    meant.and_then(known).or_else(|| crate::text::suggest::nearest(written, accepted.iter().copied()))
}
