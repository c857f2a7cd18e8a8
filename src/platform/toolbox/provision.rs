//! What the installed packages bring into a folder.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use crate::project::command::Invocation;
use crate::project::lockfile::{self, Contents, Lock};
use crate::project::manifest::{DependencyKind, Manifest, ManifestError};
use crate::project::path::{self, child};
use crate::project::program;
use crate::text::source::Sources;

use super::{Image, Installation, Past, Toolbox, installs_in, omits};

/// Whether a program lies in `node_modules/.bin`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Provision {
    /// A package brings it, or most likely does.
    Yes,
    /// Nothing that is installed brings it.
    No,
    /// Only this development dependency brings it, and those are left out.
    LeftOut(String),
    /// The files do not tell.
    Unknown,
}

/// A folder with a manifest, and the lock files beside it.
#[derive(Debug, Default)]
pub(super) struct Folder {
    /// Whether there is a manifest.
    exists: bool,
    /// Whether it cannot be read, or holds `node_modules` in git.
    is_opaque: bool,
    direct: Vec<(DependencyKind, String, String)>,
    is_workspace: bool,
    /// Whether it has scripts that run during an installation.
    has_lifecycle: bool,
    locks: Vec<(&'static str, Arc<lockfile::LockFile>)>,
}

/// Packages that bring build tools along, by a piece of their name.
const BRINGERS: &str = "astro nuxt vitepress vuepress gatsby react-scripts docusaurus @angular @vue/cli storybook @sveltejs/kit \
    @remix-run @react-router/dev vinxi solid-start qwik vike expo @nestjs lerna parcel snowpack slidev histoire ladle eleventy \
    hexo tsup vitest @tanstack";

/// Libraries that bring no program and need no compiler.
const LIBRARIES: &str = "react react-dom react-router react-router-dom vue vue-router vuex pinia preact svelte lit lit-element \
    lit-html solid-js alpinejs jquery lodash axios moment dayjs date-fns clsx classnames three d3 gsap animejs framer-motion \
    bootstrap bulma normalize.css tachyons redux react-redux zustand immer swr uuid nanoid marked highlight.js prismjs chart.js \
    htmx.org swiper aos express cors body-parser core-js regenerator-runtime styled-components web-vitals";

impl Toolbox<'_> {
    /// The folder of a manifest; read once.
    fn folder(&self, dir: &str) -> Rc<Folder> {
        if let Some(known) = self.folders.borrow().get(dir) {
            return Rc::clone(known);
        }
        let folder = Rc::new(self.read_folder(dir));
        self.folders.borrow_mut().insert(dir.to_owned(), Rc::clone(&folder));
        folder
    }

    fn read_folder(&self, dir: &str) -> Folder {
        let is_opaque = self.snapshot.is_dir(&child(dir, "node_modules"));
        let mut folder = Folder { is_opaque, ..Folder::default() };
        for (tool, _) in lockfile::NAMES {
            folder.locks.extend(self.lock(dir, tool).map(|file| (tool, file)));
        }
        let manifest = match self.manifest(dir) {
            None => return folder,
            Some(Err(_)) => return Folder { exists: true, is_opaque: true, ..folder },
            Some(Ok(manifest)) => manifest,
        };
        folder.exists = true;
        folder.is_workspace =
            !manifest.workspaces().is_empty() || self.snapshot.is_file(&child(dir, "pnpm-workspace.yaml"));
        folder.has_lifecycle = ["preinstall", "install", "postinstall", "prepare"]
            .iter()
            .any(|name| manifest.script(name).is_some_and(|script| script.text.is_some_and(|text| !text.is_empty())));
        for kind in DependencyKind::ALL {
            let fields = manifest.dependencies(kind).into_iter();
            folder
                .direct
                .extend(fields.map(|field| (kind, field.key.to_owned(), field.text.unwrap_or_default().to_owned())));
        }
        folder
    }

    /// The lock file of a tool in a folder; the one of the platform's own installation has been read.
    fn lock(&self, dir: &str, tool: &str) -> Option<Arc<lockfile::LockFile>> {
        let installed = self.setting.installation.filter(|it| it.manager == tool).and_then(|it| it.lock.as_ref());
        match installed.filter(|lock| path::parent(&lock.path) == Some(dir)) {
            Some(known) => Some(Arc::clone(known)),
            None => lockfile::read(self.snapshot, dir, tool).map(Arc::new),
        }
    }

    /// The manifest of a folder; that of the platform's own installation has been read.
    fn manifest(&self, dir: &str) -> Option<Result<Manifest, ManifestError>> {
        match self.setting.installation.filter(|it| it.dir == dir) {
            Some(known) => Some(known.manifest.clone()),
            None => Manifest::read(self.snapshot, dir, &mut Sources::default()),
        }
    }

    /// Whether a program is found from a folder, given what ran before.
    pub(super) fn provision(&self, cwd: &str, past: Past<'_>, name: &str) -> Provision {
        let chain: Vec<(String, Rc<Folder>)> =
            path::ancestors(cwd).map(|dir| (dir.to_owned(), self.folder(dir))).collect();
        // Options that make the platform's own installation leave everything as it is.
        let is_idle =
            |it: &Installation| it.has_flag(&["--dry-run", "--package-lock-only", "--lockfile-only", "--help"]);
        if chain.iter().any(|(_, folder)| folder.is_opaque) || self.setting.installation.is_some_and(is_idle) {
            return Provision::Unknown;
        }
        if program::is_impossible(name) {
            return Provision::No;
        }
        let installs: Vec<(String, &Invocation)> =
            past.iter().filter_map(|run| Some((self.root_of(&installs_in(run)?), run))).collect();
        let by_platform = self.setting.installation.map(|installation| installation.dir.as_str());
        let is_installed = |dir: &str| by_platform == Some(dir) || installs.iter().any(|(root, _)| root == dir);
        let workspace = chain.iter().rposition(|(dir, folder)| folder.is_workspace && is_installed(dir));
        let used: Vec<&(String, Rc<Folder>)> = chain
            .iter()
            .enumerate()
            .filter(|(at, (dir, folder))| {
                folder.exists && (is_installed(dir) || workspace.is_some_and(|root| *at <= root))
            })
            .map(|(_, entry)| entry)
            .collect();
        let is_left_alone =
            chain.iter().any(|(dir, folder)| folder.exists && !used.iter().any(|(used, _)| used == dir));
        let may_be_installed = (self.setting.installation.is_none() && self.setting.may_install)
            || self.setting.installation.is_some_and(|installation| self.folder(&installation.dir).has_lifecycle)
            || installs.iter().any(|(root, _)| self.folder(root).has_lifecycle);
        if is_left_alone && may_be_installed {
            return Provision::Unknown;
        }
        let last = installs.iter().rev().find(|(root, _)| used.iter().any(|(dir, _)| dir == root));
        let omits = last.and_then(|(_, run)| omits(run)).unwrap_or_else(|| match (self.setting.installation, last) {
            (None, Some((root, run))) => self.omits_by_setting(root, run.name()),
            (installation, _) => installation.is_some_and(|it| it.omission.is_some()),
        });
        let manager = match (self.setting.installation, last) {
            (Some(installation), _) => installation.manager,
            (None, Some((_, run))) => run.name(),
            (None, None) => "npm",
        };
        Set::new(self, &used, omits, manager).provides(name)
    }

    /// Whether variables or files make a package manager that a command calls leave out development dependencies.
    fn omits_by_setting(&self, root: &str, manager: &str) -> bool {
        let by_command =
            Installation::by_command(self.snapshot, root, manager, self.setting.variables, &mut Sources::default());
        by_command.is_some_and(|installation| installation.omission.is_some())
    }

    /// The folder that an installation in `dir` is about: the nearest one with a manifest.
    fn root_of(&self, dir: &str) -> String {
        path::ancestors(dir).find(|dir| self.folder(dir).exists).unwrap_or(dir).to_owned()
    }
}

/// Everything that is installed for a folder.
struct Set<'a> {
    image: &'a Image,
    direct: Vec<(DependencyKind, String, String)>,
    is_workspace: bool,
    omits: bool,
    manager: String,
    /// The lock file of the package manager that installs, if it can be read and lists every direct dependency.
    lock: Option<(String, Rc<Folder>)>,
    /// What all lock files hold, whoever reads them.
    contents: Vec<Contents>,
}

impl<'a> Set<'a> {
    fn new(toolbox: &Toolbox<'a>, used: &[&(String, Rc<Folder>)], omits: bool, manager: &str) -> Set<'a> {
        let direct: Vec<_> = used.iter().flat_map(|(_, folder)| folder.direct.iter().cloned()).collect();
        let nearest = used.iter().map(|(dir, _)| dir.as_str()).next().unwrap_or_default();
        let above: Vec<Rc<Folder>> = path::ancestors(nearest).map(|dir| toolbox.folder(dir)).collect();
        let contents: Vec<Contents> =
            above.iter().flat_map(|folder| folder.locks.iter().map(|(_, file)| file.lock.contents())).collect();
        let lock = above.iter().find(|folder| folder.locks.iter().any(|(tool, _)| *tool == manager));
        let lists_all = |file: &lockfile::LockFile| {
            let held = file.lock.contents().packages;
            !held.is_empty()
                && direct
                    .iter()
                    .filter(|(kind, ..)| *kind != DependencyKind::Peer)
                    .all(|(_, name, _)| held.contains(name))
        };
        let lock = lock.filter(|folder| {
            folder.locks.iter().any(|(tool, file)| *tool == manager && !file.has_conflict && lists_all(file))
        });
        Set {
            image: toolbox.setting.image,
            is_workspace: used.iter().any(|(_, folder)| folder.is_workspace),
            omits,
            manager: manager.to_owned(),
            lock: lock.map(|folder| (manager.to_owned(), Rc::clone(folder))),
            contents,
            direct,
        }
    }

    fn lock(&self) -> Option<&Lock> {
        let (manager, folder) = self.lock.as_ref()?;
        folder.locks.iter().find(|(tool, _)| tool == manager).map(|(_, file)| &file.lock)
    }

    fn names(&self, production: bool) -> impl Iterator<Item = &str> {
        let counts = move |kind: DependencyKind| !production || kind != DependencyKind::Development;
        self.direct.iter().filter(move |(kind, ..)| counts(*kind)).map(|(_, name, _)| name.as_str())
    }

    fn provides(&self, name: &str) -> Provision {
        if let Some(Lock::Npm(lock)) = self.lock().filter(|_| self.manager == "npm")
            && lock.knows_programs()
        {
            return self.by_npm_lock(lock, name);
        }
        let bringers: Vec<&str> = self.names(false).filter(|package| program::may_bring(package, name)).collect();
        let by_lock = self.contents.iter().any(|contents| {
            let programs = contents.programs.as_ref();
            programs.is_some_and(|programs| programs.values().any(|names| names.contains(name)))
                || contents.packages.iter().any(|package| program::may_bring(package, name))
        });
        if !bringers.is_empty() || by_lock {
            return self.left_out(&bringers, name).map_or(Provision::Yes, Provision::LeftOut);
        }
        self.absent(name)
    }

    /// npm's lock file tells it all.
    fn by_npm_lock(&self, lock: &lockfile::npm::NpmLock, name: &str) -> Provision {
        // Known packages count even where the file does not say what they bring.
        let brings = |kept: &lockfile::npm::Kept<'_>| {
            kept.programs.contains(name) || kept.packages.iter().any(|package| program::may_bring(package, name))
        };
        if !brings(&lock.kept(self.names(false), true)) {
            // A file that is out of step with its own entries is not relied upon.
            let is_known = lock.contents().programs.is_some_and(|all| all.values().any(|names| names.contains(name)));
            return if is_known { Provision::Unknown } else { Provision::No };
        }
        if self.omits && !brings(&lock.kept(self.names(true), false)) {
            let mut development = self.direct.iter().filter(|(kind, ..)| *kind == DependencyKind::Development);
            let package = development.find(|(_, package, _)| program::may_bring(package, name));
            let package =
                package.or_else(|| self.direct.iter().find(|(kind, ..)| *kind == DependencyKind::Development));
            return package.map_or(Provision::Unknown, |(_, package, _)| Provision::LeftOut(package.clone()));
        }
        Provision::Yes
    }

    /// The development dependency that alone brings a program, if those are left out.
    fn left_out(&self, bringers: &[&str], name: &str) -> Option<String> {
        let package = (*bringers.first()?).to_owned();
        let is_kept = self.names(true).any(|kept| program::may_bring(kept, name));
        if !self.omits || is_kept {
            return None;
        }
        if let Some(Lock::Yarn(lock)) = self.lock()
            && !lock.is_berry
        {
            let direct = self
                .direct
                .iter()
                .filter(|(kind, ..)| matches!(kind, DependencyKind::Production | DependencyKind::Optional));
            let reached = lock.reachable(direct.map(|(_, name, range)| (name.as_str(), range.as_str())));
            return (!reached.iter().any(|kept| program::may_bring(kept, name))).then_some(package);
        }
        if self.manager == "pnpm" {
            return Some(package);
        }
        let is_compiler = package == "typescript";
        let may_pull = |kept: &str| {
            let is_related = kept.contains(name) || kept.contains(program::short_name(&package));
            let brings = BRINGERS.split(' ').any(|piece| !piece.is_empty() && kept.contains(piece)) || is_related;
            let is_part = matches!(name, "webpack" | "webpack-cli") && kept.ends_with("-loader");
            let is_library = crate::project::command::is_among(LIBRARIES, kept);
            brings || is_part || (is_compiler && !is_library)
        };
        (!self.is_workspace && !self.names(true).any(may_pull)).then_some(package)
    }

    /// Nothing is known to bring it.
    fn absent(&self, name: &str) -> Provision {
        let is_known = !program::packages_with(name).is_empty();
        let is_complete = match self.lock() {
            Some(Lock::Yarn(lock)) => is_known || lock.is_berry,
            Some(Lock::Pnpm(_)) => is_known,
            Some(Lock::Bun(_)) => true,
            _ => false,
        };
        let packages: BTreeSet<&str> = self.names(false).collect();
        let programs: Vec<String> = packages
            .iter()
            .flat_map(|package| match program::of_package(package) {
                Some(programs) => programs.to_vec(),
                None => vec![program::short_name(package).to_owned()],
            })
            .collect();
        let is_unheard_of = !is_known
            && !self.is_workspace
            && !program::is_wrapper_name(name)
            && !packages.iter().any(|package| program::may_hide_in(package, name));
        if is_complete
            || is_unheard_of
            || self.is_slip(name, &programs)
            || (packages.is_empty() && !self.is_workspace && is_known)
        {
            Provision::No
        } else {
            Provision::Unknown
        }
    }
    /// Whether a word is a slip of a program that is there.
    fn is_slip(&self, word: &str, names: &[String]) -> bool {
        self.image.presence(word).is_none()
            && (program::meant(word, names.iter().map(String::as_str)).is_some()
                || program::meant(word, self.image.builders()).is_some())
    }
}
