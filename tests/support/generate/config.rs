//! Grammar of a configuration: every section with the values it is meant to have and, now and then, others.

use super::random::Random;
use super::value::{self, Table, Value, put, text};
use super::{header, redirect};

/// Folders that a generated site may have, and others that it lacks.
pub(crate) const FOLDERS: [&str; 8] = ["site", "packages/a", "packages/b", "dist", "public", "a b", "site/dist", "..x"];

const CONTEXTS: [&str; 13] = [
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
pub(crate) const NAMES: [&str; 10] =
    ["production", "deploy-preview", "branch-deploy", "dev", "main", "feat/x", "staging", "feat/y", "constructor", "1"];

pub(crate) struct Grammar<'a> {
    pub(crate) random: &'a mut Random,
    /// Percentage of values that are of another kind than they should be.
    pub(crate) wrong: usize,
}

impl Grammar<'_> {
    /// The value, or any other.
    fn or_wrong(&mut self, value: Value) -> Value {
        if self.random.chance(self.wrong) { value::any(self.random, 2) } else { value }
    }

    fn put(&mut self, table: &mut Table, key: &str, value: Value) {
        let value = self.or_wrong(value);
        put(table, key, value);
    }

    fn put_text(&mut self, table: &mut Table, key: &str, texts: &[&str]) {
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

    fn list(&mut self, most: usize, item: fn(&mut Self) -> Value) -> Value {
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
            "base" => text(self.path()),
            "publish" | "functions" | "edge_functions" => text(self.path()),
            "environment" => Value::Table(self.environment()),
            "processing" => Value::Table(value::any_table(self.random, 2)),
            _ => text(self.random.pick(&["npm run build", "make", "", "  ", "hugo && echo \"é\"", "a\nb"])),
        }
    }

    fn path(&mut self) -> String {
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

    fn plugins(&mut self) -> Value {
        self.list(3, |grammar| {
            let mut plugin = Table::new();
            if !grammar.random.chance(grammar.wrong) {
                grammar.put_text(&mut plugin, "package", &["a", "b", "@netlify/plugin-nextjs", "./own", "/own", "c"]);
            }
            if grammar.random.chance(grammar.wrong) {
                let odd = [
                    "",
                    " ",
                    "A",
                    "a/b",
                    "@a/.b",
                    "@a/b/c",
                    "@/b",
                    ".",
                    "_a",
                    "node_modules",
                    "Favicon.ico",
                    "fs",
                    "~a",
                    "é",
                    " a",
                    "a b",
                    "a?b",
                    "@a/b c",
                    "..",
                    "*'()!",
                    "@a",
                    "a@1",
                ];
                grammar.put_text(&mut plugin, "package", &odd);
            }
            if grammar.random.chance(50) {
                let inputs = Value::Table(value::any_table(grammar.random, 2));
                grammar.put(&mut plugin, "inputs", inputs);
            }
            if grammar.random.chance(10) {
                grammar.put_text(&mut plugin, "pinned_version", &["1", "^2.0.0", "", " "]);
            }
            if grammar.random.chance(4) {
                grammar.put_text(&mut plugin, "origin", &["ui", "config", "", "mine"]);
            }
            if grammar.random.chance(grammar.wrong / 2) {
                let key = value::key(grammar.random);
                let value = value::any(grammar.random, 1);
                put(&mut plugin, key, value);
            }
            Value::Table(plugin)
        })
    }

    fn functions(&mut self) -> Table {
        let mut functions = Table::new();
        self.function_settings(&mut functions, 12);
        for _ in 0..self.random.below(4) {
            let names = ["*", "hello", "api-*", "schedule", "directory", "region", "10", "2", "", "constructor", "a.b"];
            let name = self.random.text(&names);
            let mut settings = Table::new();
            self.function_settings(&mut settings, 20);
            let value = self.or_wrong(Value::Table(settings));
            put(&mut functions, name, value);
        }
        functions
    }

    fn function_settings(&mut self, table: &mut Table, percent: usize) {
        for key in self.random.some(&FUNCTION_SETTINGS, percent) {
            let value = match key {
                "directory" | "deno_import_map" => text(self.path()),
                "memory" => self.memory(),
                "vcpu" => {
                    [Value::Float(0.5), Value::Integer(2), Value::Float(1.5), Value::Float(2.01), Value::Integer(0)]
                        [self.random.below(5)]
                    .clone()
                }
                "node_bundler" => text(self.random.pick(&["esbuild", "nft", "zisi", "none", "ESBUILD", "webpack"])),
                "region" => text(self.random.pick(&["cmh", "", "x"])),
                "schedule" => text(self.schedule()),
                "timeout" | "name" => value::any(self.random, 1),
                _ => self.list(3, |grammar| text(value::any_text(grammar.random))),
            };
            if matches!(key, "timeout" | "name") && !self.random.chance(self.wrong) {
                continue;
            }
            self.put(table, key, value);
        }
    }

    fn memory(&mut self) -> Value {
        let texts = [
            "1024",
            "2gb",
            "1.5 GB",
            "4096mb",
            " 2048 MB ",
            "4.0gb",
            "1023",
            "4097",
            "0x800",
            "1e3",
            "2 tb",
            "1.5",
            "1024.0",
            "1.0009765625gb",
            "\u{a0}2gb",
            "",
            "2gb\n",
            ".5gb",
            "+2gb",
            "2\u{2003}gb",
        ];
        match self.random.below(4) {
            0 => Value::Integer([1024, 4096, 2048, 512, 5000][self.random.below(5)]),
            1 => Value::Float([1024.0, 1024.5, 4096.0][self.random.below(3)]),
            _ => text(self.random.pick(&texts)),
        }
    }

    fn schedule(&mut self) -> String {
        let whole =
            ["@daily", "@hourly", "@midnight", "@weekdays", "@Daily", "", " ", "* * * * *", "5 4 * * *", "@yearly"];
        if self.random.chance(40) {
            return self.random.text(&whole);
        }
        let item = [
            "*", "?", "0", "5", "*/15", "1-5", "1,2", "MON", "jan", "MON-FRI", "L", "5L", "1#2", "H", "H(1-5)", "H/3",
            "31", "60", "7", "0,7", "5/10", "5-1", "*/0", "1-31/2", "feb", "29", "30", "12", "sunday", "-1", "1,1",
            "a", "2#6", "H(5-1)", "12-1", "5,L", "*,1", "1/2/3", "1-2-3", ",", "23", "24", "L-3", "15W", "1#1,2",
        ];
        let common = if self.random.chance(60) { 12 } else { item.len() };
        let count = [5, 5, 5, 5, 6, 4, 1, 7, 3][self.random.below(9)];
        let fields: Vec<String> = (0..count)
            .map(|_| if self.random.chance(50) { "*".to_owned() } else { self.random.text(&item[..common]) })
            .collect();
        fields.join(self.random.pick(&[" ", " ", " ", "  ", "\t"]))
    }

    fn edge_function(&mut self) -> Value {
        let mut table = Table::new();
        let pattern = self.random.chance(20);
        if !self.random.chance(self.wrong) {
            self.put_text(&mut table, if pattern { "pattern" } else { "path" }, &["/a", "/*", "/b/:c", "^/x$"]);
        }
        if !self.random.chance(self.wrong) {
            self.put_text(&mut table, "function", &["hello", "auth", "a b", ""]);
        }
        for key in self.random.some(&EDGE_SETTINGS, 12) {
            let value = match key {
                "excludedPath" | "excludedPattern" => match self.random.below(2) {
                    0 => text("/a/b"),
                    _ => self.list(3, |grammar| text(grammar.random.pick(&["/a/b", "/c", ""]))),
                },
                "cache" => text(self.random.pick(&["manual", "off", "on", "Manual"])),
                "method" => match self.random.below(3) {
                    0 => self.list(3, |grammar| text(grammar.random.pick(&["GET", "post", "Put", "HEAD"]))),
                    _ => text(self.random.pick(&["GET", "get", "DELETE", "options", "HEAD", "ﬁ"])),
                },
                "header" => {
                    let mut header = Table::new();
                    for key in self.random.some(&["x-a", "x-b", ""], 50) {
                        let flag = Value::Boolean(true);
                        let value = if self.random.chance(50) { flag } else { text("^1$") };
                        self.put(&mut header, key, value);
                    }
                    Value::Table(header)
                }
                "path" | "pattern" | "generator" | "extra" if !self.random.chance(self.wrong) => continue,
                _ => text(self.random.pick(&["a", "/b", ""])),
            };
            self.put(&mut table, key, value);
        }
        Value::Table(table)
    }

    fn integration(&mut self) -> Value {
        let mut table = Table::new();
        if !self.random.chance(self.wrong) {
            self.put_text(&mut table, "name", &["a", "b", "", "é", "1"]);
        }
        if self.random.chance(70) {
            let mut dev = Table::new();
            let paths = [
                "ext",
                "./ext/",
                "/abs/x.tgz",
                "a.TGZ",
                "b.zip",
                "",
                "../x",
                "a b",
                "x.tgz/",
                ".tgz",
                "é.tgz",
                "a.tgz?b",
                "a#b.tgz",
                "a%20b",
                "..",
                "c.d/e",
                "a\\b.tgz",
                "x.",
                "a.tgz.",
                "//x/y",
                "x//y.tgz",
            ];
            self.put_text(&mut dev, "path", &paths);
            if self.random.chance(20) {
                let value = Value::Boolean(true);
                self.put(&mut dev, "force_run_in_build", value);
            }
            self.put(&mut table, "dev", Value::Table(dev));
        }
        Value::Table(table)
    }

    fn database(&mut self) -> Value {
        let mut migrations = Table::new();
        let path = text(self.path());
        self.put(&mut migrations, "path", path);
        let mut database = Table::new();
        self.put(&mut database, "migrations", Value::Table(migrations));
        Value::Table(database)
    }
}

const BUILD_PROPERTIES: [&str; 8] =
    ["base", "command", "publish", "functions", "environment", "ignore", "edge_functions", "processing"];

const FUNCTION_SETTINGS: [&str; 12] = [
    "deno_import_map",
    "directory",
    "external_node_modules",
    "ignored_node_modules",
    "included_files",
    "memory",
    "node_bundler",
    "region",
    "schedule",
    "vcpu",
    "timeout",
    "name",
];

const EDGE_SETTINGS: [&str; 10] =
    ["excludedPath", "excludedPattern", "cache", "method", "header", "name", "generator", "path", "pattern", "extra"];

fn capitalised(key: &str) -> String {
    key[..1].to_uppercase() + &key[1..]
}
