//! Dockerfiles: instructions with their places, stages, and what a build context holds
//! (<https://docs.docker.com/reference/dockerfile/>).

mod context;
mod heredoc;
mod ignore;
mod instruction;
mod line;
mod stage;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

pub use context::{Context, Found};
pub use ignore::Ignore;
pub use instruction::{Arguments, Flag, Instruction, Word};
pub use stage::Stage;

use crate::text::span::FileId;

/// A Dockerfile.
#[derive(Debug, Clone, Default)]
pub struct Dockerfile {
    /// The instructions, in order.
    pub instructions: Vec<Instruction>,
    /// The stages, in order; the last one is what gets run.
    pub stages: Vec<Stage>,
}

impl Dockerfile {
    /// Reads a text. What cannot be parsed is passed over: whether it builds is another question.
    #[must_use]
    pub fn parse(text: &str, file: FileId) -> Dockerfile {
        let instructions = line::instructions(text, file);
        let stages = stage::stages(&instructions);
        Dockerfile { instructions, stages }
    }

    /// The instructions of a stage.
    #[must_use]
    pub fn of(&self, stage: &Stage) -> &[Instruction] {
        self.instructions.get(stage.first..stage.end).unwrap_or_default()
    }

    /// The stage that is run, and those of this file that it is built upon, nearest first.
    #[must_use]
    pub fn lineage(&self) -> Vec<&Stage> {
        self.lineage_of(self.stages.len().saturating_sub(1))
    }

    /// A stage by its number, and those of this file that it is built upon, nearest first.
    #[must_use]
    pub fn lineage_of(&self, mut at: usize) -> Vec<&Stage> {
        let mut found = Vec::new();
        while let Some(stage) = self.stages.get(at) {
            found.push(stage);
            match stage.parent {
                Some(parent) if parent < at => at = parent,
                _ => break,
            }
        }
        found
    }

    /// The stages that the last one needs: BuildKit passes over all others.
    #[must_use]
    pub fn needed(&self) -> Vec<usize> {
        let mut found: Vec<usize> = Vec::new();
        let mut waiting: Vec<usize> = self.stages.len().checked_sub(1).into_iter().collect();
        while let Some(at) = waiting.pop() {
            let Some(stage) = self.stages.get(at).filter(|_| !found.contains(&at)) else { continue };
            found.push(at);
            waiting.extend(stage.parent);
            for instruction in self.of(stage) {
                let mounts = instruction.flags.iter().filter(|flag| flag.name == "mount");
                let mounts =
                    mounts.filter_map(|flag| flag.value.split(',').find_map(|part| part.strip_prefix("from=")));
                for name in instruction.flag("from").into_iter().chain(mounts) {
                    let lower = name.to_lowercase();
                    let by_name = self.stages.iter().position(|stage| stage.name.as_ref() == Some(&lower));
                    waiting.extend(by_name.or_else(|| name.parse().ok()).filter(|other| *other < at));
                }
            }
        }
        found
    }
}
