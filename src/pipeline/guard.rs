//! When the last good deploy may come back, and when a person has to decide.

use serde::{Deserialize, Serialize};

use crate::pipeline::limit::BREAKER;
use crate::pipeline::state::Hold;

/// What the last good deploy says to the check that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Control {
    /// It passes: the new deploy is to blame.
    Passes,
    /// It fails as well.
    Fails,
    /// It was not asked, or did not tell.
    Unknown,
}

/// What happened to the database since the last good deploy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Migration {
    /// Nothing that the last good deploy could not live with.
    Compatible,
    /// Something that it cannot live with.
    Breaking,
}

/// Everything that the guards look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Situation {
    /// What the platform says is live.
    pub live: Option<String>,
    /// The deploy to return from.
    pub ours: Option<String>,
    /// The deploy to return to.
    pub last_good: Option<String>,
    /// The platform can still bring that back.
    pub is_restorable: bool,
    /// What it says to the check that failed.
    pub control: Control,
    /// What happened to the database since.
    pub migration: Migration,
    /// Automatic returns of this target within the last day.
    pub recent_returns: u32,
    /// Somebody allowed it: the certificate, or a person with the right.
    pub is_authorised: bool,
    /// A person asked for it; then the breaker and the control do not vote.
    pub is_asked_for: bool,
}

/// Names the deploy to return to, or the guard that refuses.
///
/// # Errors
/// The first guard that refuses.
pub fn decide(situation: &Situation) -> Result<String, Hold> {
    let target = situation.last_good.clone().filter(|_| situation.is_restorable);
    // What is live already needs no return, and asking for it again changes nothing.
    let is_back = target.is_some() && situation.live == target;
    if !is_back && (situation.live.is_none() || situation.live != situation.ours) {
        return Err(Hold::NotOurs);
    }
    let Some(target) = target else { return Err(Hold::NoLastGood) };
    if !is_back && situation.ours.as_deref() == Some(target.as_str()) {
        return Err(Hold::NoLastGood);
    }
    if !situation.is_asked_for && situation.control == Control::Fails {
        return Err(Hold::External);
    }
    if situation.migration == Migration::Breaking {
        return Err(Hold::Schema);
    }
    if !situation.is_asked_for && situation.recent_returns >= BREAKER {
        return Err(Hold::Breaker);
    }
    if !situation.is_authorised {
        return Err(Hold::NotAuthorised);
    }
    Ok(target)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fine() -> Situation {
        Situation {
            live: Some("new".to_owned()),
            ours: Some("new".to_owned()),
            last_good: Some("old".to_owned()),
            is_restorable: true,
            control: Control::Passes,
            migration: Migration::Compatible,
            recent_returns: 0,
            is_authorised: true,
            is_asked_for: false,
        }
    }

    #[test]
    fn the_last_good_deploy_comes_back_when_all_guards_agree() {
        assert_eq!(decide(&fine()), Ok("old".to_owned()));
    }

    #[test]
    fn each_guard_refuses_alone() {
        let cases = [
            (Situation { live: Some("third".to_owned()), ..fine() }, Hold::NotOurs),
            (Situation { live: None, ..fine() }, Hold::NotOurs),
            (Situation { last_good: None, ..fine() }, Hold::NoLastGood),
            (Situation { is_restorable: false, ..fine() }, Hold::NoLastGood),
            (Situation { control: Control::Fails, ..fine() }, Hold::External),
            (Situation { migration: Migration::Breaking, ..fine() }, Hold::Schema),
            (Situation { recent_returns: BREAKER, ..fine() }, Hold::Breaker),
            (Situation { is_authorised: false, ..fine() }, Hold::NotAuthorised),
        ];
        for (situation, hold) in cases {
            assert_eq!(decide(&situation), Err(hold));
        }
    }

    #[test]
    fn a_person_is_not_stopped_by_the_breaker_nor_by_the_control() {
        let asked = Situation { is_asked_for: true, recent_returns: 9, control: Control::Fails, ..fine() };
        assert_eq!(decide(&asked), Ok("old".to_owned()));
        assert_eq!(decide(&Situation { is_authorised: false, ..asked }), Err(Hold::NotAuthorised));
    }

    #[test]
    fn asking_again_for_what_is_live_already_is_fine() {
        let again = Situation { live: Some("old".to_owned()), ..fine() };
        assert_eq!(decide(&again), Ok("old".to_owned()));
    }
}
