//! Hosting platforms as models of the vocabulary in `sim`: one folder each.

pub mod declaration;
pub mod job;
pub mod model;
pub mod netlify;
pub mod newer;
pub mod pages;
pub mod pick;
pub mod render;
pub mod survey;
pub mod theme;
pub mod toolbox;
pub mod wheel;

use crate::sim::stage::Stage;

/// What reports say about a platform as a whole.
#[derive(Debug, PartialEq, Eq)]
pub struct Profile {
    /// Name on the command line and in reports: `netlify`.
    pub name: &'static str,
    /// Name for people: `Netlify`.
    pub title: &'static str,
    /// Name of its configuration file.
    pub config_name: &'static str,
    /// The stages of a deploy, in order; those from [`Profile::green`] on come after the deploy turned green.
    pub stages: &'static [Stage],
    /// The first stage of a deploy that has turned green.
    pub green: Stage,
}

impl Profile {
    /// Position of a stage in a deploy.
    #[must_use]
    pub fn order(&self, stage: Stage) -> usize {
        self.stages.iter().position(|known| *known == stage).unwrap_or(self.stages.len())
    }

    /// Whether the deploy has turned green when this stage comes.
    #[must_use]
    pub fn is_green(&self, stage: Stage) -> bool {
        self.order(stage) >= self.order(self.green)
    }
}
