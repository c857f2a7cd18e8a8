//! What Netlify says of a site's settings and environment variables, for a look at drift; nothing is ever changed.

use serde::Deserialize;

use super::{Netlify, advise, encode, get};
use crate::drift::live::{Live, Variable};
use crate::drift::mac::Key;
use crate::drift::record::of_variable;
use crate::drift::setting::{COMMAND, FUNCTIONS, LOCKED, PRETTY_URLS, PUBLISH};
use crate::pipeline::platform::{Fault, FaultKind};
use crate::pipeline::world::Millis;

/// A site with everything that can drift (`GET /sites/{site_id}`).
#[derive(Debug, Deserialize)]
struct SiteAnswer {
    /// Without it, it is no site but some other JSON.
    #[allow(dead_code, reason = "it must be there")]
    id: String,
    account_id: Option<String>,
    account_slug: Option<String>,
    custom_domain: Option<String>,
    #[serde(default)]
    domain_aliases: Option<Vec<String>>,
    force_ssl: Option<bool>,
    build_image: Option<String>,
    functions_region: Option<String>,
    prevent_non_git_prod_deploys: Option<bool>,
    published_deploy: Option<DeployAnswer>,
    build_settings: Option<BuildSettings>,
    processing_settings: Option<ProcessingSettings>,
}

#[derive(Debug, Deserialize)]
struct DeployAnswer {
    id: Option<String>,
    locked: Option<bool>,
}

/// The map of variables that old answers hold is not read: it has values.
#[derive(Debug, Default, Deserialize)]
struct BuildSettings {
    cmd: Option<String>,
    dir: Option<String>,
    functions_dir: Option<String>,
    base: Option<String>,
    repo_path: Option<String>,
    repo_branch: Option<String>,
    allowed_branches: Option<Vec<String>>,
    stop_builds: Option<bool>,
}

#[derive(Debug, Deserialize)]
struct ProcessingSettings {
    html: Option<HtmlSettings>,
}

#[derive(Debug, Deserialize)]
struct HtmlSettings {
    pretty_urls: Option<bool>,
}

/// A variable (`GET /accounts/{account_id}/env`). It holds values, so it cannot be printed.
#[derive(Deserialize)]
struct VariableAnswer {
    key: String,
    #[serde(default)]
    scopes: Vec<String>,
    #[serde(default)]
    values: Vec<ValueAnswer>,
    is_secret: Option<bool>,
    updated_at: Option<String>,
}

#[derive(Deserialize)]
struct ValueAnswer {
    value: Option<String>,
    context: Option<String>,
    context_parameter: Option<String>,
}

/// A file (`GET /sites/{site_id}/files`).
#[derive(Debug, Deserialize)]
struct FileAnswer {
    path: String,
    sha: String,
}

impl Netlify<'_> {
    /// Reads settings and variables; of the values of variables only their keyed hashes leave this function.
    ///
    /// # Errors
    /// When the site cannot be read. What hinders variables alone is told in their place.
    pub fn observe(&self, key: &Key, until: Millis) -> Result<Live, Fault> {
        let site: SiteAnswer = self.site(until)?;
        let variables = match site.account_id.as_ref().or(site.account_slug.as_ref()) {
            Some(account) => self.variables(account, key, until),
            None => Err("the platform does not say which account the site belongs to".to_owned()),
        };
        let deploy = site.published_deploy.as_ref().and_then(|deploy| deploy.id.clone());
        Ok(Live { settings: settings(&site), variables, deploy })
    }

    /// The files of the live deploy: path and SHA-1 of each.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn files(&self, until: Millis) -> Result<Vec<(String, String)>, Fault> {
        let call = get("list the files", self.path("/files"));
        let files: Vec<FileAnswer> = self.client.ask(&call, until).map_err(advise)?;
        Ok(files.into_iter().map(|file| (file.path, file.sha)).collect())
    }

    fn variables(&self, account: &str, key: &Key, until: Millis) -> Result<Vec<Variable>, String> {
        let path = format!("/accounts/{}/env?site_id={}", encode(account), encode(&self.site));
        let found: Result<Vec<VariableAnswer>, Fault> =
            self.client.ask(&get("read the environment variables", path), until);
        let found = found.map_err(|fault| match fault.kind {
            FaultKind::Forbidden | FaultKind::Missing => "the token may not read them".to_owned(),
            _ => fault.message,
        })?;
        let mut variables: Vec<Variable> = found.iter().flat_map(|variable| values(variable, key)).collect();
        variables.sort_by_key(Variable::label);
        Ok(variables)
    }
}

fn values<'a>(variable: &'a VariableAnswer, key: &'a Key) -> impl Iterator<Item = Variable> + 'a {
    let is_secret = variable.is_secret == Some(true);
    let mut scopes: Vec<String> = variable.scopes.iter().map(|scope| scope.replace('_', "-")).collect();
    scopes.sort_unstable();
    scopes.dedup();
    variable.values.iter().map(move |value| {
        let context = value.context.as_deref().unwrap_or("all");
        let branch = value.context_parameter.as_deref().filter(|branch| !branch.is_empty());
        Variable {
            name: variable.key.clone(),
            context: branch.map_or_else(|| context.to_owned(), |branch| format!("{context} {branch}")),
            scopes: scopes.clone(),
            is_secret,
            // Of a secret, what comes is a mask.
            mac: value.value.as_deref().filter(|_| !is_secret).map(|value| of_variable(key, &variable.key, value)),
            updated_at: variable.updated_at.clone(),
        }
    })
}

/// The settings that are set, under the names that they have in the file where they have one there.
fn settings(site: &SiteAnswer) -> Vec<(&'static str, String)> {
    let empty = BuildSettings::default();
    let build = site.build_settings.as_ref().unwrap_or(&empty);
    let pretty = site.processing_settings.as_ref().and_then(|settings| settings.html.as_ref()?.pretty_urls);
    let locked = site.published_deploy.as_ref().and_then(|deploy| deploy.locked);
    let truth = |value: Option<bool>| value.map(|value| value.to_string());
    let list = |values: &Option<Vec<String>>| {
        let mut values = values.clone().unwrap_or_default();
        values.sort_unstable();
        Some(values.join(", "))
    };
    let all = [
        (COMMAND, build.cmd.clone()),
        (PUBLISH, build.dir.clone()),
        (FUNCTIONS, build.functions_dir.clone()),
        (PRETTY_URLS, truth(pretty)),
        ("base directory", build.base.clone()),
        ("repository", build.repo_path.clone()),
        ("production branch", build.repo_branch.clone()),
        ("deployed branches", list(&build.allowed_branches)),
        ("builds stopped", truth(build.stop_builds)),
        (LOCKED, truth(locked)),
        ("custom domain", site.custom_domain.clone()),
        ("domain aliases", list(&site.domain_aliases)),
        ("https forced", truth(site.force_ssl)),
        ("build image", site.build_image.clone()),
        ("functions region", site.functions_region.clone()),
        ("deploys from git only", truth(site.prevent_non_git_prod_deploys)),
    ];
    let one_line =
        |value: String| value.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect::<String>();
    let is_set = |(name, value): (&'static str, Option<String>)| {
        Some((name, one_line(value.filter(|value| !value.is_empty())?)))
    };
    all.into_iter().filter_map(is_set).collect()
}
