//! Grammar of a configuration: every section with the values it is meant to have and, now and then, others.

use super::random::Random;
use super::value::{self, Table, Value, put, text};
use super::{header, redirect};

/// Folders that a generated site may have, and others that it lacks.
pub(crate) const FOLDERS: [&str; 8] = ["site", "packages/a", "packages/b", "dist", "public", "a b", "site/dist", "..x"];

const CONTEXTS: [&str; 14] = [
    "__proto__",
    "production",
    "deploy-preview",
    "branch-deploy",
    "dev",
    "main",
    "feat/x",
    "feat/*",
    "*",
    "dep*",
    "staging",
    "",
    "constructor",
    "1",
];

/// Contexts and branches that a run may be asked for.
pub(crate) const NAMES: [&str; 11] = [
    "__proto__",
    "production",
    "deploy-preview",
    "branch-deploy",
    "dev",
    "main",
    "feat/x",
    "staging",
    "feat/y",
    "constructor",
    "1",
];

pub(crate) struct Grammar<'a> {
    pub(crate) random: &'a mut Random,
    /// Percentage of values that are of another kind than they should be.
    pub(crate) wrong: usize,
    /// The folders that the site has.
    pub(crate) folders: &'a [String],
}

impl Grammar<'_> {
    /// The value, or any other.
    pub(super) fn or_wrong(&mut self, value: Value) -> Value {
        if self.random.chance(self.wrong) { value::any(self.random, 2) } else { value }
    }

    /// Whether a value is to be unusual, though of the right kind.
    pub(super) fn odd(&mut self) -> bool {
        self.random.chance(4 + 2 * self.wrong)
    }

    /// One of the first `usual` texts, or now and then any.
    pub(super) fn usual(&mut self, texts: &[&str], usual: usize) -> Value {
        let odd = self.odd();
        text(self.random.pick(if odd { texts } else { &texts[..usual] }))
    }

    pub(super) fn put(&mut self, table: &mut Table, key: &str, value: Value) {
        let value = self.or_wrong(value);
        put(table, key, value);
    }

    pub(super) fn put_text(&mut self, table: &mut Table, key: &str, texts: &[&str]) {
        let value = text(self.random.pick(texts));
        self.put(table, key, value);
    }

    /// A whole configuration.
    pub(crate) fn config(&mut self) -> Table {
        let mut table = Table::new();
        self.sections(&mut table, 35);
        if self.random.chance(35) {
            let contexts = self.contexts();
            self.put(&mut table, "context", contexts);
        }
        if self.random.chance(25) {
            self.random.shuffle(&mut table);
        }
        table
    }

    fn sections(&mut self, table: &mut Table, percent: usize) {
        let sections = [
            "build",
            "build",
            "plugins",
            "functions",
            "edge_functions",
            "redirects",
            "headers",
            "database",
            "images",
            "dev",
            "integrations",
            "spa_fallback",
            "Build",
            "build.x",
            "other",
        ];
        for section in self.random.some(&sections, percent) {
            let value = match section {
                "build" | "Build" if section == "build" || self.random.chance(20) => Value::Table(self.build()),
                "plugins" => self.plugins(),
                "functions" => Value::Table(self.functions()),
                "edge_functions" => self.list(3, Grammar::edge_function),
                "redirects" => redirect::list(self.random, self.wrong),
                "headers" => header::list(self.random, self.wrong),
                "database" if self.random.chance(30) => self.database(),
                "integrations" if self.random.chance(40) => self.list(2, Grammar::integration),
                "spa_fallback" if self.random.chance(30) => Value::Boolean(self.random.chance(50)),
                "images" | "dev" | "other" if self.random.chance(30) => Value::Table(value::any_table(self.random, 2)),
                _ => continue,
            };
            self.put(table, section, value);
        }
        if self.random.chance(self.wrong) {
            let key = value::key(self.random);
            let value = value::any(self.random, 2);
            put(table, key, value);
        }
    }

    pub(super) fn list(&mut self, most: usize, item: fn(&mut Self) -> Value) -> Value {
        let count = self.random.below(most + 1);
        let items = (0..count).map(|_| {
            let value = item(self);
            self.or_wrong(value)
        });
        Value::List(items.collect())
    }

    fn build(&mut self) -> Table {
        let mut build = Table::new();
        for key in BUILD_PROPERTIES {
            if self.random.chance(if key == "base" { 15 } else { 30 }) {
                let value = self.build_value(key);
                let key = if self.random.chance(5) { capitalised(key) } else { key.to_owned() };
                self.put(&mut build, &key, value);
            }
        }
        if self.random.chance(5) {
            self.put_text(&mut build, "commandOrigin", &["ui", "mine", ""]);
        }
        if self.random.chance(5) {
            self.put_text(&mut build, "publishOrigin", &["ui", "mine", ""]);
        }
        if self.random.chance(self.wrong) {
            let key = value::key(self.random);
            let value = value::any(self.random, 2);
            put(&mut build, key, value);
        }
        build
    }

    fn build_value(&mut self, key: &str) -> Value {
        match key {
            "base" => text(self.base()),
            "publish" | "functions" | "edge_functions" => text(self.path()),
            "environment" => Value::Table(self.environment()),
            "processing" => Value::Table(value::any_table(self.random, 2)),
            _ => text(self.random.pick(&["npm run build", "make", "", "  ", "hugo && echo \"é\"", "a\nb"])),
        }
    }

    fn base(&mut self) -> String {
        if self.folders.is_empty() || self.odd() {
            return self.path();
        }
        let slash = self.random.pick(&["", "", "/", "./"]);
        format!("{slash}{}", self.folders[self.random.below(self.folders.len())])
    }

    pub(super) fn path(&mut self) -> String {
        if !self.odd() {
            return self.random.text(&[
                "dist",
                "public",
                "site/dist",
                "/dist/",
                "./public",
                ".",
                "",
                "a/./b//c",
                "netlify/functions",
            ]);
        }
        if self.random.chance(60) {
            let slash = self.random.text(&["", "", "", "/", "./", "//"]);
            let end = self.random.text(&["", "", "", "/", "/.", "/.."]);
            let folder = self.random.pick(&FOLDERS);
            return format!("{slash}{folder}{end}");
        }
        let others = [
            "",
            ".",
            "/",
            "..",
            "../x",
            "../../..",
            "missing",
            " ",
            "site/../..",
            "a/./b//c",
            "..x/y",
            "x/..y",
            "~",
            "é",
            "site\\dist",
            "netlify/functions",
            " dist",
            "/..",
            "index.html",
            "\u{a0}",
        ];
        self.random.text(&others)
    }

    fn environment(&mut self) -> Table {
        let mut table = Table::new();
        for key in self.random.some(&["A", "B", "NODE_VERSION", "a", "1", "constructor"], 35) {
            let value = match self.random.below(6) {
                0 => value::any(self.random, 1),
                _ => text(value::any_text(self.random)),
            };
            put(&mut table, key, value);
        }
        table
    }

    fn contexts(&mut self) -> Value {
        let mut contexts = Table::new();
        for _ in 0..1 + self.random.below(4) {
            let name = self.random.text(&CONTEXTS);
            let mut context = Table::new();
            for key in BUILD_PROPERTIES {
                if self.random.chance(18) {
                    let value = self.build_value(key);
                    let key = if self.random.chance(3) { capitalised(key) } else { key.to_owned() };
                    self.put(&mut context, &key, value);
                }
            }
            self.sections(&mut context, 12);
            if self.random.chance(2) {
                let inner = Value::Table(value::any_table(self.random, 2));
                put(&mut context, "context", inner);
            }
            if self.random.chance(30) {
                self.random.shuffle(&mut context);
            }
            let value = self.or_wrong(Value::Table(context));
            put(&mut contexts, name, value);
        }
        Value::Table(contexts)
    }
}

const BUILD_PROPERTIES: [&str; 8] =
    ["base", "command", "publish", "functions", "environment", "ignore", "edge_functions", "processing"];

fn capitalised(key: &str) -> String {
    key[..1].to_uppercase() + &key[1..]
}
