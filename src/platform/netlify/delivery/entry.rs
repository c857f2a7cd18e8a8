//! Pages at the top of a folder: a site's own, or the entry of a bundler.

use crate::platform::netlify::site::NetlifySite;
use crate::project::path::child;

/// The home page of a folder.
#[must_use]
pub fn page(site: &NetlifySite<'_>, folder: &str) -> Option<String> {
    ["index.html", "index.htm"].iter().find_map(|name| site.snapshot.text(&child(folder, name)).ok())
}

/// Whether a page is the entry of a bundler: it loads modules from the sources, or holds a placeholder.
#[must_use]
pub fn needs_bundler(page: &str) -> bool {
    let loads = |source: &str| page.contains(&format!("src=\"{source}")) || page.contains(&format!("src='{source}"));
    let is_source = ["/src/", "./src/", "src/", "/index.", "/main.", "./main.", "./index."].into_iter().any(loads);
    page.contains("%PUBLIC_URL%") || page.contains("<%=") || (page.contains("module") && is_source)
}
