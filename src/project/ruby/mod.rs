//! What can be read from Ruby projects without running them: `Gemfile` and `Gemfile.lock`.

mod gemfile;
mod lock;

pub use gemfile::{Gem, Gemfile, RubyVersion};
pub use lock::{Lock, locked_version};
