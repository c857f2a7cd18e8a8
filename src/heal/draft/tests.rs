use super::*;
use crate::project::snapshot::{Entry, Mode, Origin};
use crate::rule::fix::Applicability;
use crate::text::source::Source;
use crate::text::span::{FileId, Span};

const FILE: FileId = FileId(0);

fn insertion(at: usize, text: &str) -> Fix {
    Fix::replace(Applicability::Safe, "insert", Span::new(FILE, at, at), text)
}

/// What `path` holds after one repair of it.
fn repaired(snapshot: &Snapshot, path: &str, fix: &Fix) -> Result<(Vec<HealedFile>, String), Refusal> {
    let mut sources = Sources::default();
    sources.add(Source::new(path, true, snapshot.text(path).unwrap_or_default()));
    let mut patch = Patch::default();
    patch.add(fix, 7, &sources, snapshot)?;
    let draft = Draft::default().with(&patch, snapshot)?;
    let text = draft.snapshot(snapshot).text(path).unwrap_or_default();
    Ok((draft.into_files(), text))
}

#[test]
fn inserted_lines_adopt_the_line_breaks_of_the_file() {
    let windows = Snapshot::in_memory([("a", "x\r\ny\r\n".as_bytes())]);
    assert_eq!(repaired(&windows, "a", &insertion(3, "1\n2\r\n")).unwrap().1, "x\r\n1\r\n2\r\ny\r\n");
    let unix = Snapshot::in_memory([("a", "x\ny\n".as_bytes())]);
    assert_eq!(repaired(&unix, "a", &insertion(2, "1\r\n")).unwrap().1, "x\n1\ny\n");
}

#[test]
fn an_edit_that_is_about_line_breaks_is_left_alone() {
    let snapshot = Snapshot::in_memory([("a", "x\r\ny\r\nz\r\n".as_bytes())]);
    let fix = Fix::replace(Applicability::Safe, "unix", Span::new(FILE, 0, 3), "x\n");
    assert_eq!(repaired(&snapshot, "a", &fix).unwrap().1, "x\ny\r\nz\r\n");
}

#[test]
fn a_byte_order_mark_stays_in_front() {
    let snapshot = Snapshot::in_memory([("a.toml", "\u{feff}b = 1\n".as_bytes())]);
    assert_eq!(repaired(&snapshot, "a.toml", &insertion(0, "a = 1\n")).unwrap().1, "\u{feff}a = 1\nb = 1\n");
}

#[test]
fn a_file_that_is_not_text_or_too_large_is_refused() {
    let odd = Snapshot::in_memory([("a", [b'x', 0xff])]);
    assert!(matches!(repaired(&odd, "a", &insertion(0, "y")), Err(Refusal::NotText { .. })));
    let large = Snapshot::in_memory([("a", vec![b'x'; MAX_FILE_BYTES + 1])]);
    assert!(matches!(repaired(&large, "a", &insertion(0, "y")), Err(Refusal::TooLarge { .. })));
    let limit = Snapshot::in_memory([("a", vec![b'x'; MAX_FILE_BYTES])]);
    assert!(repaired(&limit, "a", &insertion(0, "y")).is_ok());
}

fn linked(target: &str) -> Snapshot {
    let entries = vec![
        Entry::with_body("netlify.toml", Mode::Symlink, target.as_bytes()),
        Entry::with_body("config/site.toml", Mode::Executable, "a = 1\n".as_bytes()),
    ];
    Snapshot::new(entries, Origin::GitIndex, Vec::new(), Arc::new(crate::project::snapshot::InMemory))
}

#[test]
fn the_target_of_a_link_is_edited_inside_the_repository_and_refused_outside() {
    let (files, text) = repaired(&linked("config/site.toml"), "netlify.toml", &insertion(0, "b = 1\n")).unwrap();
    assert_eq!((files[0].path.as_str(), text.as_str()), ("config/site.toml", "b = 1\na = 1\n"));
    let outside = repaired(&linked("../../etc/site.toml"), "netlify.toml", &insertion(0, "b = 1\n"));
    assert_eq!(outside.unwrap_err(), Refusal::Outside { path: "netlify.toml".to_owned() });
}

#[test]
fn a_new_file_needs_a_free_place_inside_the_repository() {
    let snapshot = Snapshot::in_memory([("a/b", *b"x")]);
    let create = |path: &str| repaired(&snapshot, path, &Fix::create(Applicability::Safe, "make", path, "text\n"));
    assert_eq!(create("a/c/d").unwrap().1, "text\n");
    assert!(matches!(create("a/b"), Err(Refusal::Exists { .. })));
    for path in ["", "../x", "a/../c", "/etc/x", ".git/config", "a/.GIT/x", "a/b/c"] {
        assert!(matches!(create(path), Err(Refusal::NoPlace { .. })), "{path}");
    }
}

#[test]
fn a_renamed_file_keeps_its_content_and_a_link_or_a_taken_name_is_refused() {
    let rename = |from: &str, to: &str| Fix::rename(Applicability::Review, "rename", from, to);
    let snapshot = Snapshot::in_memory([("a", [0xff, 0]), ("c", *b"xy")]);
    let mut patch = Patch::default();
    patch.add(&rename("a", "d/b"), 0, &Sources::default(), &snapshot).unwrap();
    assert!(patch.add(&rename("a", "e"), 1, &Sources::default(), &snapshot).is_err());
    let draft = Draft::default().with(&patch, &snapshot).unwrap();
    let after = draft.snapshot(&snapshot);
    assert_eq!((after.read("d/b").unwrap().to_vec(), after.exists("a")), (vec![0xff, 0], false));
    let mut back = Patch::default();
    back.add(&rename("d/b", "a"), 0, &Sources::default(), &after).unwrap();
    let back = draft.with(&back, &after).unwrap();
    assert_eq!(back.digest(), Draft::default().digest());
    assert!(back.into_files().is_empty() && draft.into_files()[0].from.as_deref() == Some("a"));
    let refused = |snapshot: &Snapshot, from, to| {
        Patch::default().add(&rename(from, to), 0, &Sources::default(), snapshot).is_err()
    };
    assert!(refused(&snapshot, "a", "c") && refused(&snapshot, "a", "../b") && refused(&snapshot, "x", "y"));
    assert!(refused(&linked("config/site.toml"), "netlify.toml", "n") && refused(&linked("../x"), "netlify.toml", "n"));
}

#[test]
fn repairs_that_touch_the_same_bytes_do_not_go_together() {
    let snapshot = Snapshot::in_memory([("a", *b"abcdef")]);
    let mut sources = Sources::default();
    sources.add(Source::new("a", true, "abcdef"));
    let mut patch = Patch::default();
    let replace = |start, end| Fix::replace(Applicability::Safe, "it", Span::new(FILE, start, end), "X");
    patch.add(&replace(1, 3), 0, &sources, &snapshot).unwrap();
    assert!(patch.add(&replace(2, 4), 1, &sources, &snapshot).is_err());
    assert!(patch.add(&insertion(1, "y"), 1, &sources, &snapshot).is_err());
    patch.add(&replace(3, 4), 2, &sources, &snapshot).unwrap();
    let draft = Draft::default().with(&patch, &snapshot).unwrap();
    assert_eq!(draft.snapshot(&snapshot).text("a").unwrap(), "aXXef");
}

#[test]
fn marks_move_with_the_text() {
    let snapshot = Snapshot::in_memory([("a", *b"abcdef")]);
    let mut first = Patch::default();
    let mut sources = Sources::default();
    sources.add(Source::new("a", true, "abcdef"));
    first.add(&insertion(3, "123"), 0, &sources, &snapshot).unwrap();
    let draft = Draft::default().with(&first, &snapshot).unwrap();
    let snapshot = draft.snapshot(&snapshot);
    let mut sources = Sources::default();
    sources.add(Source::new("a", true, "abc123def"));
    let mut second = Patch::default();
    second.add(&insertion(0, "00"), 1, &sources, &snapshot).unwrap();
    let files = draft.with(&second, &snapshot).unwrap().into_files();
    assert_eq!(&*files[0].after, b"00abc123def");
    assert_eq!(files[0].marks, [(5..8, 0), (0..2, 1)]);
    assert_eq!(files[0].before.as_deref(), Some(b"abcdef".as_slice()));
}

#[test]
fn a_draft_that_is_back_where_it_began_is_no_change() {
    let snapshot = Snapshot::in_memory([("a", *b"x")]);
    let fix = Fix::replace(Applicability::Safe, "same", Span::new(FILE, 0, 1), "x");
    assert!(repaired(&snapshot, "a", &fix).unwrap().0.is_empty());
}
