//! As much of Netlify's answers as is used.

use serde::Deserialize;

use crate::pipeline::platform::{Deploy, Progress};

/// A site (`GET /sites/{site_id}`).
#[derive(Debug, Deserialize)]
pub(super) struct SiteAnswer {
    /// Without it, it is no site but some other JSON.
    #[allow(dead_code, reason = "it must be there")]
    pub(super) id: String,
    pub(super) url: Option<String>,
    pub(super) ssl_url: Option<String>,
    pub(super) published_deploy: Option<DeployAnswer>,
    pub(super) prevent_non_git_prod_deploys: Option<bool>,
    pub(super) build_settings: Option<BuildSettings>,
}

/// How a site is built.
#[derive(Debug, Deserialize)]
pub(super) struct BuildSettings {
    pub(super) stop_builds: Option<bool>,
}

/// A deploy.
#[derive(Debug, Deserialize)]
pub(super) struct DeployAnswer {
    pub(super) id: String,
    pub(super) state: String,
    pub(super) title: Option<String>,
    pub(super) commit_ref: Option<String>,
    pub(super) deploy_ssl_url: Option<String>,
    pub(super) error_message: Option<String>,
    pub(super) locked: Option<bool>,
    pub(super) skipped: Option<bool>,
    pub(super) required: Option<Vec<String>>,
}

impl DeployAnswer {
    /// What the state means; `old` is met in the wild and not described.
    pub(super) fn progress(&self) -> Progress {
        let message = || self.error_message.clone().unwrap_or_else(|| "Netlify does not say why".to_owned());
        if self.skipped == Some(true) {
            return Progress::Skipped;
        }
        match self.state.as_str() {
            "new" | "pending_review" | "accepted" | "enqueued" => Progress::Waiting,
            "building" | "uploading" | "uploaded" | "preparing" | "prepared" | "processing" | "retrying" => {
                Progress::Working
            }
            "processed" | "ready" | "old" => Progress::Ready,
            "error" if message().contains("no content change") => Progress::Skipped,
            "error" | "rejected" => Progress::Failed(message()),
            other => Progress::Unknown(other.to_owned()),
        }
    }

    pub(super) fn into_deploy(self) -> Deploy {
        Deploy { progress: self.progress(), id: self.id, commit: self.commit_ref, address: self.deploy_ssl_url }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(state: &str) -> Progress {
        let text = format!(r#"{{"id": "d", "state": "{state}", "error_message": "x"}}"#);
        serde_json::from_str::<DeployAnswer>(&text).map(|deploy| deploy.progress()).unwrap_or(Progress::Waiting)
    }

    #[test]
    fn every_state_of_the_description_has_a_meaning() {
        let waiting = ["new", "pending_review", "accepted", "enqueued"];
        let working = ["building", "uploading", "uploaded", "preparing", "prepared", "processing", "retrying"];
        assert!(waiting.into_iter().all(|state| progress(state) == Progress::Waiting));
        assert!(working.into_iter().all(|state| progress(state) == Progress::Working));
        assert!(["processed", "ready", "old"].into_iter().all(|state| progress(state) == Progress::Ready));
        assert!(["error", "rejected"].into_iter().all(|state| progress(state) == Progress::Failed("x".to_owned())));
    }

    #[test]
    fn an_unknown_state_is_kept() {
        assert_eq!(progress("dreaming"), Progress::Unknown("dreaming".to_owned()));
    }
}
