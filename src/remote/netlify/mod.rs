//! Netlify: the API at `api.netlify.com/api/v1`, and build hooks.
//!
//! Sources: the vendor's API description (`netlify/open-api`, `swagger.yml`), its documentation ("Get started with the Netlify
//! API", "Manage deploys", "Build hooks") and its own clients (`go/porcelain/deploy.go`, `netlify/cli` `src/utils/deploy`).

mod model;
mod observe;
mod upload;

use std::fmt::Write as _;

use serde::de::DeserializeOwned;
use serde_json::json;

use crate::pipeline::order::Way;
use crate::pipeline::platform::{Delivery, Deploy, Fault, FaultKind, Live, Platform, Progress};
use crate::pipeline::world::{Millis, World};
use crate::remote::client::{Call, Client, Payload};
use crate::remote::secret::Secret;
use crate::remote::transport::{Method, Transport};
use model::{DeployAnswer, SiteAnswer};

/// The public address of the API.
pub const API: &str = "https://api.netlify.com/api/v1";

/// Deploys on one page of a list.
const PAGE: usize = 100;
/// Pages of a list that are looked at.
const MOST_PAGES: usize = 3;
/// How long the deploy of a hook is looked for before the hook is called again.
const HOOK_SILENCE: Millis = 15_000;
/// Time between two looks.
const PAUSE: Millis = 1_000;

/// A build hook.
#[derive(Debug, Clone)]
pub struct Hook {
    /// Its address, which is the credential.
    pub url: Secret,
    /// The branch that it shall build.
    pub branch: Option<String>,
}

/// What is needed to talk about a site.
#[derive(Debug, Clone)]
pub struct Access {
    /// Address of the API.
    pub api: String,
    /// A personal access token.
    pub token: Secret,
    /// Name or domain of the site for the API.
    pub site: String,
    /// How the bytes get there.
    pub way: Way,
    /// The hook, for those that use one.
    pub hook: Option<Hook>,
}

/// One site on Netlify.
pub struct Netlify<'a> {
    client: Client<'a>,
    hooks: Option<(Client<'a>, Option<String>)>,
    site: String,
    way: Way,
}

impl<'a> Netlify<'a> {
    /// A site; nothing is asked yet.
    #[must_use]
    pub fn new(access: &Access, transport: &'a dyn Transport, world: &'a dyn World) -> Netlify<'a> {
        let client = Client::new("Netlify", &access.api, Some(access.token.clone()), transport, world);
        let hooks = access.hook.as_ref().map(|hook| {
            let url = hook.url.expose();
            let name = Secret::new(url.rsplit('/').next().unwrap_or_default());
            let client = Client::new("Netlify's build hook", url, None, transport, world);
            (client.hiding(hook.url.clone()).hiding(name), hook.branch.clone())
        });
        Netlify { client, hooks, site: access.site.clone(), way: access.way }
    }

    fn path(&self, rest: &str) -> String {
        format!("/sites/{}{rest}", encode(&self.site))
    }

    fn site<T: DeserializeOwned>(&self, until: Millis) -> Result<T, Fault> {
        let call = get("read the site", self.path(""));
        self.client.ask(&call, until).map_err(|mut fault| {
            if fault.kind == FaultKind::Missing {
                fault.message =
                    format!("there is no site \"{}\" for this token: it is misspelt or somebody else's", self.site);
                fault.by_hand = Some("netlify sites:list shows the sites of a token".to_owned());
            }
            advise(fault)
        })
    }

    /// The first deploy in the list, newest first, that is wanted.
    fn search(&self, until: Millis, is_wanted: &dyn Fn(&DeployAnswer) -> bool) -> Result<Option<DeployAnswer>, Fault> {
        for page in 1..=MOST_PAGES {
            let call = get("list the deploys", self.path(&format!("/deploys?page={page}&per_page={PAGE}")));
            let list: Vec<DeployAnswer> = self.client.ask(&call, until).map_err(advise)?;
            let is_last = list.len() < PAGE;
            if let Some(found) = list.into_iter().find(|deploy| is_wanted(deploy)) {
                return Ok(Some(found));
            }
            if is_last {
                break;
            }
        }
        Ok(None)
    }

    fn marked(&self, mark: &str, until: Millis) -> Result<Option<DeployAnswer>, Fault> {
        self.search(until, &|deploy| deploy.title.as_deref() == Some(mark))
    }

    /// Calls the hook and finds the deploy that came of it: the answer of a hook names none.
    fn build(&self, mark: &str, commit: &str, until: Millis) -> Result<String, Fault> {
        let missing = || Fault::new(FaultKind::Missing, "there is no build hook to call");
        let (hooks, branch) = self.hooks.as_ref().ok_or_else(missing)?;
        let mut query = format!("?trigger_title={}", encode(mark));
        if let Some(branch) = branch {
            let _ = write!(query, "&trigger_branch={}", encode(branch));
        }
        let payload = Payload::Json(json!({"commit": commit, "deploy_key": mark}));
        let call = Call { what: "start a build", method: Method::Post, path: query, payload };
        let world = self.client.world();
        loop {
            let find = || Ok(self.wait_for(mark, until.min(world.now() + HOOK_SILENCE))?.map(|_| ()));
            hooks.trigger(&call, until, &find)?;
            if let Some(found) = self.wait_for(mark, until.min(world.now() + HOOK_SILENCE))? {
                return Ok(found.id);
            }
            if world.now() + HOOK_SILENCE >= until {
                let text = "the build hook was called and no deploy came of it: are builds of the site stopped?";
                return Err(Fault::new(FaultKind::Refused, text));
            }
        }
    }

    fn wait_for(&self, mark: &str, until: Millis) -> Result<Option<DeployAnswer>, Fault> {
        let world = self.client.world();
        loop {
            if let Some(found) = self.marked(mark, until.max(world.now() + PAUSE))? {
                return Ok(Some(found));
            }
            if world.now() >= until {
                return Ok(None);
            }
            world.pause(PAUSE);
            if world.is_interrupted() {
                return Err(Fault::new(FaultKind::Interrupted, "interrupted"));
            }
        }
    }

    /// Something that is done to a deploy, by its name.
    fn act(&self, what: &'static str, path: String, until: Millis) -> Result<(), Fault> {
        let call = Call { what, method: Method::Post, path, payload: Payload::Nothing };
        self.client.ask::<DeployAnswer>(&call, until).map(|_| ()).map_err(advise)
    }
}

impl Platform for Netlify<'_> {
    fn name(&self) -> &'static str {
        "netlify"
    }

    fn live(&self, until: Millis) -> Result<Live, Fault> {
        let site: SiteAnswer = self.site(until)?;
        let deploy = site.published_deploy;
        Ok(Live {
            address: site.ssl_url.or(site.url),
            is_pinned: deploy.as_ref().is_some_and(|deploy| deploy.locked == Some(true)),
            commit: deploy.as_ref().and_then(|deploy| deploy.commit_ref.clone()),
            id: deploy.map(|deploy| deploy.id),
        })
    }

    fn check_access(&self, until: Millis) -> Result<(), Fault> {
        let site: SiteAnswer = self.site(until)?;
        if self.way == Way::Upload && site.prevent_non_git_prod_deploys == Some(true) {
            let text = "the site accepts deploys from git only (\"prevent_non_git_prod_deploys\"); use a build hook";
            return Err(Fault::new(FaultKind::Refused, text));
        }
        let is_stopped = site.build_settings.and_then(|settings| settings.stop_builds) == Some(true);
        if self.way == Way::Hook && is_stopped {
            let text = "builds of the site are stopped, so a build hook does nothing";
            return Err(Fault::new(FaultKind::Refused, text));
        }
        Ok(())
    }

    fn deploy(&self, id: &str, until: Millis) -> Result<Option<Deploy>, Fault> {
        let call = get("read the deploy", self.path(&format!("/deploys/{}", encode(id))));
        match self.client.ask::<DeployAnswer>(&call, until) {
            Ok(answer) => Ok(Some(answer.into_deploy())),
            Err(fault) if fault.kind == FaultKind::Missing => Ok(None),
            Err(fault) => Err(advise(fault)),
        }
    }

    fn find(&self, mark: &str, until: Millis) -> Result<Option<Deploy>, Fault> {
        Ok(self.marked(mark, until)?.map(DeployAnswer::into_deploy))
    }

    fn pending(&self, commit: &str, until: Millis) -> Result<Option<Deploy>, Fault> {
        let is_pending = |deploy: &DeployAnswer| {
            deploy.commit_ref.as_deref() == Some(commit)
                && matches!(deploy.progress(), Progress::Waiting | Progress::Working | Progress::Unknown(_))
        };
        Ok(self.search(until, &is_pending)?.map(DeployAnswer::into_deploy))
    }

    fn prepare(&self, delivery: &Delivery<'_>, until: Millis) -> Result<String, Fault> {
        let Delivery { mark, commit, artifact } = *delivery;
        let result = match (self.way, artifact) {
            (Way::Upload, Some(artifact)) => self.upload(mark, artifact, until),
            (Way::Upload, None) => Err(Fault::new(FaultKind::Refused, "there is no publish directory to upload")),
            (Way::Hook, _) => self.build(mark, commit, until),
        };
        result.map_err(advise)
    }

    fn publish(&self, id: &str, until: Millis) -> Result<(), Fault> {
        self.act("publish the deploy", self.path(&format!("/deploys/{}/restore", encode(id))), until)
    }

    fn pin(&self, id: &str, until: Millis) -> Result<(), Fault> {
        self.act("lock the deploy", format!("/deploys/{}/lock", encode(id)), until)
    }

    fn unpin(&self, id: &str, until: Millis) -> Result<(), Fault> {
        self.act("unlock the deploy", format!("/deploys/{}/unlock", encode(id)), until)
    }

    fn cancel(&self, id: &str, until: Millis) -> Result<(), Fault> {
        match self.act("cancel the deploy", format!("/deploys/{}/cancel", encode(id)), until) {
            // It was ready, or gone, before we came.
            Err(fault) if matches!(fault.kind, FaultKind::Missing | FaultKind::Refused) => Ok(()),
            result => result,
        }
    }

    fn publish_by_hand(&self, id: &str) -> String {
        format!(
            "curl -X POST -H \"Authorization: Bearer $NETLIFY_AUTH_TOKEN\" {API}/sites/{site}/deploys/{id}/restore \
             (or \"Publish deploy\" at https://app.netlify.com/sites/{site}/deploys/{id})",
            site = encode(&self.site),
        )
    }
}

fn get(what: &'static str, path: String) -> Call {
    Call { what, method: Method::Get, path, payload: Payload::Nothing }
}

/// Says what a person can do about a token.
fn advise(mut fault: Fault) -> Fault {
    if fault.by_hand.is_none() && matches!(fault.kind, FaultKind::Unauthorised | FaultKind::Forbidden) {
        let text = "make a personal access token of a member of the site's team at \
                    https://app.netlify.com/user/applications and put it into NETLIFY_AUTH_TOKEN";
        fault.by_hand = Some(text.to_owned());
    }
    fault
}

/// A text as one segment of an address, or as a value in its query.
fn encode(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
