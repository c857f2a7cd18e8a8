//! Comments that are meant for us: `# chimera: advisory`.

use super::super::ast::{Directives, Phases, Weight};
use super::super::fault::Fault;

/// Reads what stands behind `chimera:` at `at`.
pub(super) fn read(directives: &mut Directives, at: usize, note: &str) -> Result<(), Fault> {
    let wrong = |word: &str| {
        let message = format!(
            "\"{word}\" is not known behind \"chimera:\": \"blocking\", \"advisory\", \"shadow\", \"on=preview,live\" or \"compare=latency\" are"
        );
        Fault::syntax(at..at + 1, message)
    };
    if note.trim().is_empty() {
        return Err(wrong(""));
    }
    for word in note.split_whitespace() {
        match word {
            "blocking" => directives.weight = Some(Weight::Blocking),
            "advisory" => directives.weight = Some(Weight::Advisory),
            "shadow" => directives.weight = Some(Weight::Shadow),
            "compare=latency" => directives.is_latency_compared = true,
            _ => {
                let names = word.strip_prefix("on=").ok_or_else(|| wrong(word))?;
                directives.phases = Some(phases(names).ok_or_else(|| wrong(word))?);
            }
        }
    }
    Ok(())
}

fn phases(names: &str) -> Option<Phases> {
    let mut phases = Phases { preview: false, live: false };
    for name in names.split(',') {
        match name {
            "preview" => phases.preview = true,
            "live" => phases.live = true,
            _ => return None,
        }
    }
    Some(phases)
}
