//! The names that Netlify reads in `netlify.toml`, and those that people write instead.
//!
//! Sources: `config/src/merge_normalize.js`, `config/src/normalize.ts`, `config/src/context.ts`,
//! `config/src/functions_config.js`, `redirect-parser/src/normalize.js`, `headers-parser/src/normalize.ts` and
//! <https://docs.netlify.com/build/configure-builds/file-based-configuration/>.

/// Names at the top level.
pub const TOP: [&str; 15] = [
    "build",
    "context",
    "database",
    "dev",
    "edge_functions",
    "forms",
    "functions",
    "graph",
    "headers",
    "images",
    "integrations",
    "plugins",
    "redirects",
    "spa_fallback",
    "template",
];

/// Names in `[build]`.
pub const BUILD: [&str; 9] =
    ["base", "command", "edge_functions", "environment", "functions", "ignore", "processing", "publish", "services"];

/// Names in `[context.NAME]`.
pub const CONTEXT: [&str; 14] = [
    "base",
    "build",
    "command",
    "database",
    "edge_functions",
    "environment",
    "functions",
    "headers",
    "ignore",
    "plugins",
    "processing",
    "publish",
    "redirects",
    "spa_fallback",
];

/// Deploy contexts that are no branches.
pub const CONTEXT_NAMES: [&str; 4] = ["branch-deploy", "deploy-preview", "dev", "production"];

/// Names in `[build.processing]`.
pub const PROCESSING: [&str; 5] = ["css", "html", "images", "js", "skip_processing"];

/// Names in `[build.processing.html]`.
pub const PROCESSING_HTML: [&str; 1] = ["pretty_urls"];

/// Names in one of `[[redirects]]`, old ones included.
pub const REDIRECT: [&str; 16] = [
    "conditions",
    "destination",
    "force",
    "from",
    "headers",
    "origin",
    "parameters",
    "params",
    "query",
    "rate_limit",
    "sign",
    "signed",
    "signing",
    "status",
    "to",
    "edge_handler",
];

/// Names in one of `[[headers]]`.
pub const HEADER: [&str; 2] = ["for", "values"];

/// Names in `[dev]`, which the command line of Netlify reads and no build does.
pub const DEV: [&str; 17] = [
    "autoLaunch",
    "base",
    "command",
    "edge_functions",
    "envFiles",
    "framework",
    "functions",
    "functionsPort",
    "https",
    "jwtRolePath",
    "jwtSecret",
    "live",
    "pollingStrategies",
    "port",
    "publish",
    "staticServerPort",
    "targetPort",
];

/// Names in `[database]`.
pub const DATABASE: [&str; 1] = ["migrations"];

/// Names in `[images]`.
pub const IMAGES: [&str; 1] = ["remote_images"];

/// Names under which Netlify expects a list of tables (`[[…]]`).
pub const LISTS: [&str; 5] = ["edge_functions", "headers", "integrations", "plugins", "redirects"];

/// Whether a list of tables belongs under this name, at the top level or in a context.
#[must_use]
pub fn is_list(names: &[&str]) -> bool {
    match names {
        [name] | ["context", _, name] => LISTS.contains(name),
        _ => false,
    }
}
