//! Programs of the machines that build and run services without a Dockerfile.

use std::sync::LazyLock;

use crate::platform::toolbox::Image;

/// What a builder on one of Debian's relatives brings.
const COMMON: &str = include_str!("../data/netlify-image-programs.json");

/// What the native runtimes bring in addition (<https://render.com/docs/native-runtimes>).
const DATA: &str = include_str!("../data/render-image-programs.json");

/// Both platforms build on Debian's relatives; what the one has the other may have too, so that nothing is said of it.
static IMAGE: LazyLock<Image> = LazyLock::new(|| Image::read(&[COMMON, DATA]));

/// The programs that may be there.
#[must_use]
pub fn image() -> &'static Image {
    &IMAGE
}
