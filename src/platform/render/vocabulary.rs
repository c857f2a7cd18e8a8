//! The words of a Blueprint that age: fields, plans, regions, properties.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

const DATA: &str = include_str!("../data/render-blueprint.json");

/// What the embedded table lists; it names its source and its day.
#[derive(Debug, Deserialize)]
pub struct Vocabulary {
    /// Regions; the first is the default.
    pub regions: Vec<String>,
    /// Words for `runtime`.
    pub runtimes: Vec<String>,
    /// Words for `type`, the old `redis` included.
    pub types: Vec<String>,
    /// Plans by kind.
    pub plans: Plans,
    /// Keys by kind of mapping, the old ones that Render still reads included.
    pub fields: Fields,
    /// Keys that people write, and the one that Render reads.
    pub mistakes: BTreeMap<String, String>,
    /// What `fromDatabase.property` may name.
    pub database_properties: Vec<String>,
    /// What `fromService.property` may name, by type of the target.
    pub service_properties: BTreeMap<String, Vec<String>>,
    /// Folders at which no disk may be mounted; folders below them may have one.
    pub reserved_mounts: Vec<String>,
    /// Ports that Render keeps for itself.
    pub reserved_ports: Vec<String>,
}

/// Plans by kind.
#[derive(Debug, Deserialize)]
pub struct Plans {
    /// Web services, private services and workers.
    pub server: Vec<String>,
    /// Cron jobs.
    pub cron: Vec<String>,
    /// Key Value instances.
    pub keyvalue: Vec<String>,
    /// Postgres databases.
    pub postgres: Vec<String>,
    /// Plans that no new database gets.
    pub postgres_legacy: Vec<String>,
    /// Plans of services that only older ones have.
    pub legacy: Vec<String>,
}

/// Keys by kind of mapping.
#[derive(Debug, Deserialize)]
pub struct Fields {
    /// The file itself.
    pub root: Vec<String>,
    /// An entry of `services`, of whatever type.
    pub service: Vec<String>,
    /// An entry of `databases`.
    pub database: Vec<String>,
    /// An entry of `envVars`.
    pub variable: Vec<String>,
}

/// The embedded table.
#[must_use]
pub fn vocabulary() -> &'static Vocabulary {
    static TABLE: OnceLock<Vocabulary> = OnceLock::new();
    TABLE.get_or_init(|| serde_json::from_str(DATA).expect("internal: the embedded table of Blueprint words is valid"))
}

/// Whether a list holds a word.
#[must_use]
pub fn holds(list: &[String], word: &str) -> bool {
    list.iter().any(|known| known == word)
}

/// Whether a Postgres plan belongs to the family that no new database gets; letter case aside, as Render reads plans.
#[must_use]
pub fn is_legacy_postgres(plan: &str) -> bool {
    holds(&vocabulary().plans.postgres_legacy, &plan.to_lowercase())
}
