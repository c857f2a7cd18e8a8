//! Which site, and with what it is talked about.

use crate::cli::CliError;
use crate::pipeline::order::{Gate, Target, Way};
use crate::remote::netlify::{API, Access, Hook};
use crate::remote::secret::Secret;

/// The variable that holds the token; Netlify's own tools read it, too.
const TOKEN: &str = "NETLIFY_AUTH_TOKEN";
/// The variable that holds the address of a build hook.
const HOOK: &str = "NETLIFY_BUILD_HOOK";

#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Site {
    /// The site: its id or its domain on Netlify
    #[arg(long, env = "NETLIFY_SITE_ID", value_name = "ID")]
    site: String,
    /// Address of Netlify's API, for mirrors and tests
    #[arg(long, env = "CHIMERA_NETLIFY_API", default_value = API, hide = true, value_name = "URL")]
    netlify_api: String,
}

impl Site {
    /// A site that was named otherwise.
    pub(crate) fn named(site: String, netlify_api: String) -> Site {
        Site { site, netlify_api }
    }

    /// Says whether there is a token to ask with.
    pub(crate) fn has_token() -> bool {
        variable(TOKEN).is_some()
    }

    /// How the site is reached.
    pub(crate) fn access(&self, way: Way, branch: Option<String>) -> Result<Access, CliError> {
        if self.site.is_empty() || self.site.contains(|letter: char| letter.is_control() || "/?#".contains(letter)) {
            return Err(CliError::usage(format!("--site \"{}\" is no id and no domain", self.site.escape_debug())));
        }
        let token = variable(TOKEN).ok_or_else(|| {
            CliError::unreadable(format!("{TOKEN} is not set, and Netlify tells nothing without it"))
                .hint("make a personal access token at https://app.netlify.com/user/applications")
        })?;
        if token.contains(|letter: char| !letter.is_ascii_graphic()) {
            return Err(CliError::usage(format!("{TOKEN} holds letters that no token has")));
        }
        let hook = variable(HOOK).map(|url| Hook { url: Secret::new(url), branch });
        if way == Way::Hook && hook.is_none() {
            return Err(CliError::usage(format!("without --dir a build hook is called, and {HOOK} is not set"))
                .hint("name the publish directory with --dir, or set the variable to the address of a build hook"));
        }
        Ok(Access { api: self.netlify_api.clone(), token: Secret::new(token), site: self.site.clone(), way, hook })
    }

    /// The site as a target.
    pub(crate) fn target(&self, gate: Gate, way: Way) -> Target {
        Target { platform: "netlify".to_owned(), site: self.site.clone(), gate, way, has_preview: true }
    }

    /// Its name in certificates.
    pub(crate) fn uri(&self) -> String {
        super::event::uri(&self.target(Gate::Strict, Way::Upload))
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}
