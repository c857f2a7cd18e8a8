//! The schema in the form in which it is applied.

use std::collections::HashMap;

use indexmap::IndexMap;
use serde_json::{Map, Value};

/// Number of a rule.
pub(super) type RuleId = usize;

/// The types of JSON, one bit each.
pub(super) mod types {
    pub(in super::super) const NULL: u8 = 1;
    pub(in super::super) const BOOLEAN: u8 = 2;
    pub(in super::super) const NUMBER: u8 = 4;
    pub(in super::super) const INTEGER: u8 = 8;
    pub(in super::super) const STRING: u8 = 16;
    pub(in super::super) const ARRAY: u8 = 32;
    pub(in super::super) const OBJECT: u8 = 64;
}

/// Keywords that judge nothing.
const SILENT: [&str; 8] = ["$schema", "$id", "title", "description", "default", "deprecated", "definitions", "$defs"];

/// One schema object.
#[derive(Debug, Default)]
pub(super) struct Rule {
    /// `false`: nothing is accepted.
    pub(super) is_never: bool,
    pub(super) reference: Option<RuleId>,
    /// Bits of [`types`]; 0 accepts all.
    pub(super) types: u8,
    pub(super) properties: IndexMap<String, RuleId>,
    pub(super) required: Vec<String>,
    /// Whether other keys than those of `properties` are accepted.
    pub(super) is_closed: bool,
    /// Whether other keys than those that any part of this rule knows are accepted.
    pub(super) is_sealed: bool,
    pub(super) items: Option<RuleId>,
    /// Accepted strings (`enum` and `const`), none when all are.
    pub(super) values: Vec<String>,
    pub(super) is_constant: bool,
    pub(super) minimum: Option<f64>,
    pub(super) maximum: Option<f64>,
    pub(super) is_uri: bool,
    pub(super) any_of: Vec<RuleId>,
    pub(super) one_of: Vec<RuleId>,
    pub(super) all_of: Vec<RuleId>,
    pub(super) condition: Option<RuleId>,
    pub(super) consequence: Option<RuleId>,
    pub(super) negated: Option<RuleId>,
}

/// All rules of a schema.
#[derive(Debug, Default)]
pub(super) struct Schema {
    rules: Vec<Rule>,
    definitions: HashMap<String, RuleId>,
    pub(super) root: RuleId,
    /// Any kind of service.
    pub(super) service: Option<RuleId>,
    /// Any kind of variable.
    pub(super) variable: Option<RuleId>,
    /// Keywords and forms that this judge does not know.
    pub(super) unknown: Vec<String>,
}

impl Schema {
    pub(super) fn compile(text: &str) -> Schema {
        let mut schema = Schema::default();
        let Ok(Value::Object(root)) = serde_json::from_str(text) else {
            schema.rules.push(Rule::default());
            schema.unknown.push("the schema is no object".to_owned());
            return schema;
        };
        let definitions = root.get("definitions").and_then(Value::as_object).cloned().unwrap_or_default();
        for (number, name) in definitions.keys().enumerate() {
            schema.definitions.insert(name.clone(), number);
            schema.rules.push(Rule::default());
        }
        for (name, value) in &definitions {
            let rule = schema.compile_rule(value);
            let id = schema.definitions[name];
            schema.rules[id] = rule;
        }
        schema.root = schema.add(&Value::Object(root));
        schema.variable = schema.definition("envVar");
        schema.service = schema.definition("resources").and_then(|resources| {
            let services = *schema.rule(resources).properties.get("services")?;
            schema.rule(services).items
        });
        schema
    }

    pub(super) fn rule(&self, id: RuleId) -> &Rule {
        &self.rules[id]
    }

    pub(super) fn definition(&self, name: &str) -> Option<RuleId> {
        self.definitions.get(name).copied()
    }

    /// The keys that a rule and its parts know.
    pub(super) fn keys(&self, id: RuleId) -> Vec<&str> {
        let rule = self.rule(id);
        let mut keys: Vec<&str> = rule.properties.keys().map(String::as_str).collect();
        for part in rule.reference.iter().chain(&rule.all_of) {
            keys.extend(self.keys(*part));
        }
        keys
    }

    fn add(&mut self, value: &Value) -> RuleId {
        let rule = self.compile_rule(value);
        self.rules.push(rule);
        self.rules.len() - 1
    }

    fn compile_rule(&mut self, value: &Value) -> Rule {
        match value {
            Value::Bool(accepts) => Rule { is_never: !accepts, ..Rule::default() },
            Value::Object(object) => self.compile_object(object),
            _ => {
                self.unknown.push(format!("{value} as a schema"));
                Rule::default()
            }
        }
    }

    fn compile_object(&mut self, object: &Map<String, Value>) -> Rule {
        let mut rule = Rule::default();
        for (keyword, value) in object {
            match (keyword.as_str(), value) {
                (keyword, _) if SILENT.contains(&keyword) => {}
                ("$ref", Value::String(target)) => {
                    rule.reference = target.strip_prefix("#/definitions/").and_then(|name| self.definition(name));
                    if rule.reference.is_none() {
                        self.unknown.push(format!("$ref {target}"));
                    }
                }
                ("type", Value::String(name)) => rule.types = self.type_bit(name),
                ("type", Value::Array(names)) => {
                    rule.types = names.iter().filter_map(Value::as_str).map(|name| self.type_bit(name)).sum();
                }
                ("properties", Value::Object(properties)) => {
                    rule.properties = properties.iter().map(|(key, value)| (key.clone(), self.add(value))).collect();
                }
                ("additionalProperties", Value::Bool(accepts)) => rule.is_closed = !accepts,
                ("unevaluatedProperties", Value::Bool(accepts)) => rule.is_sealed = !accepts,
                ("required", _) => rule.required = self.strings(value),
                ("enum", _) => rule.values = self.strings(value),
                ("const", Value::String(constant)) => {
                    (rule.values, rule.is_constant) = (vec![constant.clone()], true);
                }
                ("minimum", Value::Number(number)) => rule.minimum = number.as_f64(),
                ("maximum", Value::Number(number)) => rule.maximum = number.as_f64(),
                ("format", Value::String(format)) if format == "uri" => rule.is_uri = true,
                _ => self.compile_part(&mut rule, keyword, value),
            }
        }
        rule
    }

    /// Keywords that hold schemas.
    fn compile_part(&mut self, rule: &mut Rule, keyword: &str, value: &Value) {
        match (keyword, value) {
            ("items", _) => rule.items = Some(self.add(value)),
            ("if", _) => rule.condition = Some(self.add(value)),
            ("then", _) => rule.consequence = Some(self.add(value)),
            ("not", _) => rule.negated = Some(self.add(value)),
            ("anyOf", Value::Array(parts)) => rule.any_of = parts.iter().map(|part| self.add(part)).collect(),
            ("oneOf", Value::Array(parts)) => rule.one_of = parts.iter().map(|part| self.add(part)).collect(),
            ("allOf", Value::Array(parts)) => rule.all_of = parts.iter().map(|part| self.add(part)).collect(),
            _ => self.unknown.push(format!("{keyword}: {value}")),
        }
    }

    fn strings(&mut self, value: &Value) -> Vec<String> {
        let items = value.as_array().map_or(&[][..], Vec::as_slice);
        if items.is_empty() || items.iter().any(|item| !item.is_string()) {
            self.unknown.push(format!("{value}, where strings are known"));
        }
        items.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    fn type_bit(&mut self, name: &str) -> u8 {
        match name {
            "null" => types::NULL,
            "boolean" => types::BOOLEAN,
            "number" => types::NUMBER,
            "integer" => types::INTEGER,
            "string" => types::STRING,
            "array" => types::ARRAY,
            "object" => types::OBJECT,
            _ => {
                self.unknown.push(format!("the type {name}"));
                0
            }
        }
    }
}
