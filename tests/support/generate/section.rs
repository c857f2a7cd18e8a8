//! The sections of a configuration beside `build`: plugins, functions, edge functions, extensions, database.

use super::config::Grammar;
use super::value::{self, Table, Value, put, text};

impl Grammar<'_> {
    pub(super) fn plugins(&mut self) -> Value {
        let mut plugins = self.any_plugins();
        if let Value::List(items) = &mut plugins
            && !self.odd()
        {
            let mut seen = Vec::new();
            items.retain(|item| match item {
                Value::Table(table) => {
                    let package = format!("{:?}", table.iter().find(|(key, _)| key == "package"));
                    let is_new = !seen.contains(&package);
                    seen.push(package);
                    is_new
                }
                _ => true,
            });
        }
        plugins
    }

    fn any_plugins(&mut self) -> Value {
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

    pub(super) fn functions(&mut self) -> Table {
        let mut functions = Table::new();
        self.function_settings(&mut functions, 12);
        for _ in 0..self.random.below(4) {
            let names = ["*", "hello", "api-*", "schedule", "directory", "region", "10", "2", "", "constructor", "a.b"];
            let name = self.random.text(&names);
            let mut settings = Table::new();
            self.function_settings(&mut settings, 20);
            if name != "*" && !self.odd() {
                settings.retain(|(key, _)| key != "directory");
            }
            if !self.odd() && settings.iter().any(|(key, _)| key == "memory") {
                settings.retain(|(key, _)| key != "vcpu");
            }
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
                "vcpu" => self.vcpu(),
                "node_bundler" => self.usual(&["esbuild", "nft", "zisi", "none", "ESBUILD", "webpack"], 4),
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
        if !self.odd() {
            return if self.random.chance(50) { Value::Integer(2048) } else { text(self.random.pick(&texts[..5])) };
        }
        match self.random.below(4) {
            0 => Value::Integer([1024, 4096, 2048, 512, 5000][self.random.below(5)]),
            1 => Value::Float([1024.0, 1024.5, 4096.0][self.random.below(3)]),
            _ => text(self.random.pick(&texts)),
        }
    }

    fn vcpu(&mut self) -> Value {
        let odd = self.odd();
        match self.random.below(if odd { 6 } else { 3 }) {
            0 => Value::Float(0.5),
            1 => Value::Integer(2),
            2 => Value::Float(1.5),
            3 => Value::Float(2.01),
            4 => Value::Integer(0),
            _ => text("1"),
        }
    }

    fn schedule(&mut self) -> String {
        let whole =
            ["@daily", "@hourly", "@midnight", "@weekdays", "@Daily", "", " ", "* * * * *", "5 4 * * *", "@yearly"];
        if !self.odd() {
            return self.random.text(&["@daily", "@hourly", "* * * * *", "5 4 * * *", "*/15 1-5 * JAN MON", ""]);
        }
        if self.random.chance(30) {
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

    pub(super) fn edge_function(&mut self) -> Value {
        let mut table = Table::new();
        let pattern = self.random.chance(20);
        if !self.random.chance(self.wrong) {
            self.put_text(&mut table, if pattern { "pattern" } else { "path" }, &["/a", "/*", "/b/:c", "/x$"]);
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
                "cache" => self.usual(&["manual", "off", "on", "Manual"], 2),
                "method" => match self.random.below(3) {
                    0 => self.list(3, |grammar| grammar.usual(&["GET", "post", "Put", "HEAD"], 3)),
                    _ => self.usual(&["GET", "get", "DELETE", "options", "HEAD", "ﬁ"], 4),
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

    pub(super) fn integration(&mut self) -> Value {
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

    pub(super) fn database(&mut self) -> Value {
        let mut migrations = Table::new();
        let path = text(self.path());
        self.put(&mut migrations, "path", path);
        let mut database = Table::new();
        self.put(&mut database, "migrations", Value::Table(migrations));
        Value::Table(database)
    }
}

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
