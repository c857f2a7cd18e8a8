//! Laws of the readers of other languages that hold for any text: they end, do not panic, and name places that exist.

#![allow(clippy::unwrap_used, clippy::panic)]

use chimera::platform::render::site::RenderSite;
use chimera::project::python::requirement::{self, Item};
use chimera::project::python::{django, environment, locked, module, pipfile, pyproject, target, token};
use chimera::project::ruby::{Gemfile, Lock, RubyVersion, locked_version};
use chimera::project::snapshot::Snapshot;
use chimera::verdict::render;
use proptest::prelude::*;

const WORDS: [&str; 84] = [
    "\n",
    "\n",
    "\r\n",
    "\r",
    " ",
    "    ",
    "\t",
    "\x0c",
    "\\",
    "\\\n",
    "\"",
    "'",
    "\"\"\"",
    "'''",
    "f'",
    "rb\"",
    "{",
    "}",
    "{{",
    "(",
    ")",
    "[",
    "]",
    ":",
    ":=",
    "=",
    "==",
    ";",
    ",",
    ".",
    "*",
    "@",
    "#",
    "-",
    "é",
    "\u{feff}",
    "app",
    "import ",
    "from ",
    "as ",
    "def ",
    "class ",
    "async ",
    "if ",
    "else:",
    "global ",
    "os.environ['X']",
    "os.getenv(\"Y\")",
    "ALLOWED_HOSTS",
    "DATABASES",
    "True",
    "flask",
    "==1.0",
    ">=2,<3",
    "[standard]",
    "; python_version < '3'",
    " --hash=sha256:aa",
    "-r ",
    "-e ",
    "-c ",
    "base.txt",
    "./lib",
    "git+https://x.org/y#egg=z",
    "${X}",
    "gem 'rails'",
    "gem \"pg\", ",
    "ruby ",
    "file: '.ruby-version'",
    "group :test do",
    "end",
    "#{x}",
    "RUBY VERSION\n",
    "   ruby 3.3.0p1",
    "PLATFORMS\n",
    "  ruby",
    "GEM\n  specs:\n",
    "    puma (6)",
    "[[package]]\n",
    "name = \"a\"\n",
    "[project]\n",
    "dependencies = [",
    "[tool.poetry.dependencies]\n",
    "allow_origins=",
    "sqlite:///a",
];

fn text() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        10 => prop::sample::select(&WORDS[..]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(word, 0..60).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_cut_into_tokens_in_order(text in text()) {
        let tokens = token::tokens(&text);
        let mut at = 0;
        for token in &tokens.list {
            prop_assert!(token.start >= at && text.get(token.start..token.end()) == Some(token.text));
            at = token.end();
            if let Some(value) = token.string() {
                prop_assert_eq!(text.get(token.string_start()..token.string_start() + value.len()), Some(value));
            }
        }
        _ = module::read(&text);
        _ = django::module_of_script(&text);
        for read in environment::reads(&tokens) {
            prop_assert!(text[read.start..].starts_with(&read.name));
        }
    }

    #[test]
    fn any_text_is_a_list_of_requirements(text in text()) {
        let mut at = 0;
        for line in requirement::read(&text) {
            prop_assert!(line.range.start >= at && text.get(line.range.clone()).is_some());
            at = line.range.start;
            if let Item::Distribution(found) = line.item {
                prop_assert!(!found.name.is_empty());
            }
        }
        _ = pyproject::Pyproject::read(&text);
        _ = pipfile::Pipfile::read(&text);
        _ = locked::of_toml(&text);
        _ = locked::of_pipfile_lock(&text);
        _ = target::Target::parse(&text);
    }

    #[test]
    fn any_text_is_a_gemfile(text in text()) {
        if let Some(RubyVersion::Written { version, range }) = Gemfile::read(&text).ruby {
            prop_assert_eq!(text.get(range), Some(version.as_str()));
        }
        _ = Lock::read(&text);
        if let Some((version, range)) = locked_version(&text) {
            prop_assert_eq!(text.get(range), Some(version));
        }
    }

    #[test]
    fn any_python_project_is_judged(settings in text(), main in text(), requirements in text(), command in "[-a-z0-9 .:=/&|'\"$]{0,30}") {
        let blueprint = format!(
            "services:\n- type: web\n  name: a\n  runtime: python\n  buildCommand: pip install -r requirements.txt && python manage.py \
             collectstatic\n  startCommand: \"gunicorn {} main:app\"\n",
            command.replace('"', "'")
        );
        let manage = "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'settings')";
        let main = format!("{manage}\n{main}");
        let files = [
            ("render.yaml", blueprint.as_str()),
            ("requirements.txt", &requirements),
            ("settings.py", &settings),
            ("main.py", &main),
            ("manage.py", manage),
            ("web/package.json", "{\"dependencies\":{\"react\":\"1\"}}"),
        ];
        let snapshot = Snapshot::in_memory(files.map(|(path, text)| (path, text.as_bytes())));
        let verdict = render::judge(RenderSite::new(&snapshot, "render.yaml"), &chimera::config::Configuration::default());
        for finding in &verdict.findings {
            prop_assert!(!finding.message.is_empty());
        }
    }
}

/// Reading takes time in proportion to the length of the text.
#[test]
fn long_texts_are_read_in_one_go() {
    for piece in ["(", "'''", "f'{", "a = [", "# x\n", "flask \\\n", "\\", "gem 'a'\n", "if x:\n", "-r a\n", "{{"] {
        let text = piece.repeat(200_000);
        _ = token::tokens(&text);
        _ = module::read(&text);
        _ = requirement::read(&text);
        _ = Gemfile::read(&text);
    }
}
