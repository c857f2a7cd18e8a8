//! A domain of the site's own.

use crate::project::manifest::Manifest;
use crate::sim::known::{Because, Known};
use crate::text::source::Sources;

use super::site::PagesSite;
use super::workflow::Text;

/// The file that names the domain (<https://docs.github.com/en/pages/configuring-a-custom-domain-for-your-github-pages-site>).
pub const FILE: &str = "CNAME";

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
        self.given_domain().or_else(|| self.homepage()).or_else(|| self.canonical())
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
        Some(Known::new(own_host(text)?, Because::Present(manifest.path.clone())))
    }

    /// The address that the page says is its own, `<link rel="canonical">` or `og:url`.
    fn canonical(&self) -> Option<Known<String>> {
        const PAGES: [&str; 3] = ["index.html", "public/index.html", "src/index.html"];
        const LONGEST: usize = 1 << 18;
        PAGES.iter().find_map(|path| {
            let text = self.snapshot.text(path).ok().filter(|text| text.len() <= LONGEST)?;
            let host = canonical_host(&text)?;
            Some(Known::new(host, Because::Present((*path).to_owned())))
        })
    }
}

/// The host of an address, if a site of the author's own may live there.
fn own_host(address: &str) -> Option<String> {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"))?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default().to_lowercase();
    let is_elsewhere = host.ends_with(".github.io")
        || host.ends_with("github.com")
        || host.contains("npmjs")
        || host.starts_with("example.")
        || host.starts_with("www.example.")
        || host.starts_with("localhost");
    (host.contains('.') && !is_elsewhere).then_some(host)
}

/// The host of the address that a page says is its own.
fn canonical_host(text: &str) -> Option<String> {
    let value = |element: &str, name: &str| {
        let rest = element.split(name).nth(1)?.trim_start().strip_prefix('=')?.trim_start();
        let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        rest[1..].split(quote).next().map(str::to_owned)
    };
    text.split('<').find_map(|element| {
        let element = element.split('>').next().unwrap_or_default();
        let address = if element.starts_with("link") && element.contains("canonical") {
            value(element, "href")
        } else if element.starts_with("meta") && element.contains("og:url") {
            value(element, "content")
        } else {
            None
        };
        own_host(&address?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_may_say_where_it_lives() {
        let host = |text| canonical_host(text);
        let page = "<!doctype html>\n<link href='https://tides.example.eu/x' rel=canonical>\n";
        assert_eq!(host(page).as_deref(), Some("tides.example.eu"));
        assert_eq!(host("<meta property=\"og:url\" content=\"https://a.eu\"/>").as_deref(), Some("a.eu"));
        for text in [
            "<link rel=canonical href='https://o.github.io/x'>",
            "<link rel=canonical href=/x>",
            "<a href='https://a.eu'>",
            "<meta name=og:url",
        ] {
            assert_eq!(host(text), None, "{text}");
        }
    }
}
