//! Programs of the machines that run jobs.

use std::sync::LazyLock;

use crate::platform::toolbox::Image;

/// What builders on Debian's relatives bring.
const COMMON: &str = include_str!("../data/netlify-image-programs.json");

/// What the machines of GitHub bring in addition (<https://github.com/actions/runner-images>, Ubuntu 24.04).
const DATA: &str = include_str!("../data/pages-image-programs.json");

/// What one builder has the other may have too, so that nothing is said of it.
static IMAGE: LazyLock<Image> = LazyLock::new(|| Image::read(&[COMMON, DATA]));

/// The programs that may be there.
#[must_use]
pub fn image() -> &'static Image {
    &IMAGE
}
