//! The workflows that a repository needs for the action, as text.

mod pin;

pub use pin::{Pin, PinError};

use crate::text::escape;

/// Path of the workflow that looks at pull requests.
pub const CHECK_PATH: &str = ".github/workflows/chimera.yml";
/// Path of its companion for pull requests from forks.
pub const FORKS_PATH: &str = ".github/workflows/chimera-forks.yml";

const CHECK: &str = include_str!("check.yml");
const FORKS: &str = include_str!("forks.yml");

/// Sites that are named in the comment.
const MOST_NAMED: usize = 6;

/// What the workflows are made for.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The action, by commit.
    pub action: Pin,
    /// Folder that is simulated, from the top of the work tree; `""` is the top.
    pub folder: String,
    /// What was found there: platform, and the folder or file of the site.
    pub sites: Vec<(&'static str, String)>,
}

/// A folder that no workflow can name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the name of the folder \"{0}\" cannot stand in a workflow: GitHub would evaluate it")]
pub struct FolderError(String);

impl Setup {
    /// The workflow that looks at pull requests.
    pub fn check(&self) -> Result<String, FolderError> {
        let folder = self.folder_line()?;
        let with = if folder.is_empty() { String::new() } else { format!("        with:\n{folder}") };
        Ok(CHECK.replace("{{found}}", &self.found()).replace("{{action}}", &self.action.to_string()) + &with)
    }

    /// Its companion for pull requests from forks.
    pub fn forks(&self) -> Result<String, FolderError> {
        Ok(FORKS.replace("{{action}}", &self.action.to_string()) + &self.folder_line()?)
    }

    fn folder_line(&self) -> Result<String, FolderError> {
        if self.folder.is_empty() {
            return Ok(String::new());
        }
        if self.folder.contains("${{") || self.folder.contains(['\n', '\r']) {
            return Err(FolderError(escape::line(&self.folder).into_owned()));
        }
        Ok(format!("          working-directory: {}\n", serde_json::Value::from(self.folder.as_str())))
    }

    /// What was found, as a comment.
    fn found(&self) -> String {
        if self.sites.is_empty() {
            let none = "no file here names a platform, so Netlify is assumed; \"providers\" of the action names others";
            return format!("# When this was written, {none}.");
        }
        let named = self.sites.iter().take(MOST_NAMED);
        let mut named: Vec<String> = named.map(|(on, place)| format!("{} ({on})", escape::line(place))).collect();
        if self.sites.len() > MOST_NAMED {
            named.push(format!("{} more", self.sites.len() - MOST_NAMED));
        }
        format!("# Found when this was written: {}. What comes later is found by itself.", named.join(", "))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn setup(folder: &str, sites: &[(&'static str, &str)]) -> Setup {
        let commit = "0123456789abcdef0123456789abcdef01234567";
        Setup {
            action: Pin {
                repository: "some/home".to_owned(),
                commit: commit.to_owned(),
                label: Some("v1.0.0".to_owned()),
            },
            folder: folder.to_owned(),
            sites: sites.iter().map(|(on, place)| (*on, (*place).to_owned())).collect(),
        }
    }

    #[test]
    fn the_action_is_pinned_and_what_was_found_is_said() {
        let text = setup("", &[("Netlify", "netlify.toml")]).check().unwrap();
        assert!(text.contains("- uses: some/home@0123456789abcdef0123456789abcdef01234567 # v1.0.0\n"), "{text}");
        assert!(text.contains("# Found when this was written: netlify.toml (Netlify). "), "{text}");
        assert!(!text.contains("{{") && !setup("", &[]).forks().unwrap().contains("{{"));
    }

    #[test]
    fn a_folder_is_named_in_both() {
        let setup = setup("apps/we\"b", &[]);
        for text in [setup.check().unwrap(), setup.forks().unwrap()] {
            assert!(text.ends_with("working-directory: \"apps/we\\\"b\"\n"), "{text}");
        }
    }

    #[test]
    fn names_of_the_repository_stay_inside_their_comment() {
        let text = setup("", &[("Netlify", "a\njobs: {}\u{2028}x")]).check().unwrap();
        assert!(text.contains("a\\njobs: {}\\u{2028}x (Netlify)"), "{text}");
        assert!(setup("${{ github.token }}", &[]).check().is_err());
        assert!(setup("a\nb", &[]).forks().is_err());
    }

    #[test]
    fn many_sites_are_counted() {
        let sites: Vec<(&str, &str)> = (0..9).map(|_| ("Render", "render.yaml")).collect();
        assert!(setup("", &sites).check().unwrap().contains("render.yaml (Render), 3 more. "));
    }
}
