//! The repository's name, which decides under which address the site lives
//! (<https://docs.github.com/en/pages/getting-started-with-github-pages/what-is-github-pages#types-of-github-pages-sites>).

use crate::project::manifest::Manifest;
use crate::sim::known::{Because, Known};

/// A repository on GitHub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    /// The account.
    pub owner: String,
    /// The name.
    pub name: String,
}

impl Repository {
    /// Reads `owner/name`, with or without the address of GitHub before it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Repository> {
        let text = text.trim().trim_end_matches('/');
        let text = text.strip_suffix(".git").unwrap_or(text);
        let rest = ["https://github.com/", "ssh://git@github.com/", "git@github.com:", "git://github.com/"]
            .iter()
            .find_map(|start| text.strip_prefix(start))
            .unwrap_or(text);
        let (owner, name) = rest.split_once('/')?;
        let is_name = |part: &str| {
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
            !part.is_empty() && part.len() <= 100 && part.bytes().all(is_plain)
        };
        (is_name(owner) && is_name(name)).then(|| Repository { owner: owner.to_owned(), name: name.to_owned() })
    }

    /// The repository of an address below `github.io`.
    #[must_use]
    pub fn of_address(address: &str) -> Option<Repository> {
        let rest = address.trim().strip_prefix("https://").or_else(|| address.trim().strip_prefix("http://"))?;
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let owner = host.to_lowercase().strip_suffix(".github.io")?.to_owned();
        let name = path.split(['/', '?', '#']).next().unwrap_or_default();
        let name = if name.is_empty() { host.to_lowercase() } else { name.to_owned() };
        Repository::parse(&format!("{owner}/{name}"))
    }

    /// The repository that `homepage` of a manifest points to.
    #[must_use]
    pub fn of_homepage(manifest: &Manifest) -> Option<Known<Repository>> {
        let node = manifest.field("homepage")?;
        let repository = Repository::of_address(node.as_str()?)?;
        Some(Known::new(repository, Because::Written(node.span)))
    }

    /// Whether it holds the site of an account, which lives at the root of its host.
    #[must_use]
    pub fn is_account_site(&self) -> bool {
        self.name.to_lowercase() == format!("{}.github.io", self.owner.to_lowercase())
    }

    /// The path under which the site lives without a domain of its own: `/name/`, or `/`.
    #[must_use]
    pub fn base(&self) -> String {
        if self.is_account_site() { "/".to_owned() } else { format!("/{}/", self.name) }
    }

    /// The address of the site without a domain of its own.
    #[must_use]
    pub fn address(&self) -> String {
        format!("https://{}.github.io{}", self.owner.to_lowercase(), self.base())
    }
}

impl std::fmt::Display for Repository {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.owner, self.name)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_are_read() {
        for text in ["octo/demo", "https://github.com/octo/demo.git", "git@github.com:octo/demo.git"] {
            assert_eq!(Repository::parse(text).unwrap().to_string(), "octo/demo", "{text}");
        }
        for text in ["demo", "a/b/c", "https://example.org/a/b", "/", "a/", "ö/b"] {
            assert_eq!(Repository::parse(text), None, "{text}");
        }
        assert_eq!(Repository::of_address("https://Octo.github.io/demo/").unwrap().to_string(), "octo/demo");
        assert!(Repository::of_address("https://octo.github.io").unwrap().is_account_site());
        assert_eq!(Repository::of_address("https://example.org/demo"), None);
    }

    #[test]
    fn the_site_of_an_account_lives_at_the_root() {
        let base = |text| Repository::parse(text).unwrap().base();
        assert_eq!((base("octo/demo").as_str(), base("Octo/octo.github.io").as_str()), ("/demo/", "/"));
    }
}
