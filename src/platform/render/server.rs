//! Servers of Python and the application that they are told to import.

use crate::project::command::{Word, is_among};
use crate::project::path::child;
use crate::project::python::declared::text_of;
use crate::project::python::name::normal;
use crate::project::python::target::{Target, folder};

use super::python::PythonService;
use super::run::Run;
use super::site::RenderSite;

/// A server that is told to import an application.
#[derive(Debug)]
pub struct ServerCall<'r> {
    /// The program that runs.
    pub run: &'r Run,
    /// What it is to import.
    pub target: Target,
    /// The argument that says so.
    pub word: &'r Word,
    /// The folders that are searched first, as repository paths.
    pub roots: Vec<String>,
}

/// Servers, their options with a value, the option that names the folder of the application, and the attribute that
/// is taken when none is named (the programs' own `--help`).
struct Server {
    name: &'static str,
    valued: &'static str,
    folder: &'static str,
    default: Option<&'static str>,
}

const SERVERS: [Server; 5] = [
    Server {
        name: "gunicorn",
        valued: "-b --bind -w --workers -k --worker-class --threads -t --timeout -c --config --log-level --log-file \
            --error-logfile --access-logfile --access-logformat --chdir --pythonpath --env -e --name -n --max-requests \
            --max-requests-jitter --keep-alive --graceful-timeout --worker-connections --worker-tmp-dir --user -u --group -g --pid -p \
            --certfile --keyfile --logger-class --limit-request-line --umask -m --backlog --forwarded-allow-ips --statsd-host \
            --log-config --log-config-dict --log-config-json --proxy-allow-from --ssl-version --ciphers",
        folder: "--chdir",
        default: Some("application"),
    },
    Server {
        name: "uvicorn",
        valued: "--host --port --uds --fd --reload-dir --reload-include --reload-exclude --reload-delay --workers --loop --http --ws \
            --ws-max-size --ws-ping-interval --ws-ping-timeout --lifespan --interface --env-file --log-config --log-level \
            --forwarded-allow-ips --root-path --limit-concurrency --backlog --limit-max-requests --timeout-keep-alive \
            --timeout-graceful-shutdown --ssl-keyfile --ssl-certfile --header --app-dir --h11-max-incomplete-event-size",
        folder: "--app-dir",
        default: None,
    },
    Server {
        name: "hypercorn",
        valued: "-b --bind -w --workers -k --worker-class -c --config --access-logfile --access-logformat --backlog --error-logfile \
            --log-file --log-level --log-config --graceful-timeout --keep-alive --root-path --certfile --keyfile -p --pid -u --user -g --group",
        folder: "",
        default: None,
    },
    Server {
        name: "daphne",
        valued: "-b --bind -p --port -e --endpoint -u --unix-socket -v --verbosity -t --http-timeout --access-log --log-fmt \
            --ping-interval --ping-timeout --application-close-timeout --root-path --server-name --websocket_timeout --fd",
        folder: "",
        default: None,
    },
    Server {
        name: "waitress-serve",
        valued: "--host --port --listen --threads --unix-socket --url-scheme --url-prefix --connection-limit --channel-timeout",
        folder: "",
        default: None,
    },
];

/// Reads a run as a server; none for other programs, and where the application or its folder cannot be known.
#[must_use]
pub fn server_call<'r>(site: &RenderSite<'_>, service: &PythonService<'_>, run: &'r Run) -> Option<ServerCall<'r>> {
    let server = SERVERS.iter().find(|server| server.name == run.program())?;
    let cwd = run.invocation.cwd.as_deref()?;
    let is_told_elsewhere = ["PYTHONPATH", "GUNICORN_CMD_ARGS"].iter().any(|name| service.may_set(run, name));
    if is_told_elsewhere || has_configured_path(site, run, cwd) {
        return None;
    }
    let word = application(&run.invocation.args, server)?;
    let target = Target::parse(&word.text)?;
    let attribute = target.attribute.clone().or_else(|| server.default.map(str::to_owned))?;
    let mut roots = Vec::new();
    match value_of(&run.invocation.args, server.folder) {
        Some(dir) => roots.push(folder(cwd, dir?)?),
        None => roots.push(cwd.to_owned()),
    }
    if let Some(paths) = value_of(&run.invocation.args, "--pythonpath").filter(|_| server.name == "gunicorn") {
        for path in paths?.split(',') {
            roots.push(folder(cwd, path)?);
        }
    }
    let target = Target { attribute: Some(attribute), ..target };
    Some(ServerCall { run, target, word, roots })
}

/// The value of an option, written apart or behind `=`; the inner none for one that only the run knows.
fn value_of<'w>(args: &'w [Word], option: &str) -> Option<Option<&'w str>> {
    let mut args = args.iter().filter(|_| !option.is_empty());
    while let Some(arg) = args.next() {
        if arg.text == option {
            return Some(args.next().and_then(Word::plain));
        }
        if let Some(value) = arg.text.strip_prefix(option).and_then(|rest| rest.strip_prefix('=')) {
            return Some(arg.plain().map(|_| value));
        }
    }
    None
}

/// The only argument that can name the application.
fn application<'w>(args: &'w [Word], server: &Server) -> Option<&'w Word> {
    let mut found = Vec::new();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        if is_among(server.valued, &arg.text) {
            args.next();
        } else if !arg.text.starts_with('-') {
            found.push(arg);
        }
    }
    let is_named = |word: &&&Word| word.text.contains(':') && Target::parse(&word.text).is_some();
    let mut named = found.iter().filter(is_named);
    let word = match (named.next(), named.next()) {
        (Some(only), None) => only,
        (None, _) if found.len() == 1 => found.first()?,
        _ => return None,
    };
    word.plain().map(|_| *word)
}

/// Whether a configuration file of gunicorn sets where it looks, or cannot be read.
fn has_configured_path(site: &RenderSite<'_>, run: &Run, cwd: &str) -> bool {
    let args = &run.invocation.args;
    let named = ["-c", "--config"].iter().find_map(|option| value_of(args, option));
    let path = match named {
        Some(Some(path)) => folder(cwd, path.trim_start_matches("file:")),
        Some(None) => return true,
        None => Some(child(cwd, "gunicorn.conf.py")).filter(|path| site.snapshot.is_file(path)),
    };
    let Some(path) = path else { return named.is_some() };
    let is_of_gunicorn = run.program() == "gunicorn" || named.is_some();
    let Some(text) = text_of(site.snapshot, &path).filter(|_| is_of_gunicorn) else { return is_of_gunicorn };
    ["chdir", "pythonpath", "wsgi_app", "sys.path"].iter().any(|word| text.contains(word))
}

/// Whether a distribution that the build asks for may bring a module of this name.
#[must_use]
pub fn may_be_foreign(service: &PythonService<'_>, top: &str) -> bool {
    let top = normal(top).replace('-', "");
    let declared = service.declared();
    let names = declared.requirements.iter().map(|requirement| requirement.name.as_str());
    let mut names = names.chain(declared.locked.iter().map(String::as_str)).map(|name| name.replace('-', ""));
    declared.is_open || names.any(|name| name.contains(&top) || top.contains(&name))
}
