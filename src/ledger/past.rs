//! What a run has to know of the runs before it: which deploys were good, and which runs are not over. A fold over the entries
//! of a ledger.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ledger::entry::Entry;

/// Topic of the entries that a run can be taken up from.
pub const RECORDED: &str = "chimera.run.recorded";

/// Good deploys of a target that are kept; platforms keep fewer.
const KEPT_GOOD: usize = 100;

/// Runs whose beginning is kept until their end comes.
const KEPT_RUNS: usize = 50;

/// The past of an environment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Past {
    /// Deploys that ended well, by target, the newest last.
    pub good: BTreeMap<String, VecDeque<Good>>,
    /// The newest deploy of each target that a run made live, or brought back.
    #[serde(default)]
    pub live: BTreeMap<String, Live>,
    /// Runs that have records and are not over.
    pub open: BTreeSet<String>,
    runs: VecDeque<Run>,
}

/// A deploy that ended well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Good {
    /// The platform's name of it.
    pub deploy: String,
    /// Its commit; empty when nobody recorded it.
    pub commit: String,
}

/// A deploy that is live, as far as the ledger knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Live {
    /// The platform's name of it.
    pub deploy: String,
    /// The run that published it; the one that brought it back when that was too long ago.
    pub run: String,
}

/// A run, as far as it got.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Run {
    key: String,
    commit: String,
    live: BTreeMap<String, String>,
}

impl Past {
    /// Takes the next entry.
    pub fn apply(&mut self, entry: &Entry) {
        let text = |name: &str| entry.payload.get(name).and_then(Value::as_str);
        let key = entry.deploy_key.as_deref().unwrap_or_default();
        let Some(target) = text("target") else {
            match entry.topic.as_str() {
                "deploy.initiated" => text("commit").unwrap_or_default().clone_into(&mut self.run(key).commit),
                RECORDED if entry.payload.get("over") == Some(&Value::Bool(true)) => {
                    self.open.remove(key);
                }
                RECORDED => {
                    self.open.insert(key.to_owned());
                }
                _ => {}
            }
            return;
        };
        match (entry.topic.as_str(), text("result").or_else(|| text("verdict"))) {
            ("chimera.deploy.complete", Some("live")) => {
                let live = text("deploy_id").map(|id| (target.to_owned(), id.to_owned()));
                self.run(key).live.extend(live);
                self.goes_live(target, text("deploy_id"), key);
            }
            ("chimera.verify.complete", Some("pass" | "warn")) => {
                let run = self.run(key);
                let good = run.live.get(target).map(|id| Good { deploy: id.clone(), commit: run.commit.clone() });
                good.into_iter().for_each(|good| self.keep(target, good));
            }
            ("chimera.rollback.complete", Some("rolled_back")) => {
                // What came back is the newest good one now.
                let list = self.good.entry(target.to_owned()).or_default();
                let place = list.iter().rposition(|good| Some(good.deploy.as_str()) == text("live"));
                let back = place.and_then(|place| list.remove(place));
                list.extend(back);
                let is_its =
                    |run: &&Run| text("live").is_some_and(|id| run.live.get(target).is_some_and(|own| own == id));
                let publisher = self.runs.iter().rfind(is_its).map_or(key, |run| &run.key).to_owned();
                self.goes_live(target, text("live"), &publisher);
            }
            _ => {}
        }
    }

    fn goes_live(&mut self, target: &str, deploy: Option<&str>, run: &str) {
        let live = deploy.map(|deploy| Live { deploy: deploy.to_owned(), run: run.to_owned() });
        self.live.extend(live.map(|live| (target.to_owned(), live)));
    }

    fn run(&mut self, key: &str) -> &mut Run {
        let place = self.runs.iter().rposition(|run| run.key == key).unwrap_or_else(|| {
            if self.runs.len() >= KEPT_RUNS {
                self.runs.pop_front();
            }
            self.runs.push_back(Run { key: key.to_owned(), ..Run::default() });
            self.runs.len() - 1
        });
        &mut self.runs[place]
    }

    fn keep(&mut self, target: &str, good: Good) {
        let list = self.good.entry(target.to_owned()).or_default();
        if list.len() >= KEPT_GOOD {
            list.pop_front();
        }
        list.push_back(good);
    }
}

/// What an entry can be found by, besides the key of its deploy.
#[must_use]
pub fn names(entry: &Entry) -> Vec<String> {
    let text = |name: &str| entry.payload.get(name).and_then(Value::as_str);
    let key = entry.deploy_key.as_deref().unwrap_or_default();
    let named = match entry.topic.as_str() {
        "chimera.deploy.complete" if text("result") == Some("live") => text("deploy_id").map(published),
        "chimera.rollback.complete" => text("live").map(published),
        "chimera.deploy.start" if text("step") == Some("publish") => text("certificate").map(used),
        "deploy.certified" => Some(certified(key)),
        RECORDED => Some(recorded(key)),
        _ => None,
    };
    named.into_iter().collect()
}

/// The name of the entries by which a deploy of a platform became live.
#[must_use]
pub fn published(deploy: &str) -> String {
    format!("published {deploy}")
}

/// The name of the entries by which a certificate was used.
#[must_use]
pub fn used(certificate: &str) -> String {
    format!("used {certificate}")
}

/// The name of the entries about the certification of a deploy.
#[must_use]
pub fn certified(deploy_key: &str) -> String {
    format!("certified {deploy_key}")
}

/// The name of the records of a run.
#[must_use]
pub fn recorded(deploy_key: &str) -> String {
    format!("recorded {deploy_key}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SITE: &str = "netlify:site/1";

    fn entry(key: &str, topic: &str, payload: Value) -> Entry {
        Entry {
            v: 1,
            topic: topic.to_owned(),
            at: "2026-11-21T10:00:00Z".to_owned(),
            seq: 0,
            actor: "nelson".to_owned(),
            run: None,
            deploy_key: Some(key.to_owned()),
            state: None,
            payload: payload.as_object().cloned().unwrap_or_default(),
            nonce: String::new(),
            prev: String::new(),
        }
    }

    fn deploy(past: &mut Past, key: &str, verdict: &str) {
        past.apply(&entry(key, "deploy.initiated", json!({"commit": format!("c-{key}")})));
        let live = json!({"target": SITE, "result": "live", "deploy_id": format!("d-{key}")});
        past.apply(&entry(key, "chimera.deploy.complete", live));
        past.apply(&entry(key, "chimera.verify.complete", json!({"target": SITE, "verdict": verdict})));
    }

    fn good(past: &Past) -> Vec<&str> {
        past.good.get(SITE).into_iter().flatten().map(|good| good.deploy.as_str()).collect()
    }

    #[test]
    fn what_was_found_good_can_come_back_and_is_then_the_newest() {
        let mut past = Past::default();
        for (key, verdict) in [("1", "pass"), ("2", "warn"), ("3", "fail"), ("4", "inconclusive")] {
            deploy(&mut past, key, verdict);
        }
        assert_eq!(good(&past), ["d-1", "d-2"]);
        assert_eq!(past.good[SITE][1].commit, "c-2");
        let back = json!({"target": SITE, "result": "rolled_back", "live": "d-1"});
        past.apply(&entry("rb", "chimera.rollback.complete", back));
        assert_eq!(good(&past), ["d-2", "d-1"]);
        assert_eq!(past.live[SITE], Live { deploy: "d-1".to_owned(), run: "1".to_owned() });
    }

    #[test]
    fn a_run_is_open_from_its_first_record_to_the_one_that_says_it_is_over() {
        let mut past = Past::default();
        past.apply(&entry("1", RECORDED, json!({"records": [], "over": false})));
        past.apply(&entry("2", RECORDED, json!({"records": [], "over": false})));
        past.apply(&entry("1", RECORDED, json!({"records": [], "over": true})));
        assert_eq!(past.open.iter().collect::<Vec<_>>(), ["2"]);
    }

    #[test]
    fn the_past_does_not_grow_without_end() {
        let mut past = Past::default();
        for number in 0..1_000 {
            deploy(&mut past, &number.to_string(), "pass");
        }
        assert_eq!((past.good[SITE].len(), past.runs.len()), (KEPT_GOOD, KEPT_RUNS));
        assert_eq!(past.good[SITE].back().map(|good| good.deploy.as_str()), Some("d-999"));
    }
}
