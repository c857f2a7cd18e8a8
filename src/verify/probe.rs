//! One request to a site, and what its answer has to be.

use std::fmt;

use crate::verify::expectation::Expectation;

/// A request with what is expected of the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// A name of one line that tells it from others, such as `entry page "/"`.
    pub name: String,
    /// Where it comes from.
    pub origin: Origin,
    /// What is asked.
    pub request: Request,
    /// What has to hold; all of it.
    pub expectations: Vec<Expectation>,
    /// What it counts for.
    pub weight: Weight,
    /// Where it is asked.
    pub scope: Scope,
    /// Which rule decides about its failures.
    pub kind: Kind,
}

/// Where a probe comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A line of a file.
    Line {
        /// Path with slashes, relative to the repository.
        path: String,
        /// From 1.
        line: u32,
    },
    /// Derived from this, such as `the publish directory`.
    Derived(String),
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The method in capitals.
    pub method: String,
    /// A path with its query, relative to the site, or a whole address.
    pub target: String,
    /// Headers to be sent.
    pub headers: Vec<(String, String)>,
    /// Cookies to be sent.
    pub cookies: Vec<(String, String)>,
    /// What is sent.
    pub body: Vec<u8>,
    /// How many redirects are followed; 0 looks at the redirect itself.
    pub redirects: u8,
}

/// What a probe counts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Weight {
    /// Its failure is told and changes nothing.
    Shadow,
    /// Its failure is worth a warning.
    Advisory,
    /// Its failure is the failure of the deploy.
    #[default]
    Blocking,
}

/// Where a probe is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scope {
    /// At the deploy's own address, before anybody sees it.
    pub preview: bool,
    /// At the address of the site.
    pub live: bool,
}

/// Which rule decides about the failures of a probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Kind {
    /// What people notice at once: asked first, right after publication.
    Critical,
    /// Everything that is asked once.
    #[default]
    Check,
    /// One of many files: only a wrong answer fails, and no answer counts as an error of the connection.
    Sample,
}

impl Probe {
    /// A blocking probe of one path, asked everywhere, that follows no redirects and expects nothing yet.
    #[must_use]
    pub fn get(name: impl Into<String>, origin: Origin, target: impl Into<String>) -> Probe {
        Probe {
            name: name.into(),
            origin,
            request: Request::get(target),
            expectations: Vec::new(),
            weight: Weight::Blocking,
            scope: Scope::EVERYWHERE,
            kind: Kind::Check,
        }
    }

    /// The same, expecting this as well.
    #[must_use]
    pub fn expect(mut self, expectation: Expectation) -> Probe {
        self.expectations.push(expectation);
        self
    }

    /// The same with this weight.
    #[must_use]
    pub fn weighing(mut self, weight: Weight) -> Probe {
        self.weight = weight;
        self
    }

    /// The same of this kind.
    #[must_use]
    pub fn of_kind(mut self, kind: Kind) -> Probe {
        self.kind = kind;
        self
    }

    /// The same, asked here only.
    #[must_use]
    pub fn within(mut self, scope: Scope) -> Probe {
        self.scope = scope;
        self
    }

    /// The same, following so many redirects.
    #[must_use]
    pub fn following(mut self, redirects: u8) -> Probe {
        self.request.redirects = redirects;
        self
    }

    /// The same with one more header.
    #[must_use]
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Probe {
        self.request.headers.push((name.into(), value.into()));
        self
    }

    /// The same with one more cookie.
    #[must_use]
    pub fn with_cookie(mut self, name: impl Into<String>, value: impl Into<String>) -> Probe {
        self.request.cookies.push((name.into(), value.into()));
        self
    }
}

impl Request {
    /// Reads this path or address, following no redirects.
    #[must_use]
    pub fn get(target: impl Into<String>) -> Request {
        Request {
            method: "GET".to_owned(),
            target: target.into(),
            headers: Vec::new(),
            cookies: Vec::new(),
            body: Vec::new(),
            redirects: 0,
        }
    }
}

impl Origin {
    /// A line of a file.
    #[must_use]
    pub fn line(path: impl Into<String>, line: u32) -> Origin {
        Origin::Line { path: path.into(), line }
    }

    /// Derived from this.
    #[must_use]
    pub fn derived(from: impl Into<String>) -> Origin {
        Origin::Derived(from.into())
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Line { path, line } => write!(formatter, "{path}:{line}"),
            Origin::Derived(from) => write!(formatter, "derived from {from}"),
        }
    }
}

impl Scope {
    /// At the deploy's own address, and live.
    pub const EVERYWHERE: Scope = Scope { preview: true, live: true };
    /// At the deploy's own address only.
    pub const PREVIEW: Scope = Scope { preview: true, live: false };
    /// At the address of the site only.
    pub const LIVE: Scope = Scope { preview: false, live: true };

    /// Says whether a probe is asked there.
    #[must_use]
    pub fn covers(self, is_live: bool) -> bool {
        if is_live { self.live } else { self.preview }
    }
}

impl Weight {
    /// The name in files and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Weight::Shadow => "shadow",
            Weight::Advisory => "advisory",
            Weight::Blocking => "blocking",
        }
    }

    /// The weight of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Weight> {
        [Weight::Shadow, Weight::Advisory, Weight::Blocking].into_iter().find(|weight| weight.name() == name)
    }
}
