//! The books: what was said where, what could not be said, and why.

use std::collections::BTreeMap;

/// A place where remarks are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sink {
    /// The check run.
    Check,
    /// The check run of the job itself.
    Job,
    /// Suggestions of a review.
    Suggestion,
    /// Comments on files.
    File,
    /// Annotations by workflow commands.
    Command,
    /// The log only.
    Log,
}

impl Sink {
    /// The word in the output `sinks`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Sink::Check => "check",
            Sink::Job => "job",
            Sink::Suggestion => "suggestion",
            Sink::File => "file",
            Sink::Command => "command",
            Sink::Log => "log",
        }
    }
}

/// What was said where.
#[derive(Debug, Default)]
pub struct Tally {
    told: BTreeMap<Sink, usize>,
    notes: Vec<String>,
}

impl Tally {
    /// Counts remarks.
    pub fn count(&mut self, sink: Sink, remarks: usize) {
        *self.told.entry(sink).or_default() += remarks;
    }

    /// How many remarks were told there.
    #[must_use]
    pub fn told(&self, sink: Sink) -> usize {
        self.told.get(&sink).copied().unwrap_or_default()
    }

    /// Remembers a sentence for the log; one that was said is not said again.
    pub fn note(&mut self, text: impl Into<String>) {
        let text = text.into();
        if !self.notes.contains(&text) {
            self.notes.push(text);
        }
    }

    /// The sentences, in their order.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The output `sinks`: `check:14,suggestion:6,log:0`.
    #[must_use]
    pub fn line(&self) -> String {
        let always = [Sink::Check, Sink::Suggestion, Sink::Log];
        let sinks = [Sink::Check, Sink::Job, Sink::Suggestion, Sink::File, Sink::Command, Sink::Log];
        let shown = sinks.into_iter().filter(|sink| always.contains(sink) || self.told(*sink) > 0);
        shown.map(|sink| format!("{}:{}", sink.name(), self.told(sink))).collect::<Vec<_>>().join(",")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_said_once_and_every_remark_is_counted() {
        let mut tally = Tally::default();
        tally.note("the token may not write check runs");
        tally.note("the token may not write check runs");
        tally.count(Sink::Suggestion, 2);
        tally.count(Sink::Log, 3);
        assert_eq!((tally.notes().len(), tally.line().as_str()), (1, "check:0,suggestion:2,log:3"));
    }
}
