//! What a ledger amounts to: the last deploys, what is certified, what is live. A fold over its entries.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ledger::entry::Entry;

/// Deploys that are kept; a list stays readable.
const KEPT_DEPLOYS: usize = 20;

/// Targets that are kept; an environment has few.
const KEPT_TARGETS: usize = 100;

/// A deploy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deploy {
    /// Its key.
    pub key: String,
    /// Who began it.
    pub actor: String,
    /// Time of its first entry.
    pub began: String,
    /// Time of its last entry.
    pub at: String,
    /// Topic of its last entry.
    pub topic: String,
    /// The state that it is in, as the last step said.
    pub state: Option<String>,
    /// The commit.
    pub commit: Option<String>,
    /// Whether it was certified; nothing when that was not decided yet.
    pub certified: Option<bool>,
    /// Its certificate.
    pub certificate: Option<String>,
    /// Level of the certificate.
    pub level: Option<String>,
}

/// What is live on a target.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Live {
    /// The deploy that brought it, or returned to it.
    pub deploy_key: Option<String>,
    /// The platform's name of it.
    pub deploy_id: Option<String>,
    /// Where it is served.
    pub url: Option<String>,
    /// Since when.
    pub since: String,
    /// Whether it came by a rollback.
    pub rolled_back: bool,
    /// What the last verification said.
    pub verdict: Option<String>,
}

/// The sum of a ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// How many deploys there were.
    pub deploys: u64,
    /// The last of them, newest first.
    pub recent: VecDeque<Deploy>,
    /// The last one that was certified.
    pub certified: Option<Deploy>,
    /// What is live, by target.
    pub live: BTreeMap<String, Live>,
}

impl Status {
    /// Takes the next entry; `is_new` says whether it is the first one of its deploy.
    pub fn apply(&mut self, entry: &Entry, is_new: bool) {
        if let Some(key) = &entry.deploy_key {
            self.deploy(key, entry, is_new);
        }
        let text = |name: &str| entry.payload.get(name).and_then(Value::as_str).map(str::to_owned);
        let Some(target) = text("target") else { return };
        let says = |name: &str, word: &str| entry.payload.get(name).and_then(Value::as_str) == Some(word);
        match entry.topic.as_str() {
            "chimera.deploy.complete" if says("result", "live") => {
                let (deploy_id, url) = (text("deploy_id"), text("url"));
                self.set_live(target, Live { deploy_id, url, ..Live::since(entry) });
            }
            "chimera.rollback.complete" if says("result", "rolled_back") => {
                let url = self.live.get(&target).and_then(|live| live.url.clone());
                self.set_live(target, Live { deploy_id: text("live"), url, rolled_back: true, ..Live::since(entry) });
            }
            "chimera.verify.complete" => {
                let live = self.live.get_mut(&target).filter(|live| live.deploy_key == entry.deploy_key);
                live.into_iter().for_each(|live| live.verdict = text("verdict"));
            }
            _ => {}
        }
    }

    fn set_live(&mut self, target: String, live: Live) {
        if self.live.len() < KEPT_TARGETS || self.live.contains_key(&target) {
            self.live.insert(target, live);
        }
    }

    fn deploy(&mut self, key: &str, entry: &Entry, is_new: bool) {
        let place = self.recent.iter().position(|deploy| deploy.key == key);
        let mut deploy = match place {
            Some(place) => self.recent.remove(place).unwrap_or_default(),
            None => Deploy { began: entry.at.clone(), actor: entry.actor.clone(), ..Deploy::default() },
        };
        self.deploys += u64::from(is_new);
        key.clone_into(&mut deploy.key);
        deploy.take(entry);
        if entry.topic == "deploy.certified" && deploy.certified == Some(true) {
            self.certified = Some(deploy.clone());
        }
        self.recent.push_front(deploy);
        self.recent.truncate(KEPT_DEPLOYS);
    }
}

impl Live {
    fn since(entry: &Entry) -> Live {
        Live { deploy_key: entry.deploy_key.clone(), since: entry.at.clone(), ..Live::default() }
    }
}

impl Deploy {
    /// What one entry of a deploy says about it.
    #[must_use]
    pub fn of(entry: &Entry) -> Deploy {
        let key = entry.deploy_key.clone().unwrap_or_default();
        let mut deploy = Deploy { key, began: entry.at.clone(), actor: entry.actor.clone(), ..Deploy::default() };
        deploy.take(entry);
        deploy
    }

    /// Takes the next entry of the deploy.
    pub fn take(&mut self, entry: &Entry) {
        entry.at.clone_into(&mut self.at);
        entry.topic.clone_into(&mut self.topic);
        let text = |name: &str| entry.payload.get(name).and_then(Value::as_str).map(str::to_owned);
        self.state = entry.state.as_ref().map(|state| state.to.clone()).or_else(|| self.state.take());
        self.commit = text("commit").or_else(|| self.commit.take());
        if entry.topic == "deploy.certified" {
            self.certified = entry.payload.get("certified").and_then(Value::as_bool);
            self.certificate = text("certificate");
            self.level = text("level");
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::digest::Digest;
    use crate::ledger::entry::{Draft, nonce};
    use serde_json::json;

    fn entry(number: u64, topic: &str, key: &str, payload: Value) -> Entry {
        let draft = Draft {
            topic: topic.to_owned(),
            actor: "octocat".to_owned(),
            run: None,
            deploy_key: Some(key.to_owned()),
            state: None,
            payload: payload.as_object().unwrap().clone(),
            nonce: nonce(&[number as u8; 16]),
        };
        let at = jiff::Timestamp::from_second(1_795_000_000 + number as i64).unwrap();
        draft.seal(at, number, &Digest::sha3(b"")).unwrap().entry
    }

    #[test]
    fn a_deploy_and_its_rollback_are_told() {
        let target = "netlify:site/1";
        let certified = json!({"certified": true, "level": "L2", "certificate": "chc_a"});
        let live = json!({"result": "live", "target": target, "deploy_id": "d2", "url": "https://site"});
        let verified = json!({"verdict": "fail", "target": target, "failed": []});
        let back = json!({"result": "rolled_back", "target": target, "live": "d1"});
        let mut status = Status::default();
        let entries = [
            entry(0, "deploy.initiated", "dk_a", json!({"commit": "c0ffee"})),
            entry(1, "deploy.certified", "dk_a", certified),
            entry(2, "chimera.deploy.complete", "dk_a", live),
            entry(3, "chimera.verify.complete", "dk_a", verified),
        ];
        entries.iter().enumerate().for_each(|(at, entry)| status.apply(entry, at == 0));
        assert_eq!(status.live[target].verdict.as_deref(), Some("fail"));
        assert_eq!(status.live[target].deploy_id.as_deref(), Some("d2"));
        status.apply(&entry(4, "chimera.rollback.complete", "dk_a", back), false);
        let live = &status.live[target];
        assert_eq!(
            (live.deploy_id.as_deref(), live.rolled_back, live.url.as_deref()),
            (Some("d1"), true, Some("https://site"))
        );
        assert_eq!(status.certified.as_ref().unwrap().certificate.as_deref(), Some("chc_a"));
        assert_eq!((status.deploys, status.recent[0].commit.as_deref()), (1, Some("c0ffee")));
    }

    #[test]
    fn only_the_last_deploys_are_kept_and_all_are_counted() {
        let mut status = Status::default();
        for number in 0..100 {
            status.apply(&entry(number, "deploy.initiated", &format!("dk_{number}"), json!({})), true);
        }
        assert_eq!((status.deploys, status.recent.len(), status.recent[0].key.as_str()), (100, 20, "dk_99"));
    }
}
