//! Suggestions on a pull request: where they stand, what they say, and which of the old ones still hold.

use std::collections::{BTreeMap, BTreeSet};

use crate::report::diff as patch;
use crate::report::human::plural;
use crate::text::escape;

use super::diff::Diff;
use super::piece::{Piece, needs_a_look};
use super::remark::{Remark, Repair};
use super::{Inspection, limit};

/// Suggestions of one review; more would be noise, and GitHub limits content.
pub const MOST: usize = 30;
/// Comments on files, each a request of its own.
pub const MOST_FILES: usize = 3;
/// Comments that are taken back in a run, each a request of its own.
pub const MOST_TAKEN_BACK: usize = 10;

const MARK: &str = "<!-- chimera:";

/// A comment that stands on the pull request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Its number.
    pub id: u64,
    /// Its text.
    pub body: String,
    /// Whether a program wrote it.
    pub is_of_bot: bool,
    /// Whether its lines have changed since.
    pub is_outdated: bool,
    /// The comment that it answers.
    pub reply_to: Option<u64>,
}

/// A comment to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// The file.
    pub path: String,
    /// First and last line; a comment on the whole file has none.
    pub lines: Option<(u32, u32)>,
    /// Its text.
    pub body: String,
}

/// What is to be done on the pull request.
#[derive(Debug, Default)]
pub struct Plan {
    /// New suggestions, the lowest lines of a file first.
    pub suggestions: Vec<Comment>,
    /// New comments on files.
    pub files: Vec<Comment>,
    /// Comments of ours that no longer hold.
    pub taken_back: Vec<u64>,
    /// Suggestions that stand already.
    pub standing: usize,
    /// Proven repairs for which there was no room.
    pub over: usize,
    /// What becomes of each repair.
    fates: BTreeMap<usize, Repair>,
}

/// Decides what is written and what is taken back.
#[must_use]
pub fn plan(inspections: &[(&Inspection, Vec<Piece>)], diff: &Diff, standing: &[Standing]) -> Vec<Plan> {
    let known = known(standing);
    let mut holding: BTreeSet<String> = BTreeSet::new();
    let (mut room, mut file_room) = (MOST, MOST_FILES);
    let mut plans = Vec::new();
    for (inspection, pieces) in inspections {
        let mut plan = Plan::default();
        suggest(inspection, pieces, diff, &known, &mut holding, &mut room, &mut plan);
        tell_files(inspection, diff, &known, &mut holding, &mut file_room, &mut plan);
        plans.push(plan);
    }
    if let Some(first) = plans.first_mut() {
        first.taken_back = outlived(standing, &holding);
    }
    plans
}

/// The fingerprints of our comments that stand and fit their lines.
fn known(standing: &[Standing]) -> BTreeSet<&str> {
    let fitting = standing.iter().filter(|comment| comment.is_of_bot && !comment.is_outdated);
    fitting.filter_map(|comment| fingerprint(&comment.body)).collect()
}

/// The fingerprint in a comment.
fn fingerprint(body: &str) -> Option<&str> {
    let (_, rest) = body.rsplit_once(MARK)?;
    let (fingerprint, _) = rest.split_once(" -->")?;
    let is_ours = !fingerprint.is_empty() && fingerprint.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_ours.then_some(fingerprint)
}

fn mark(fingerprint: &str) -> String {
    format!("{MARK}{fingerprint} -->")
}

/// Comments of ours that hold no more, or that say what another one says, and that nobody has answered.
fn outlived(standing: &[Standing], holding: &BTreeSet<String>) -> Vec<u64> {
    let answered: BTreeSet<u64> = standing.iter().filter_map(|comment| comment.reply_to).collect();
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for comment in standing.iter().filter(|comment| comment.is_of_bot && comment.reply_to.is_none()) {
        let Some(fingerprint) = fingerprint(&comment.body) else { continue };
        let holds = !comment.is_outdated && holding.contains(fingerprint) && seen.insert(fingerprint);
        if !holds && !answered.contains(&comment.id) {
            found.push(comment.id);
        }
    }
    found.truncate(MOST_TAKEN_BACK);
    found
}

fn suggest(
    inspection: &Inspection,
    pieces: &[Piece],
    diff: &Diff,
    known: &BTreeSet<&str>,
    holding: &mut BTreeSet<String>,
    room: &mut usize,
    plan: &mut Plan,
) {
    let is_shown = |piece: &Piece| {
        let before: Vec<&str> = piece.before.iter().map(String::as_str).collect();
        let lines = piece.lines.clone();
        let with_returns: Vec<String> = before.iter().map(|line| format!("{line}\r")).collect();
        let with_returns: Vec<&str> = with_returns.iter().map(String::as_str).collect();
        diff.shows(&piece.path, lines.clone(), &before) || diff.shows(&piece.path, lines, &with_returns)
    };
    // A repair is suggested whole or not at all.
    let outside: BTreeSet<usize> =
        pieces.iter().filter(|piece| !is_shown(piece)).flat_map(|piece| piece.repairs.iter().copied()).collect();
    let mut inside: Vec<&Piece> =
        pieces.iter().filter(|piece| !piece.repairs.iter().any(|repair| outside.contains(repair))).collect();
    inside.sort_by_key(|piece| (piece.path.clone(), std::cmp::Reverse(*piece.lines.start())));
    for piece in inside {
        if *room == 0 {
            plan.over += 1;
            piece.repairs.iter().for_each(|repair| _ = plan.fates.entry(*repair).or_insert(Repair::Patch));
            continue;
        }
        *room -= 1;
        holding.insert(piece.fingerprint.clone());
        for repair in &piece.repairs {
            plan.fates.insert(*repair, Repair::Suggested);
        }
        if known.contains(piece.fingerprint.as_str()) {
            plan.standing += 1;
        } else {
            plan.suggestions.push(comment(inspection, piece));
        }
    }
}

fn comment(inspection: &Inspection, piece: &Piece) -> Comment {
    let mut body = String::new();
    for applied in piece.repairs.iter().filter_map(|repair| inspection.healing.fixes_applied.get(*repair)) {
        let (rule, message) = (applied.subject.rule.id, escape::prose(&applied.subject.message));
        let title = escape::prose(&applied.title);
        body.push_str(&format!("**{rule}** on {}: {message}. Repair: {title}.\n\n", platform(inspection, applied)));
    }
    body.push_str(&escape::fence(&piece.after, "suggestion"));
    let checked = if piece.passes {
        "with this change the simulated deploy passes"
    } else {
        "with this change it is gone, and nothing new appears; other findings are left"
    };
    let look =
        if needs_a_look(inspection, piece) { " Look at it first: it may change what the site does." } else { "" };
    let rule = inspection.healing.fixes_applied.get(piece.repairs.first().copied().unwrap_or_default());
    let is_commented = [".toml", ".yaml", ".yml"].iter().any(|end| piece.path.ends_with(end));
    let why = rule.map(|applied| {
        let id = applied.subject.rule.id;
        let silence = format!(" `# chimera: ignore {id} because …` above the line silences it.");
        format!(" Why: `chimeractl explain {id}`.{}", if is_commented { silence.as_str() } else { "" })
    });
    body.push_str(&format!("\n<sub>Checked: {checked}.{look}{}</sub>\n", why.unwrap_or_default()));
    body.push_str(&mark(&piece.fingerprint));
    let (first, last) = (*piece.lines.start(), *piece.lines.end());
    Comment { path: piece.path.clone(), lines: Some((first, last)), body }
}

fn platform(inspection: &Inspection, applied: &crate::heal::Applied) -> &'static str {
    let mut sites = inspection.healing.before.iter();
    sites.find(|site| site.platform.name == applied.subject.platform).map_or("the platform", |site| site.platform.title)
}

/// Repairs outside the lines that can be commented, as comments on the files that the pull request changes.
fn tell_files(
    inspection: &Inspection,
    diff: &Diff,
    known: &BTreeSet<&str>,
    holding: &mut BTreeSet<String>,
    room: &mut usize,
    plan: &mut Plan,
) {
    for file in &inspection.healing.files {
        let path = inspection.path(&file.path);
        let of_file: BTreeSet<usize> = file.marks.iter().map(|(_, repair)| *repair).collect();
        let untold: Vec<usize> = of_file.into_iter().filter(|repair| !plan.fates.contains_key(repair)).collect();
        if untold.is_empty() || *room == 0 || file.before.is_none() || !diff.has_file(&path) {
            continue;
        }
        let text = patch::unified(file, &inspection.healing.fixes_applied, &inspection.prefix, false);
        if !escape::is_plain(&text) {
            continue;
        }
        *room -= 1;
        let digest = file.digests().1;
        let fingerprint = digest.get(..24).unwrap_or(&digest).to_owned();
        untold.iter().for_each(|repair| _ = plan.fates.insert(*repair, Repair::OnFile));
        holding.insert(fingerprint.clone());
        if known.contains(fingerprint.as_str()) {
            plan.standing += 1;
        } else {
            plan.files.push(file_comment(inspection, path, &untold, &text, &fingerprint));
        }
    }
}

fn file_comment(inspection: &Inspection, path: String, repairs: &[usize], text: &str, fingerprint: &str) -> Comment {
    let mut body = String::from("Repairs that cannot be suggested at their lines:\n\n");
    for applied in repairs.iter().filter_map(|repair| inspection.healing.fixes_applied.get(*repair)).take(MOST) {
        let line = applied.subject.line.map(|line| format!(" (line {line})")).unwrap_or_default();
        let message = escape::prose(&applied.subject.message);
        body.push_str(&format!("- **{}**{line} {message}\n", applied.subject.rule.id));
    }
    let text = limit::lines(text, limit::COMMENT / 2, "# … the rest is in the report files of this run");
    let block = escape::fence(&text, "diff");
    body.push_str(&format!("\n<details><summary>Repair for <code>git apply</code></summary>\n\n{block}\n</details>\n"));
    body.push_str(&mark(fingerprint));
    Comment { path, lines: None, body }
}

impl Plan {
    /// How many repairs are suggested, now or before.
    #[must_use]
    pub fn suggested(&self) -> usize {
        self.fates.values().filter(|fate| **fate == Repair::Suggested).count()
    }

    /// How many repairs are told on their files, now or before.
    #[must_use]
    pub fn on_files(&self) -> usize {
        self.fates.values().filter(|fate| **fate == Repair::OnFile).count()
    }

    /// Writes into the remarks what becomes of their repairs.
    pub fn apply(&self, inspection: &Inspection, remarks: &mut [Remark]) {
        for (repair, fate) in &self.fates {
            let Some(applied) = inspection.healing.fixes_applied.get(*repair) else { continue };
            let fingerprint = &applied.subject.fingerprint;
            let remark = remarks.iter_mut().find(|remark| remark.fingerprints.contains(fingerprint));
            if let Some(remark) = remark.filter(|remark| remark.repair == Repair::Patch) {
                remark.repair = fate.clone();
            }
        }
    }
}

/// What a review says above its suggestions.
#[must_use]
pub fn review_body(suggestions: usize, over: usize) -> String {
    let more = match over {
        0 => String::new(),
        over => format!(" {} more: see the patch in the check run.", plural(over, "proven repair")),
    };
    let what = plural(suggestions, "repair");
    format!("Chimera has {what} for what would fail or be degraded when this is deployed.{more}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::heal::Healing;

    fn inspection() -> Inspection {
        Inspection {
            prefix: String::new(),
            healing: Healing::untried(Vec::new()),
            notices: Vec::new(),
            certification: None,
        }
    }

    fn piece(line: u32) -> Piece {
        Piece {
            path: "x".to_owned(),
            lines: line..=line,
            before: vec![format!("{line}")],
            after: "new\n".to_owned(),
            repairs: vec![line as usize],
            passes: true,
            fingerprint: format!("{line:024x}"),
        }
    }

    fn diff(lines: u32) -> Diff {
        let shown: String = (1..=lines).map(|line| format!("+{line}\n")).collect();
        Diff::parse(&format!("+++ b/x\n@@ -0,0 +1,{lines} @@\n{shown}"))
    }

    fn standing(id: u64, line: u32) -> Standing {
        let body = format!("words\n{}", mark(&piece(line).fingerprint));
        Standing { id, body, is_of_bot: true, is_outdated: false, reply_to: None }
    }

    fn planned(pieces: Vec<Piece>, lines: u32, standing: &[Standing]) -> Plan {
        plan(&[(&inspection(), pieces)], &diff(lines), standing).remove(0)
    }

    #[test]
    fn the_lowest_lines_come_first_and_what_is_outside_the_diff_does_not_come() {
        let plan = planned(vec![piece(2), piece(5), piece(9)], 6, &[]);
        let lines: Vec<_> = plan.suggestions.iter().map(|comment| comment.lines).collect();
        assert_eq!(lines, [Some((5, 5)), Some((2, 2))]);
    }

    #[test]
    fn a_repair_with_a_piece_outside_the_diff_is_not_suggested_by_halves() {
        let (inside, mut outside) = (piece(2), piece(9));
        outside.repairs = inside.repairs.clone();
        assert!(planned(vec![inside, outside], 6, &[]).suggestions.is_empty());
    }

    #[test]
    fn what_there_is_no_room_for_is_plural() {
        let plan = planned((1..=40).map(piece).collect(), 40, &[]);
        assert_eq!((plan.suggestions.len(), plan.over, plan.suggested()), (MOST, 40 - MOST, MOST));
        assert!(review_body(MOST, plan.over).contains("10 proven repairs"));
    }

    #[test]
    fn what_stands_is_not_repeated_and_what_outlived_its_cause_is_taken_back() {
        let answered = Standing { reply_to: Some(4), is_of_bot: false, ..standing(9, 4) };
        let twin = standing(7, 2);
        let of_a_person = Standing { is_of_bot: false, ..standing(8, 5) };
        let outdated = Standing { is_outdated: true, ..standing(6, 3) };
        let all = [standing(2, 2), twin, outdated, standing(4, 4), answered, of_a_person, standing(5, 6)];
        let plan = planned(vec![piece(2), piece(3)], 6, &all);
        assert_eq!((plan.standing, plan.suggestions.len()), (1, 1), "the outdated one is said again");
        assert_eq!(plan.taken_back, [7, 6, 5], "a twin, an outdated one, one without a cause; not the answered one");
    }

    #[test]
    fn a_mark_is_read_only_where_it_is_one() {
        assert_eq!(fingerprint("a <!-- chimera:0af --> b"), Some("0af"));
        for body in ["", "<!-- chimera: -->", "<!-- chimera:x y -->", "<!-- chimera:00"] {
            assert_eq!(fingerprint(body), None, "{body}");
        }
    }
}
