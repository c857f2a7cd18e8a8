//! Types of services and their runtimes.

/// What a service is (<https://render.com/docs/blueprint-spec>, "Service types").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// A web service.
    Web,
    /// A static site: `type: web` with `runtime: static`.
    Static,
    /// A private service.
    Private,
    /// A background worker.
    Worker,
    /// A cron job.
    Cron,
    /// A Key Value instance; `redis` is its old name.
    KeyValue,
    /// Workflow tasks.
    Workflow,
}

impl Class {
    /// What a type word with this runtime means.
    #[must_use]
    pub fn of(word: &str, runtime: Option<Runtime>) -> Option<Class> {
        Some(match word {
            "web" if runtime == Some(Runtime::Static) => Class::Static,
            "web" => Class::Web,
            "pserv" => Class::Private,
            "worker" => Class::Worker,
            "cron" => Class::Cron,
            "keyvalue" | "redis" => Class::KeyValue,
            "workflow" => Class::Workflow,
            _ => return None,
        })
    }

    /// The name for people.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Class::Web => "web service",
            Class::Static => "static site",
            Class::Private => "private service",
            Class::Worker => "background worker",
            Class::Cron => "cron job",
            Class::KeyValue => "Key Value instance",
            Class::Workflow => "workflow",
        }
    }

    /// Whether a start command or image keeps running and serves a port.
    #[must_use]
    pub fn is_server(self) -> bool {
        matches!(self, Class::Web | Class::Private)
    }
}

/// What a service is built with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Runtime {
    /// A Dockerfile.
    Docker,
    /// Elixir.
    Elixir,
    /// Go.
    Go,
    /// A finished image.
    Image,
    /// Node.js, with Bun inside.
    Node,
    /// Python.
    Python,
    /// Ruby.
    Ruby,
    /// Rust.
    Rust,
    /// Nothing runs: a static site.
    Static,
}

impl Runtime {
    /// The words of the schema, in its order.
    pub const WORDS: [(&'static str, Runtime); 9] = [
        ("docker", Runtime::Docker),
        ("elixir", Runtime::Elixir),
        ("go", Runtime::Go),
        ("image", Runtime::Image),
        ("node", Runtime::Node),
        ("python", Runtime::Python),
        ("ruby", Runtime::Ruby),
        ("rust", Runtime::Rust),
        ("static", Runtime::Static),
    ];

    /// The runtime of this word.
    #[must_use]
    pub fn of(word: &str) -> Option<Runtime> {
        Self::WORDS.iter().find(|(known, _)| *known == word).map(|(_, runtime)| *runtime)
    }

    /// The word.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, runtime)| *runtime == self).map_or("", |(word, _)| word)
    }

    /// Whether Render builds and starts it with commands of the Blueprint.
    #[must_use]
    pub fn is_native(self) -> bool {
        !matches!(self, Runtime::Docker | Runtime::Image | Runtime::Static)
    }
}
