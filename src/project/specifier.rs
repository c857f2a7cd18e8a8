//! What stands behind a dependency's name, and which package managers understand it (`npm-package-arg`; measured with
//! npm 11, Yarn 1.22, pnpm 9 and 10).

use nodejs_semver::Range;

/// What is wrong with a specifier, whatever the registry holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It looks like a version and is none, so that it is taken for the name of a tag.
    NoVersion,
    /// A protocol that the package manager does not know.
    Protocol(&'static str),
    /// It is no text.
    NoText,
}

/// Protocols that only other package managers know.
const FOREIGN: [&str; 6] = ["workspace:", "catalog:", "link:", "portal:", "patch:", "exec:"];

/// What is wrong with a specifier for npm, Yarn 1 or pnpm; none when nothing is, or when only the registry knows.
#[must_use]
pub fn fault(manager: &str, specifier: &str) -> Option<Fault> {
    let text = specifier.trim();
    if let Some(protocol) = FOREIGN.iter().find(|protocol| text.starts_with(**protocol)) {
        let is_foreign = match manager {
            "npm" => true,
            "yarn" => matches!(*protocol, "workspace:" | "catalog:"),
            _ => false,
        };
        return is_foreign.then_some(Fault::Protocol(protocol));
    }
    (looks_like_version(text) && Range::parse(text).is_err()).then_some(Fault::NoVersion)
}

/// Whether a text can only be meant as a version: numbers between dots, one of which is none, or too many of them.
fn looks_like_version(text: &str) -> bool {
    let bare = text.trim_start_matches(['^', '~', '>', '<', '=', 'v']);
    let parts: Vec<&str> = bare.split('.').collect();
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    is_number(parts[0]) && parts.len() > 1 && bare.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_version_is_a_fault_everywhere() {
        for text in ["1.3.x.y", "^1.x.y", "1.2.3.4", "^^1.0.0", "~1.2.c"] {
            assert_eq!(fault("npm", text), Some(Fault::NoVersion), "{text}");
            assert_eq!(fault("yarn", text), Some(Fault::NoVersion), "{text}");
        }
    }

    #[test]
    fn ranges_tags_and_addresses_are_none() {
        let fine = [
            "1.3.0",
            "^1.3.0",
            "~1.3",
            ">= 1.0 < 2",
            "1.x",
            "*",
            "",
            "latest",
            "next",
            "v1.3.0",
            "=1.3.0",
            "~>1.0",
            "1 - 2",
            "1.0.0 || 2.0.0",
            "file:../x",
            "git+https://a/b.git",
            "user/repo",
            "npm:other@1.0.0",
            "1.0.0-beta.1",
            "2",
            "https://a/b-1.2.3.tgz",
            "3d",
            "5.0.0-next.1+build",
            ">=1.2.3 <2.0.0",
            "4.x.x",
            "x.x",
        ];
        for text in fine {
            assert_eq!(fault("npm", text), None, "{text}");
        }
    }

    #[test]
    fn protocols_belong_to_package_managers() {
        assert_eq!(fault("npm", "workspace:*"), Some(Fault::Protocol("workspace:")));
        assert_eq!(fault("npm", "link:../x"), Some(Fault::Protocol("link:")));
        assert_eq!(fault("yarn", "link:../x"), None);
        assert_eq!(fault("pnpm", "workspace:*"), None);
    }
}
