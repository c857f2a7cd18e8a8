//! What happens to every layer (settings, file, inline), and to every context of it, before anything is merged
//! (`config/src/merge_normalize.js`).

use crate::platform::netlify::validate::{self, Origin};
use crate::text::tree::Table;

use super::{Failure, case, origin};

/// Validates one layer and marks where its values came from.
///
/// # Errors
/// The first property that the engine rejects.
pub fn normalise_layer(config: Table, origin: Origin) -> Result<Table, Failure> {
    validate::before_case(&config)?;
    let mut config = case::normalise_case(config)?;
    validate::before_merge(&config)?;
    if origin == Origin::Config {
        validate::file_only(&config)?;
    }
    origin::add_origins(&mut config, origin);
    validate::identical_plugins(&config, origin)?;
    Ok(config)
}
