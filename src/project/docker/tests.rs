use super::*;
use crate::project::snapshot::Snapshot;

fn words(instruction: &Instruction) -> Vec<&str> {
    instruction.arguments.words().iter().map(|word| word.text.as_str()).collect()
}

#[test]
fn continuation_lines_comments_and_heredocs_are_one_instruction() {
    let text = "# syntax=docker/dockerfile:1\n\nFROM node:22 AS build\nrun apt-get update && \\\n  # why\n\n  \
                apt-get install -y \\  \n  git\nRUN <<EOF\nCOPY not an instruction\nEOF\nCOPY a.txt \"b c\" ./\n";
    let file = Dockerfile::parse(text, FileId(0));
    let keywords: Vec<&str> = file.instructions.iter().map(|it| it.keyword.as_str()).collect();
    assert_eq!(keywords, ["FROM", "RUN", "RUN", "COPY"]);
    assert_eq!(words(&file.instructions[1])[3..], ["apt-get", "install", "-y", "git"]);
    assert_eq!(file.instructions[2].documents, ["COPY not an instruction\n"]);
    assert_eq!(words(&file.instructions[3]), ["a.txt", "b c", "./"]);
    let word = &file.instructions[3].arguments.words()[1];
    assert_eq!(&text[word.span.range()], "\"b c\"");
    let git = &file.instructions[1].arguments.words()[6];
    assert_eq!(&text[git.span.range()], "git");
}

#[test]
fn lists_are_read_as_json_and_everything_else_as_words() {
    let text = "FROM a\nCMD [\"node\", \"x y.js\"]\nENTRYPOINT ['node']\n";
    let file = Dockerfile::parse(text, FileId(0));
    let Arguments::List(list) = &file.instructions[1].arguments else { unreachable!() };
    assert_eq!((list[1].text.as_str(), &text[list[1].span.range()]), ("x y.js", "\"x y.js\""));
    assert!(matches!(file.instructions[2].arguments, Arguments::Words(_)));
}

#[test]
fn stages_know_their_base_and_their_parents() {
    let text = "ARG TAG=22\nFROM --platform=linux/amd64 docker.io/library/node:${TAG}-slim AS Base\nRUN x\n\
                FROM base as build\nFROM ghcr.io/puppeteer/puppeteer:23@sha256:1\nUSER root\nFROM $LATER\n";
    let file = Dockerfile::parse(text, FileId(0));
    let repositories: Vec<Option<&str>> = file.stages.iter().map(Stage::repository).collect();
    assert_eq!(repositories, [Some("node"), None, Some("ghcr.io/puppeteer/puppeteer"), None]);
    assert_eq!(file.stages[1].parent, Some(0));
    assert_eq!(file.lineage_of(1).len(), 2);
    assert_eq!(file.of(&file.stages[2]).len(), 2);
}

#[test]
fn windows_line_ends_and_another_escape_are_read() {
    let text = "# escape=`\r\nFROM a\r\nRUN one `\r\n two\r\n";
    let file = Dockerfile::parse(text, FileId(0));
    assert_eq!(words(&file.instructions[1]), ["one", "two"]);
}

#[test]
fn patterns_match_folders_exceptions_and_any_depth() {
    let ignore = Ignore::parse("# all\n*.md\n!README.md\n**/node_modules\n/dist/\nsrc/**/*.test.[jt]s\n");
    for path in ["a.md", "node_modules/x", "web/node_modules/x/y", "dist/index.js", "src/a/b/c.test.ts"] {
        assert!(ignore.excludes(path), "{path}");
    }
    for path in ["README.md", "docs/a.md", "web/dist/x", "src/a.test.rs", "distant"] {
        assert!(!ignore.excludes(path), "{path}");
    }
    let all = Ignore::parse("*\n!src\n");
    assert!(all.excludes("package.json") && !all.excludes("src/index.js"));
}

#[test]
fn sources_are_found_missing_or_ignored() {
    let files = ["app/a.txt", "app/dist/x.js", "app/.dockerignore", "b.txt"];
    let text = |path: &str| if path.ends_with("ignore") { "dist" } else { "" };
    let snapshot = Snapshot::in_memory(files.map(|path| (path, text(path).as_bytes())));
    let context = Context::new(&snapshot, "app", "app/Dockerfile");
    assert_eq!(context.find("a.txt"), Found::Yes);
    assert_eq!(context.find("./"), Found::Yes);
    assert_eq!(context.find("/a.txt"), Found::Yes);
    assert_eq!(context.find("dist"), Found::Ignored);
    assert_eq!(context.find("dist/x.js"), Found::Ignored);
    assert_eq!(context.find("../b.txt"), Found::No);
}

#[test]
fn any_text_is_read() {
    for text in ["", "\\", "RUN \\", "FROM", "RUN <<EOF", "CMD [\"", "COPY --from", "\u{feff}FROM a", "é è"] {
        let file = Dockerfile::parse(text, FileId(0));
        assert!(file.instructions.len() <= 1, "{text}");
    }
}
