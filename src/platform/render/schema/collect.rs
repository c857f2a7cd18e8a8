//! The violations of a document.

use std::collections::HashSet;

use super::rule::{Rule, RuleId, Schema, types};
use super::validate::{has_type, has_value, is_large_enough, is_small_enough, is_uri};
use super::{Violation, evident, message};
use crate::text::span::{FileId, Span};
use crate::text::tree::{Entry, Kind, Node, Table};
use crate::text::yaml::Document;

/// Where a value stands.
#[derive(Debug, Clone)]
struct Place {
    /// In Render's notation.
    path: String,
    /// The last key.
    key: String,
    /// The key or the item of a list; of what came through a merge, the entry that merges.
    span: Span,
    /// Whether a merge lies on the way.
    is_merged: bool,
    /// Where the value is written.
    value: Span,
}

/// Keys that the parts of a sealed rule know.
type Known<'s> = Option<HashSet<&'s str>>;

/// Walks a document along the schema and gathers what is wrong.
pub(super) struct Collector<'a> {
    schema: &'static Schema,
    document: &'a Document,
    source: &'a str,
    found: Vec<Violation>,
    /// Whether variables are looked at when they come along.
    with_variables: bool,
}

impl<'a> Collector<'a> {
    pub(super) fn new(schema: &'static Schema, document: &'a Document, source: &'a str) -> Collector<'a> {
        Collector { schema, document, source, found: Vec::new(), with_variables: true }
    }

    pub(super) fn collect(mut self, root: &Node, file: FileId) -> Vec<Violation> {
        let start = Span::new(file, 0, 0);
        let value = if root.span.is_written() { root.span } else { start };
        let place = Place { path: String::new(), key: String::new(), span: value, is_merged: false, value };
        self.walk(self.schema.root, root, &place, &mut None);
        if self.found.is_empty() {
            let message = "the Blueprint is not what the schema asks for".to_owned();
            self.report(&place, "schema", message, start);
        }
        self.found.sort_by(|one, other| (one.place, &one.path).cmp(&(other.place, &other.path)));
        let mut seen = HashSet::new();
        self.found.retain(|it| seen.insert((it.path.clone(), it.keyword, it.message.clone())));
        self.found
    }

    fn report(&mut self, place: &Place, keyword: &'static str, message: String, span: Span) -> &mut Violation {
        self.found.push(Violation {
            path: place.path.clone(),
            keyword,
            key: place.key.clone(),
            message,
            place: place.span,
            span,
            takes_text: false,
            takes_truth: false,
            accepted: Vec::new(),
            suggestion: None,
        });
        let last = self.found.len() - 1;
        &mut self.found[last]
    }

    fn property(&self, table: &Node, key: &str, entry: &Entry, place: &Place) -> Place {
        let path = if place.path.is_empty() { key.to_owned() } else { format!("{}.{key}", place.path) };
        // What a merge brought is written outside of the mapping that it belongs to, and so is all of an alias.
        let is_inside = table.span.start <= entry.key_span.start && entry.key_span.end <= table.span.end;
        let is_merged = place.is_merged || !(is_inside || self.document.marks.is_alias(table.span));
        let span = if is_merged { place.span } else { entry.key_span };
        Place { path, key: key.to_owned(), span, is_merged, value: entry.value.span }
    }

    fn item(node: &Node, number: usize, place: &Place) -> Place {
        let path = format!("{}[{number}]", place.path);
        let span = if place.is_merged { place.span } else { node.span };
        Place { path, key: place.key.clone(), span, is_merged: place.is_merged, value: node.span }
    }

    fn walk(&mut self, id: RuleId, node: &Node, place: &Place, known: &mut Known<'static>) {
        let schema = self.schema;
        if Some(id) == schema.service {
            return self.service(node, place);
        }
        if Some(id) == schema.variable {
            if self.with_variables {
                self.variable(node, place, false);
            }
            return;
        }
        let rule = schema.rule(id);
        if rule.is_never {
            let message = format!("\"{}\" cannot stand beside \"buildSource\" in {}", place.key, parent(&place.path));
            self.report(place, "false schema", message, place.span);
            return;
        }
        if !self.value(rule, node, place) {
            return;
        }
        if let (Some(items), Some(nodes)) = (rule.items, node.as_array()) {
            let is_group =
                place.key == "envVars" && schema.definition("envVarFromKeyValue") == schema.rule(items).reference;
            for (number, node) in nodes.iter().enumerate() {
                let place = Self::item(node, number, place);
                if is_group { self.variable(node, &place, true) } else { self.walk(items, node, &place, &mut None) }
            }
        }
        let mut own = if rule.is_sealed && known.is_none() { Some(HashSet::new()) } else { None };
        let is_outermost = own.is_some();
        let known = if is_outermost { &mut own } else { known };
        if let Some(table) = node.as_table() {
            self.table(rule, (node, table), place, known);
        }
        self.parts(rule, node, place, known);
        if let (true, Some(known), Some(table)) = (is_outermost, known.as_ref(), node.as_table()) {
            let accepted = schema.keys(id);
            for (key, entry) in table.iter().filter(|(key, _)| !known.contains(key)) {
                self.stranger("unevaluatedProperties", (node, key, entry), &accepted, place);
            }
        }
    }

    /// Checks what can be said of the value alone; false when its type is wrong.
    fn value(&mut self, rule: &'static Rule, node: &Node, place: &Place) -> bool {
        let name = message::of_entry(&place.path);
        if !has_type(node, rule.types) {
            let (wanted, is) = (message::of_types(rule.types), message::described(node, self.source));
            let text = format!("{name} must be {wanted}, not {is}");
            let found = self.report(place, "type", text, place.value);
            (found.takes_text, found.takes_truth) = (rule.types & types::STRING != 0, rule.types & types::BOOLEAN != 0);
            return false;
        }
        if !has_value(rule, node) {
            self.wrong_value(rule, node, place);
        }
        let bound = match (rule.minimum, rule.maximum) {
            (Some(minimum), Some(maximum)) => format!("from {minimum} to {maximum}"),
            (Some(minimum), None) => format!("at least {minimum}"),
            (None, Some(maximum)) => format!("at most {maximum}"),
            (None, None) => String::new(),
        };
        let is_wrong = [(!is_large_enough(rule, node), "minimum"), (!is_small_enough(rule, node), "maximum")];
        for (_, keyword) in is_wrong.into_iter().filter(|(is_wrong, _)| *is_wrong) {
            let text = format!("{name} must be {bound}, not {}", message::described(node, self.source));
            self.report(place, keyword, text, place.value);
        }
        if !is_uri(rule, node) {
            let is = message::described(node, self.source);
            let text = format!("{name} must be a URL with its scheme (\"https://…\"), not {is}");
            self.report(place, "format", text, place.value);
        }
        true
    }

    fn wrong_value(&mut self, rule: &'static Rule, node: &Node, place: &Place) {
        let accepted: Vec<&'static str> = rule.values.iter().map(String::as_str).collect();
        let suggestion = node.as_str().and_then(|text| evident::nearest(text, &accepted));
        let is = message::described(node, self.source);
        let name = message::of_entry(&place.path);
        let text = match suggestion {
            Some(meant) => format!("{name} cannot be {is}; did you mean \"{meant}\"?"),
            None => format!("{name} must be {}, not {is}", message::listed(&accepted, "or")),
        };
        let keyword = if rule.is_constant { "const" } else { "enum" };
        let found = self.report(place, keyword, text, place.value);
        (found.accepted, found.suggestion) = (accepted, suggestion);
    }

    fn table(
        &mut self,
        rule: &'static Rule,
        (node, table): (&Node, &Table),
        place: &Place,
        known: &mut Known<'static>,
    ) {
        for key in rule.required.iter().filter(|key| !table.contains_key(key)) {
            self.missing(rule, key, place);
        }
        for (key, entry) in table.iter() {
            match rule.properties.get_key_value(key) {
                Some((name, property)) => {
                    if let Some(known) = known {
                        known.insert(name);
                    }
                    let place = self.property(node, key, entry, place);
                    self.walk(*property, &entry.value, &place, &mut None);
                }
                None if rule.is_closed => {
                    let accepted: Vec<&'static str> = rule.properties.keys().map(String::as_str).collect();
                    self.stranger("additionalProperties", (node, key, entry), &accepted, place);
                }
                None => {}
            }
        }
    }

    fn missing(&mut self, rule: &'static Rule, key: &'static str, place: &Place) {
        let schema = self.schema;
        let of_property = |id: &RuleId| {
            let rule = schema.rule(*id);
            rule.reference.map_or(rule, |reference| schema.rule(reference))
        };
        let property = rule.properties.get(key).copied().or_else(|| schema.definition(key));
        let values = property.as_ref().map(of_property).map_or(&[][..], |rule| rule.values.as_slice());
        let accepted: Vec<&'static str> = values.iter().map(String::as_str).collect();
        let takes = if accepted.is_empty() {
            String::new()
        } else {
            format!("; it takes {}", message::listed(&accepted, "or"))
        };
        let text = format!("\"{key}\" is missing in {}{takes}", message::of_entry(&place.path));
        let found = self.report(place, "required", text, place.span);
        (found.key, found.accepted) = (key.to_owned(), accepted);
    }

    fn stranger(
        &mut self,
        keyword: &'static str,
        (node, key, entry): (&Node, &str, &Entry),
        accepted: &[&'static str],
        place: &Place,
    ) {
        let free: Vec<&'static str> = {
            let table = node.as_table();
            let is_free = |name: &&&'static str| table.is_none_or(|table| !table.contains_key(name));
            accepted.iter().filter(is_free).copied().collect()
        };
        // A list of variables is written under "env", too, but a runtime is a text.
        let meant = if key == "env" && entry.value.as_array().is_some() { "environment" } else { key };
        let suggestion = evident::nearest(meant, &free);
        let hint = message::hint(suggestion, || self.home_of(key, accepted, place));
        let text = format!("{} has no key \"{key}\"{hint}", message::of_entry(&place.path));
        let place = self.property(node, key, entry, place);
        let found = self.report(&place, keyword, text, entry.key_span);
        (found.accepted, found.suggestion) = (accepted.to_vec(), suggestion);
    }

    /// Where an unknown key belongs, or what stands in its place.
    fn home_of(&self, key: &str, accepted: &[&str], place: &Place) -> String {
        let is_of = |forms: &[&str]| {
            let mut forms = forms.iter().filter_map(|form| self.schema.definition(form));
            forms.any(|form| self.schema.rule(form).properties.contains_key(key))
        };
        let holder = place.path.rsplit('.').next().unwrap_or_default();
        let (is_service, is_database) = (holder.starts_with("services["), holder.starts_with("databases["));
        match () {
            () if is_service && is_of(&evident::SERVICE_FORMS) => "; only other types of service take it".to_owned(),
            () if !is_service && is_of(&evident::SERVICE_FORMS) && accepted.len() > 5 => {
                "; it is a key of services".to_owned()
            }
            () if !is_database && is_of(&["database"]) => "; it is a key of databases".to_owned(),
            () if accepted.len() > message::MAX_LISTED => String::new(),
            () => format!("; it takes {}", message::listed(accepted, "and")),
        }
    }

    /// The rules that a rule is made of.
    fn parts(&mut self, rule: &'static Rule, node: &Node, place: &Place, known: &mut Known<'static>) {
        let schema = self.schema;
        for part in rule.reference.iter().chain(&rule.all_of) {
            self.walk(*part, node, place, known);
        }
        if let (Some(condition), Some(consequence)) = (rule.condition, rule.consequence)
            && schema.accepts(condition, node, true)
        {
            self.walk(consequence, node, place, known);
        }
        if let Some(negated) = rule.negated
            && schema.accepts(negated, node, true)
        {
            let text = format!("{} has a form that the schema excludes", message::of_entry(&place.path));
            self.report(place, "not", text, place.span);
        }
        let accepting = |parts: &[RuleId]| parts.iter().filter(|part| schema.accepts(**part, node, true)).count();
        if !rule.any_of.is_empty() && accepting(&rule.any_of) == 0 {
            self.no_form("anyOf", &rule.any_of, node, place);
        }
        match accepting(&rule.one_of) {
            _ if rule.one_of.is_empty() => {}
            0 => self.no_form("oneOf", &rule.one_of, node, place),
            1 => {}
            _ => {
                let keys = self.required_keys(&rule.one_of);
                let name = message::of_entry(&place.path);
                let text = format!("{name} takes only one of {}", message::listed(&keys, "and"));
                self.report(place, "oneOf", text, place.span).accepted = keys;
            }
        }
    }

    /// The keys of alternatives that each ask for one key.
    fn required_keys(&self, parts: &[RuleId]) -> Vec<&'static str> {
        let schema = self.schema;
        parts.iter().flat_map(|part| schema.rule(*part).required.iter()).map(String::as_str).collect()
    }

    /// None of the alternatives fits: names what they ask for, or compares with the nearest one.
    fn no_form(&mut self, keyword: &'static str, parts: &[RuleId], node: &Node, place: &Place) {
        let schema = self.schema;
        let name = message::of_entry(&place.path);
        let bits = parts.iter().map(|part| schema.rule(*part).types).fold(0, |bits, of_part| bits | of_part);
        let keys = self.required_keys(parts);
        if keys.len() == parts.len() && bits == 0 && matches!(node.kind, Kind::Table(_)) {
            let text = format!("{} is missing in {name}", message::listed(&keys, "or"));
            self.report(place, keyword, text, place.span).accepted = keys;
        } else if bits != 0 && !has_type(node, bits) {
            let is = message::described(node, self.source);
            let text = format!("{name} must be {}, not {is}", message::of_types(bits));
            self.report(place, "type", text, place.value);
        } else {
            let best = parts.iter().map(|part| self.violations_of(*part, node, place)).min_by_key(Vec::len);
            self.found.extend(best.unwrap_or_default());
        }
    }

    fn violations_of(&self, id: RuleId, node: &Node, place: &Place) -> Vec<Violation> {
        let Collector { schema, document, source, with_variables, .. } = *self;
        let mut part = Collector { schema, document, source, found: Vec::new(), with_variables };
        part.walk(id, node, place, &mut None);
        part.found
    }

    fn service(&mut self, node: &Node, place: &Place) {
        let Some(table) = node.as_table() else {
            let text = format!("{} must be a mapping, not {}", place.path, message::described(node, self.source));
            self.report(place, "type", text, place.value);
            return;
        };
        if let Some((entry, nodes)) = table.0.get("envVars").and_then(|entry| Some((entry, entry.value.as_array()?))) {
            let of_list = self.property(node, "envVars", entry, place);
            for (number, node) in nodes.iter().enumerate() {
                self.variable(node, &Self::item(node, number, &of_list), false);
            }
        }
        if self.schema.service.is_some_and(|any| self.schema.accepts(any, node, false)) {
            return;
        }
        match evident::service(self.schema, table) {
            Some(form) => {
                self.with_variables = false;
                self.walk(form, node, place, &mut None);
                self.with_variables = true;
            }
            None => self.unknown_type(node, table, place),
        }
    }

    fn unknown_type(&mut self, node: &Node, table: &Table, place: &Place) {
        let accepted = evident::SERVICE_TYPES.to_vec();
        let names = message::listed(&accepted, "or");
        let Some(entry) = table.0.get("type") else {
            let text = format!("\"type\" is missing in {}; it takes {names}", place.path);
            let found = self.report(place, "required", text, place.span);
            (found.key, found.accepted) = ("type".to_owned(), accepted);
            return;
        };
        let place = self.property(node, "type", entry, place);
        let suggestion = entry.value.as_str().and_then(|text| evident::nearest(text, &accepted));
        let hint = suggestion.map_or_else(String::new, |name| format!("; did you mean \"{name}\"?"));
        let is = message::described(&entry.value, self.source);
        let text = format!("{} must be {names}, not {is}{hint}", place.path);
        let found = self.report(&place, "enum", text, place.value);
        (found.accepted, found.suggestion) = (accepted, suggestion);
    }

    /// A variable of a service or, with fewer forms, of a group.
    fn variable(&mut self, node: &Node, place: &Place, is_in_group: bool) {
        let schema = self.schema;
        if !is_in_group && schema.variable.is_some_and(|any| schema.accepts(any, node, true)) {
            return;
        }
        let Some(table) = node.as_table() else {
            let text = format!("{} must be a mapping, not {}", place.path, message::described(node, self.source));
            self.report(place, "type", text, place.value);
            return;
        };
        let form = if is_in_group { schema.definition("envVarFromKeyValue") } else { evident::variable(schema, table) };
        if let Some(form) = form {
            self.walk(form, node, place, &mut None);
        }
    }
}

/// The entry that holds the last key of a path.
fn parent(path: &str) -> String {
    message::of_entry(path.rsplit_once('.').map_or("", |(parent, _)| parent))
}
