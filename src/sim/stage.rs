//! The stages of a deploy, over all platforms.

/// A stage; each platform uses some of them, in an order of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// The workflow is read and started (Pages).
    Workflow,
    /// The repository is fetched.
    Checkout,
    /// The Blueprint is read and validated (Render).
    Blueprint,
    /// The Node.js version is chosen and installed (Netlify).
    Node,
    /// The versions of languages and tools are chosen and installed (Render).
    Toolchain,
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
    /// The build command or the Dockerfile runs (Render, Pages).
    Build,
    /// Functions are bundled.
    Functions,
    /// Edge functions are bundled.
    EdgeFunctions,
    /// The publish directory is judged and uploaded.
    Deploy,
    /// The publish directory of a static site is looked for (Render, Pages).
    Publish,
    /// The command before the deploy runs (Render).
    PreDeploy,
    /// The server starts and its port is looked for (Render).
    Start,
    /// The health check is asked (Render).
    Health,
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
            Stage::Workflow => "workflow",
            Stage::Checkout => "checkout",
            Stage::Blueprint => "blueprint",
            Stage::Node => "node",
            Stage::Toolchain => "toolchain",
            Stage::Install => "install",
            Stage::Config => "config",
            Stage::PluginResolution => "plugin-resolution",
            Stage::Plugin => "plugin",
            Stage::BuildCommand => "build.command",
            Stage::Build => "build",
            Stage::Functions => "functions",
            Stage::EdgeFunctions => "edge-functions",
            Stage::Deploy => "deploy",
            Stage::Publish => "publish",
            Stage::PreDeploy => "pre-deploy",
            Stage::Start => "start",
            Stage::Health => "health",
            Stage::Routing => "routing",
            Stage::Runtime => "runtime",
        }
    }
}
