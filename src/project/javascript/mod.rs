//! What can be read from JavaScript and TypeScript without a grammar: imports, exports, reads of the environment.
//!
//! Strings, templates, comments and regular expressions are kept apart, so that nothing inside them counts. Whatever
//! would have to be run is unknown. A grammar can take the place of `token` without a change to what is public here.

pub mod closure;
pub mod composition;
pub mod configuration;
mod environment;
mod export;
mod expression;
mod import;
mod listen;
mod literal;
pub mod package;
pub mod resolve;
pub mod route;
pub(in crate::project) mod token;

#[cfg(test)]
mod configuration_tests;
#[cfg(test)]
mod tests;

pub use environment::Read;
pub use export::{Exports, Presence};
pub use import::{Import, ImportKind};
pub use listen::{Given, Listen};
pub use literal::{Literal, Object, Property, Value};

use crate::project::path;
use crate::text::span::FileId;

/// Longest text that is read.
pub const MAX_LENGTH: usize = 1 << 20;

/// What a module says about itself.
#[derive(Debug, Clone, Default)]
pub struct Module {
    /// What it loads.
    pub imports: Vec<Import>,
    /// What it hands out.
    pub exports: Exports,
    /// Whether it calls `import` or reads `import.meta`.
    pub has_import_call: bool,
    /// The variables that it reads.
    pub variables: Vec<Read>,
    /// The servers that it starts.
    pub listens: Vec<Listen>,
    /// Whether all of the text was understood; if not, everything above ends where the trouble begins.
    pub is_complete: bool,
}

/// The language of a file, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// `.js`, `.mjs`, `.cjs`, `.jsx`
    JavaScript,
    /// `.ts`, `.mts`, `.cts`, `.tsx`
    TypeScript,
}

impl Language {
    /// The language of a file; `None` for anything else.
    #[must_use]
    pub fn of(file_path: &str) -> Option<Language> {
        match extension(file_path) {
            ".js" | ".mjs" | ".cjs" | ".jsx" => Some(Language::JavaScript),
            ".ts" | ".mts" | ".cts" | ".tsx" => Some(Language::TypeScript),
            _ => None,
        }
    }
}

/// The extension of a file's name with its dot, as `path.extname` of Node.js gives it.
#[must_use]
pub fn extension(file_path: &str) -> &str {
    let name = path::name(file_path);
    name.rfind('.').filter(|at| *at > 0).map_or("", |at| &name[at..])
}

/// Reads the text of the module at `file_path`.
#[must_use]
pub fn read(text: &str, file_path: &str, file: FileId) -> Module {
    if text.len() > MAX_LENGTH {
        return Module::default();
    }
    let may_hold_markup = !matches!(extension(file_path), ".ts" | ".mts" | ".cts");
    let tokens = token::tokens(text, may_hold_markup);
    Module {
        imports: import::imports(&tokens.list, file),
        exports: export::exports(&tokens.list, file),
        has_import_call: import::has_call(&tokens.list),
        variables: environment::reads(&tokens.list, file),
        listens: listen::listens(&tokens.list, file),
        is_complete: tokens.is_complete,
    }
}
