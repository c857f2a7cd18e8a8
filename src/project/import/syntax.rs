//! Scripts by the grammar of oxc: the one place that knows its syntax tree.

use std::collections::HashSet;

use oxc_allocator::Allocator;
use oxc_ast::ast;
use oxc_ast_visit::{Visit, walk};
use oxc_parser::{ParseOptions, Parser};
use oxc_span::{GetSpan as _, SourceType, Span};
use oxc_syntax::scope::ScopeFlags;

use super::scan::{CommonName, Dialect, Holder, Load, LoadKind, Scan, Variable};

/// Names that a CommonJS module is given.
const COMMON_NAMES: [&str; 5] = ["require", "module", "exports", "__dirname", "__filename"];

/// Reads a script; `None` when the grammar refuses it.
pub(super) fn read(text: &str, dialect: Dialect) -> Option<Scan> {
    types(dialect).iter().find_map(|kind| read_as(text, dialect, *kind))
}

fn read_as(text: &str, dialect: Dialect, kind: SourceType) -> Option<Scan> {
    let allocator = Allocator::default();
    let options = ParseOptions { allow_return_outside_function: true, ..ParseOptions::default() };
    let parsed = Parser::new(&allocator, text, kind).with_options(options).parse();
    if parsed.panicked || parsed.is_flow_language || !parsed.errors.is_empty() {
        return None;
    }
    let mut reader = Reader { text, ..Reader::default() };
    reader.visit_program(&parsed.program);
    Some(reader.finish(dialect))
}

/// The kinds that a script may be of, the likelier one first.
fn types(dialect: Dialect) -> &'static [SourceType] {
    const MODULE: SourceType = SourceType::mjs().with_jsx(true);
    const SCRIPT: SourceType = SourceType::cjs().with_jsx(true);
    match dialect {
        Dialect::Module => &[const { SourceType::mjs() }],
        Dialect::Common => &[SCRIPT],
        Dialect::TypeScript => &[const { SourceType::ts() }],
        Dialect::TypeScriptMarkup => &[const { SourceType::tsx() }],
        _ => &[MODULE, SCRIPT],
    }
}

#[derive(Default)]
struct Reader<'t> {
    text: &'t str,
    scan: Scan,
    /// For each load the names that it brings; none where they do not matter.
    brought: Vec<Option<Vec<String>>>,
    /// Names that are used as values.
    values: HashSet<String>,
    /// Names that the module declares, in whatever scope.
    declared: HashSet<String>,
    /// Depth of functions around.
    functions: u32,
    /// Depth of constructs around that may keep code from running, or catch what it throws.
    guards: u32,
}

impl Reader<'_> {
    fn finish(mut self, dialect: Dialect) -> Scan {
        if dialect.drops_types() {
            for (load, names) in self.scan.loads.iter_mut().zip(&self.brought) {
                let is_unused = |names: &Vec<String>| !names.iter().any(|name| self.values.contains(name));
                load.is_type_only |= names.as_ref().is_some_and(is_unused);
            }
        }
        let declared = self.declared;
        if declared.contains("require") {
            self.scan.loads.retain(|load| load.kind != LoadKind::Require);
        }
        self.scan.common_names.retain(|name| !declared.contains(name.name));
        self.scan
    }

    fn load(&mut self, literal: &ast::StringLiteral<'_>, kind: LoadKind) -> &mut Load {
        self.load_at(literal.value.as_str(), literal.span, kind, None)
    }

    fn load_at(&mut self, specifier: &str, span: Span, kind: LoadKind, names: Option<Vec<String>>) -> &mut Load {
        let is_declared = kind == LoadKind::Static;
        self.brought.push(names);
        self.scan.loads.push(Load {
            specifier: specifier.to_owned(),
            start: span.start + 1,
            end: (span.end - 1).max(span.start + 1),
            kind,
            is_type_only: false,
            is_guarded: !is_declared && self.guards > 0,
            is_immediate: is_declared || self.functions == 0,
        });
        let last = self.scan.loads.len() - 1;
        &mut self.scan.loads[last]
    }

    /// A literal name: a string, or a template without substitutions.
    fn literal<'e>(expression: &'e ast::Expression<'_>) -> Option<(&'e str, Span)> {
        match expression {
            ast::Expression::StringLiteral(literal) => Some((literal.value.as_str(), literal.span)),
            ast::Expression::TemplateLiteral(template) if template.expressions.is_empty() => {
                let text = template.quasis.first()?.value.cooked.as_ref()?;
                Some((text.as_str(), template.span))
            }
            _ => None,
        }
    }

    fn attributes(&mut self, clause: Option<&ast::WithClause<'_>>) {
        let Some(clause) = clause.filter(|clause| clause.keyword == ast::WithClauseKeyword::Assert) else { return };
        // The clause begins behind its keyword.
        let before = self.text.get(..clause.span.start as usize).unwrap_or_default().trim_end();
        if let Some(start) = before.strip_suffix("assert").and_then(|before| u32::try_from(before.len()).ok()) {
            self.scan.assertions.push((start, start + 6));
        }
    }

    fn declares(&mut self, span: Span) {
        self.scan.declaration.get_or_insert((span.start, span.end));
    }

    fn guarded(&mut self, visit: impl FnOnce(&mut Self)) {
        self.guards += 1;
        visit(self);
        self.guards -= 1;
    }

    fn in_function(&mut self, visit: impl FnOnce(&mut Self)) {
        self.functions += 1;
        visit(self);
        self.functions -= 1;
    }

    /// Whether an expression is `process.env` or `import.meta.env`.
    fn holder(expression: &ast::Expression<'_>) -> Option<Holder> {
        let ast::Expression::StaticMemberExpression(member) = expression else { return None };
        if member.property.name != "env" {
            return None;
        }
        match &member.object {
            ast::Expression::Identifier(object) if object.name == "process" => Some(Holder::Process),
            ast::Expression::MetaProperty(meta) if meta.property.name == "meta" => Some(Holder::Meta),
            _ => None,
        }
    }

    fn variable(&mut self, object: &ast::Expression<'_>, name: &str, span: Span) {
        let Some(holder) = Self::holder(object) else { return };
        self.scan.variables.push(Variable {
            name: name.to_owned(),
            start: span.start,
            end: span.end,
            holder,
            has_fallback: self.guards > 0,
            is_immediate: self.functions == 0,
        });
    }
}

impl<'a> Visit<'a> for Reader<'_> {
    fn visit_import_declaration(&mut self, it: &ast::ImportDeclaration<'a>) {
        self.declares(it.span);
        self.attributes(it.with_clause.as_deref());
        let specifiers = it.specifiers.as_ref();
        let is_type = |one: &ast::ImportDeclarationSpecifier<'_>| match one {
            ast::ImportDeclarationSpecifier::ImportSpecifier(one) => one.import_kind.is_type(),
            _ => false,
        };
        let names = specifiers.filter(|list| !list.is_empty()).map(|list| {
            list.iter().filter(|one| !is_type(one)).map(|one| one.local().name.as_str().to_owned()).collect::<Vec<_>>()
        });
        for one in specifiers.into_iter().flatten() {
            self.declared.insert(one.local().name.as_str().to_owned());
        }
        let is_type_only = it.import_kind.is_type();
        self.load_at(it.source.value.as_str(), it.source.span, LoadKind::Static, names).is_type_only = is_type_only;
    }

    fn visit_export_named_declaration(&mut self, it: &ast::ExportNamedDeclaration<'a>) {
        self.declares(it.span);
        self.attributes(it.with_clause.as_deref());
        if let Some(source) = &it.source {
            let is_type = |one: &ast::ExportSpecifier<'_>| one.export_kind.is_type();
            let only_types = !it.specifiers.is_empty() && it.specifiers.iter().all(is_type);
            self.load(source, LoadKind::Static).is_type_only = it.export_kind.is_type() || only_types;
            return;
        }
        walk::walk_export_named_declaration(self, it);
    }

    fn visit_export_all_declaration(&mut self, it: &ast::ExportAllDeclaration<'a>) {
        self.declares(it.span);
        self.attributes(it.with_clause.as_deref());
        self.load(&it.source, LoadKind::Static).is_type_only = it.export_kind.is_type();
    }

    fn visit_export_default_declaration(&mut self, it: &ast::ExportDefaultDeclaration<'a>) {
        self.declares(it.span);
        walk::walk_export_default_declaration(self, it);
    }

    fn visit_ts_import_equals_declaration(&mut self, it: &ast::TSImportEqualsDeclaration<'a>) {
        self.declared.insert(it.id.name.as_str().to_owned());
        if let ast::TSModuleReference::ExternalModuleReference(reference) = &it.module_reference {
            let names = Some(vec![it.id.name.as_str().to_owned()]);
            let literal = &reference.expression;
            let is_type_only = it.import_kind.is_type();
            self.load_at(literal.value.as_str(), literal.span, LoadKind::Require, names).is_type_only = is_type_only;
        }
    }

    fn visit_import_expression(&mut self, it: &ast::ImportExpression<'a>) {
        if let Some((specifier, span)) = Self::literal(&it.source) {
            let before = self.text.get(it.span.start as usize..span.start as usize).unwrap_or_default();
            let is_told_off = before.contains("gnore");
            let load = self.load_at(specifier, span, LoadKind::Dynamic, None);
            load.is_guarded |= is_told_off;
        }
        walk::walk_import_expression(self, it);
    }

    fn visit_call_expression(&mut self, it: &ast::CallExpression<'a>) {
        if let (ast::Expression::Identifier(callee), [ast::Argument::StringLiteral(literal)]) =
            (&it.callee, it.arguments.as_slice())
            && callee.name == "require"
        {
            self.load(literal, LoadKind::Require);
        }
        let is_handled = match &it.callee {
            ast::Expression::StaticMemberExpression(member) => {
                matches!(member.property.name.as_str(), "catch" | "then" | "finally")
            }
            _ => false,
        };
        if is_handled {
            self.guarded(|this| this.visit_expression(&it.callee));
            self.visit_arguments(&it.arguments);
        } else {
            walk::walk_call_expression(self, it);
        }
    }

    fn visit_try_statement(&mut self, it: &ast::TryStatement<'a>) {
        self.guarded(|this| walk::walk_try_statement(this, it));
    }

    fn visit_if_statement(&mut self, it: &ast::IfStatement<'a>) {
        self.guarded(|this| walk::walk_if_statement(this, it));
    }

    fn visit_switch_statement(&mut self, it: &ast::SwitchStatement<'a>) {
        self.guarded(|this| walk::walk_switch_statement(this, it));
    }

    fn visit_conditional_expression(&mut self, it: &ast::ConditionalExpression<'a>) {
        self.guarded(|this| walk::walk_conditional_expression(this, it));
    }

    fn visit_logical_expression(&mut self, it: &ast::LogicalExpression<'a>) {
        self.guarded(|this| walk::walk_logical_expression(this, it));
    }

    fn visit_binary_expression(&mut self, it: &ast::BinaryExpression<'a>) {
        if it.operator.is_equality() {
            self.guarded(|this| walk::walk_binary_expression(this, it));
        } else {
            walk::walk_binary_expression(self, it);
        }
    }

    fn visit_function(&mut self, it: &ast::Function<'a>, flags: ScopeFlags) {
        self.in_function(|this| walk::walk_function(this, it, flags));
    }

    fn visit_arrow_function_expression(&mut self, it: &ast::ArrowFunctionExpression<'a>) {
        self.in_function(|this| walk::walk_arrow_function_expression(this, it));
    }

    fn visit_static_member_expression(&mut self, it: &ast::StaticMemberExpression<'a>) {
        self.variable(&it.object, it.property.name.as_str(), it.property.span);
        walk::walk_static_member_expression(self, it);
    }

    fn visit_computed_member_expression(&mut self, it: &ast::ComputedMemberExpression<'a>) {
        if let ast::Expression::StringLiteral(name) = &it.expression {
            let span = Span::new(name.span.start + 1, name.span.end - 1);
            self.variable(&it.object, name.value.as_str(), span);
        }
        walk::walk_computed_member_expression(self, it);
    }

    fn visit_variable_declarator(&mut self, it: &ast::VariableDeclarator<'a>) {
        if let (ast::BindingPatternKind::ObjectPattern(pattern), Some(init)) = (&it.id.kind, &it.init) {
            for property in &pattern.properties {
                let has_default = matches!(property.value.kind, ast::BindingPatternKind::AssignmentPattern(_));
                if let ast::PropertyKey::StaticIdentifier(key) = &property.key {
                    self.guards += u32::from(has_default);
                    self.variable(init, key.name.as_str(), key.span());
                    self.guards -= u32::from(has_default);
                }
            }
        }
        walk::walk_variable_declarator(self, it);
    }

    fn visit_binding_identifier(&mut self, it: &ast::BindingIdentifier<'a>) {
        if COMMON_NAMES.contains(&it.name.as_str()) {
            self.declared.insert(it.name.as_str().to_owned());
        }
    }

    fn visit_identifier_reference(&mut self, it: &ast::IdentifierReference<'a>) {
        let name = it.name.as_str();
        if let Some(name) = COMMON_NAMES.iter().find(|known| **known == name)
            && self.functions == 0
            && self.guards == 0
        {
            self.scan.common_names.push(CommonName { name, start: it.span.start, end: it.span.end });
        }
        if !self.values.contains(name) {
            self.values.insert(name.to_owned());
        }
    }

    fn visit_unary_expression(&mut self, it: &ast::UnaryExpression<'a>) {
        if it.operator.is_typeof() || it.operator.is_not() {
            self.guarded(|this| walk::walk_unary_expression(this, it));
        } else {
            walk::walk_unary_expression(self, it);
        }
    }

    // Types are no values.
    fn visit_ts_type(&mut self, _: &ast::TSType<'a>) {}
    fn visit_ts_type_annotation(&mut self, _: &ast::TSTypeAnnotation<'a>) {}
    fn visit_ts_type_parameter_instantiation(&mut self, _: &ast::TSTypeParameterInstantiation<'a>) {}
    fn visit_ts_type_parameter_declaration(&mut self, _: &ast::TSTypeParameterDeclaration<'a>) {}
    fn visit_ts_type_alias_declaration(&mut self, _: &ast::TSTypeAliasDeclaration<'a>) {}
    fn visit_ts_interface_declaration(&mut self, _: &ast::TSInterfaceDeclaration<'a>) {}
    fn visit_ts_class_implements(&mut self, _: &ast::TSClassImplements<'a>) {}
    fn visit_ts_module_declaration(&mut self, it: &ast::TSModuleDeclaration<'a>) {
        if !it.declare {
            walk::walk_ts_module_declaration(self, it);
        }
    }
}

#[cfg(test)]
mod tests;
