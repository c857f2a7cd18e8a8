//! Programs of Netlify's build image.

use std::sync::LazyLock;

use crate::platform::toolbox::Image;

/// What is known about Ubuntu 24.04 with Netlify's additions (`netlify/build-image`, build logs).
const DATA: &str = include_str!("../data/netlify-image-programs.json");

static IMAGE: LazyLock<Image> = LazyLock::new(|| Image::read(&[DATA]));

/// The programs of the build image.
#[must_use]
pub fn image() -> &'static Image {
    &IMAGE
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::toolbox::Presence;

    #[test]
    fn the_image_is_known() {
        assert_eq!(image().presence("hugo"), Some(Presence::Present));
        assert_eq!(image().presence("cd"), Some(Presence::Present));
        assert_eq!(image().presence("jekyll"), Some(Presence::Gem));
        assert_eq!(image().presence("xcopy"), Some(Presence::Absent));
        assert_eq!(image().presence("vite"), None);
        assert!(image().builders().any(|name| name == "hugo"));
    }
}
