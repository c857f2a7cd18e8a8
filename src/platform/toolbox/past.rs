//! What ran before a program: installations, and whatever else brings programs.

use crate::project::command::{Invocation, Reach, is_among};
use crate::project::path;

/// Everything that ran before a program.
#[derive(Debug, Clone, Copy)]
pub(super) struct Past<'a> {
    /// What other commands ran.
    pub(super) before: &'a [Invocation],
    /// What the same command ran.
    pub(super) now: &'a [Invocation],
    /// Whether a part of the other commands could not be followed.
    pub(super) is_after_gap: bool,
}

impl<'a> Past<'a> {
    pub(super) fn iter(self) -> impl DoubleEndedIterator<Item = &'a Invocation> {
        self.before.iter().chain(self.now)
    }
}

/// Whether something that ran before may have put programs where the shell finds them.
pub(super) fn may_add_programs(invocation: &Invocation, past: Past<'_>) -> bool {
    const ADDERS: &str = "curl wget apt apt-get brew pip pip2 pip3 pipx pipenv poetry uv conda gem bundle cargo rustup go \
                          git tar unzip source . eval alias make asdf mise nvm corepack ln cp mv sudo python python3 ruby \
                          deno dotnet composer opam stack cabal luarocks";
    const INSTALLS: &str = "install i add global link ci in up update upgrade create init pm";
    let adds = |run: &Invocation| {
        let is_manager = is_among("npm yarn pnpm bun", run.name());
        let words: Vec<&str> = run.args.iter().map(|arg| arg.text.as_str()).collect();
        let names_package = || {
            let verb = words.iter().position(|word| is_among(INSTALLS, word));
            let is_global = words.iter().any(|word| matches!(*word, "-g" | "--global" | "global" | "link"));
            is_global || verb.is_some_and(|at| words[at + 1..].iter().any(|word| !word.starts_with('-')))
        };
        let is_script = is_among("bash sh zsh", run.name()) && !words.is_empty();
        run.name().is_empty()
            || run.name().contains('/')
            || is_among(ADDERS, run.name())
            || is_script
            || (is_manager && names_package())
    };
    invocation.is_after_gap
        || past.is_after_gap
        || invocation.variable("PATH").is_some()
        || past.iter().any(|run| run.reach != Reach::Never && adds(run))
}

/// The folder in which a package manager installs everything that a manifest lists, if that is what it does here.
#[must_use]
pub fn installs_in(run: &Invocation) -> Option<String> {
    const VERBS: &str = "install i ci in ins clean-install install-clean";
    if run.reach == Reach::Never || !is_among("npm yarn pnpm bun", run.name()) {
        return None;
    }
    let cwd = run.cwd.as_deref()?;
    let mut dir = cwd.to_owned();
    let mut args = run.args.iter();
    let mut words = Vec::new();
    while let Some(arg) = args.next() {
        let text = arg.text.as_str();
        match text.split_once('=') {
            Some(("--prefix" | "--cwd" | "--dir", value)) => dir = path::join(cwd, value)?,
            None if is_among("--prefix --cwd --dir -C", text) => dir = path::join(cwd, args.next()?.plain()?)?,
            _ if text.starts_with('-') => {}
            _ => words.push(text),
        }
    }
    let installs = match words.as_slice() {
        [] => run.name() == "yarn",
        [verb] => is_among(VERBS, verb),
        _ => false,
    };
    installs.then_some(dir)
}

/// Whether a call of a package manager leaves out development dependencies; none when the site decides.
pub(super) fn omits(run: &Invocation) -> Option<bool> {
    let has = |names: &str| run.args.iter().any(|arg| is_among(names, &arg.text));
    if has("--include=dev --production=false --no-production --also=dev --prod=false") {
        return Some(false);
    }
    if has("--omit=dev --production --prod -P --only=production --only=prod --production=true") {
        return Some(true);
    }
    match run.variable("NODE_ENV") {
        Some(Some(value)) if is_among("npm yarn", run.name()) => Some(value == "production"),
        _ => None,
    }
}
