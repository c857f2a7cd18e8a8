//! One program that would be run, and what it can have done.

use super::{Word, is_among};

/// Whether a program is run at all, if those before it do what they should.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Never, because of what comes before.
    Never,
    /// It hangs on something that the files do not say.
    Maybe,
    /// Yes.
    Certain,
}

/// How a program was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// Looked up by the shell, in `node_modules/.bin` first.
    Path,
    /// Through `npx`, `pnpm dlx` and the like, which fetch what is not installed.
    Fetch,
    /// Through `pnpm exec`, `yarn X` and the like, which run only what is installed.
    Installed,
}

/// One program that would be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invocation {
    /// The program as written: `vite`, `./build.sh`.
    pub program: Word,
    /// Its arguments.
    pub args: Vec<Word>,
    /// The folder it runs in, as a repository path; none when only the run knows.
    pub cwd: Option<String>,
    /// Variables set for it by the command; none for a value that only the run knows.
    pub env: Vec<(String, Option<String>)>,
    /// Whether it is run.
    pub reach: Reach,
    /// Whether the whole command fails when it does.
    pub is_fatal: bool,
    /// How it was found.
    pub via: Via,
    /// Which of the trace's texts it stands in.
    pub text: usize,
    /// Whether nothing before it can have made files or installed programs.
    pub is_pristine: bool,
    /// Whether something before it could not be followed.
    pub is_after_gap: bool,
}

impl Invocation {
    /// The program's name, if it is written out.
    #[must_use]
    pub fn name(&self) -> &str {
        self.program.plain().unwrap_or_default()
    }

    /// The first argument that is no option.
    #[must_use]
    pub fn subcommand(&self) -> Option<&str> {
        self.args.iter().filter_map(Word::plain).find(|arg| !arg.starts_with('-'))
    }

    /// Whether one of the arguments is this.
    #[must_use]
    pub fn has_arg(&self, wanted: &str) -> bool {
        self.args.iter().any(|arg| arg.plain() == Some(wanted))
    }

    /// What an option is set to: `--out dist` or `--out=dist`.
    #[must_use]
    pub fn option(&self, names: &[&str]) -> Option<&Word> {
        let mut args = self.args.iter();
        while let Some(arg) = args.next() {
            if names.contains(&arg.text.as_str()) {
                return args.next();
            }
        }
        None
    }

    /// A variable that the command sets for it.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&Option<String>> {
        self.env.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// Whether its failure would certainly be the failure of the command.
    #[must_use]
    pub fn decides(&self) -> bool {
        self.is_fatal && self.reach == Reach::Certain
    }

    /// Whether it only sets up the tools of a developer, which leaves no folder behind that a build would enter.
    #[must_use]
    pub fn is_setup(&self) -> bool {
        const SETUP: &str = "husky simple-git-hooks lefthook patch-package only-allow ngcc svelte-kit yorkie is-ci in-publish \
                             opencollective opencollective-postinstall check-node-version playwright puppeteer cypress";
        is_among(SETUP, self.name())
    }

    /// Whether it makes no file, though it may remove some.
    #[must_use]
    pub fn makes_nothing(&self) -> bool {
        self.is_harmless() || is_among("rm rmdir rimraf del del-cli unlink", self.name())
    }

    /// Whether it leaves no file behind and installs nothing.
    #[must_use]
    pub fn is_harmless(&self) -> bool {
        const WRITES_NOTHING: &str = "echo printf true false : cd pwd test [ exit export set unset ls cat env date sleep which \
             command type ulimit umask whoami uname printenv df du free kill wait head tail wc grep egrep";
        let asks_version = matches!(self.args.as_slice(), [only] if is_among("-v -V --version version", &only.text));
        // Without a script npm lists those that there are (measured with npm 11).
        let lists_scripts = self.name() == "npm"
            && matches!(self.args.as_slice(), [only] if is_among("run run-script rum urn", &only.text));
        is_among(WRITES_NOTHING, self.name()) || (asks_version && self.via == Via::Path) || lists_scripts
    }

    /// Whether it may make or change a manifest, as far as anybody can tell.
    #[must_use]
    pub fn may_write_manifests(&self) -> bool {
        const WRITERS: &str = "cp mv rsync sed perl awk jq git tar unzip curl wget node bash sh make python python3 ruby php \
                               degit tee ln deno json";
        let makes_package = matches!(self.subcommand(), Some("init" | "create" | "pkg" | "set-script" | "innit"));
        let is_manager = matches!(self.name(), "npm" | "yarn" | "pnpm" | "bun");
        self.name().is_empty()
            || self.name().contains('/')
            || is_among(WRITERS, self.name())
            || (is_manager && makes_package)
            || self.name().starts_with("create-")
            || self.args.iter().any(|arg| arg.text.contains("package.json"))
            || (self.name() == "rm" && self.args.iter().any(|arg| arg.plain().is_none()))
    }
}
