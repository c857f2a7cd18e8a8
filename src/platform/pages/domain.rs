//! A domain of the site's own.

use crate::project::manifest::Manifest;
use crate::project::path::child;
use crate::sim::known::{Because, Known};
use crate::text::source::Sources;

use super::site::PagesSite;
use super::workflow::Text;

/// The file that names the domain (<https://docs.github.com/en/pages/configuring-a-custom-domain-for-your-github-pages-site>).
pub const FILE: &str = "CNAME";

/// Folders from which generators copy files as they are.
pub const PASS_THROUGH: [&str; 8] =
    ["public", "static", "docs", "src", "docs/public", "docs/.vuepress/public", "docs/.vitepress/public", "assets"];

impl PagesSite<'_> {
    /// The domain that the files name: a `CNAME`, an input of the action that publishes, or `homepage` of the manifest.
    #[must_use]
    pub fn domain(&self) -> Option<Known<String>> {
        let own = self.snapshot.named(FILE).map(|entry| entry.path.to_string());
        for path in [FILE.to_owned()].into_iter().chain(own) {
            let Ok(text) = self.snapshot.text(&path) else { continue };
            if let Some(host) = text.lines().map(str::trim).find(|line| !line.is_empty()) {
                return Some(Known::new(host.to_owned(), Because::Present(path)));
            }
        }
        self.given_domain().or_else(|| self.homepage())
    }

    fn given_domain(&self) -> Option<Known<String>> {
        let workflow = self.workflow.as_ref()?;
        let steps = workflow.jobs.iter().flat_map(|job| &job.steps);
        steps.into_iter().find_map(|step| {
            let input = ["cname", "fqdn"].iter().find_map(|name| step.input(name));
            let input = input.filter(|text| !text.value.trim().is_empty());
            if let Some(text) = input {
                return Some(Known::new(text.value.clone(), Because::Written(text.span)));
            }
            let run: &Text = step.run.as_ref().filter(|run| run.value.contains(FILE))?;
            Some(Known::new("a domain that a command writes".to_owned(), Because::Written(run.span)))
        })
    }

    fn homepage(&self) -> Option<Known<String>> {
        let manifest = Manifest::read(self.snapshot, "", &mut Sources::default())?.ok()?;
        let text = manifest.field("homepage")?.as_str()?;
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
        let host = rest.split('/').next().filter(|host| !host.is_empty())?.to_lowercase();
        let is_elsewhere = host.ends_with(".github.io") || host.ends_with("github.com") || host.contains("npmjs");
        (!is_elsewhere).then(|| Known::new(host, Because::Present(manifest.path.clone())))
    }

    /// The `CNAME` of a folder whose files are copied into the output.
    #[must_use]
    pub fn passed_through(&self, dir: &str, name: &str) -> Option<String> {
        let folders = PASS_THROUGH.iter().map(|folder| child(&child(dir, folder), name));
        folders.into_iter().find(|path| self.snapshot.is_file(path))
    }
}
