//! The stages of a deploy, over all platforms.

/// A stage; each platform uses some of them, in an order of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// The repository is fetched.
    Checkout,
    /// The Node.js version is chosen and installed (Netlify).
    Node,
    /// Dependencies are installed.
    Install,
    /// The configuration is read and validated.
    Config,
    /// Build plugins are found and their inputs checked.
    PluginResolution,
    /// Events of build plugins run.
    Plugin,
    /// The build command runs.
    BuildCommand,
    /// Functions are bundled.
    Functions,
    /// Edge functions are bundled.
    EdgeFunctions,
    /// The publish directory is judged and uploaded.
    Deploy,
    /// The deploy is green: redirects and headers are followed.
    Routing,
    /// The deploy is green: functions and pages run.
    Runtime,
}

impl Stage {
    /// The name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Stage::Checkout => "checkout",
            Stage::Node => "node",
            Stage::Install => "install",
            Stage::Config => "config",
            Stage::PluginResolution => "plugin-resolution",
            Stage::Plugin => "plugin",
            Stage::BuildCommand => "build.command",
            Stage::Functions => "functions",
            Stage::EdgeFunctions => "edge-functions",
            Stage::Deploy => "deploy",
            Stage::Routing => "routing",
            Stage::Runtime => "runtime",
        }
    }
}
