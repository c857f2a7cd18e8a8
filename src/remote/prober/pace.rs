//! Not too many requests a second to one host.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The next free moment of each host.
pub(super) struct Pace {
    gap: Option<Duration>,
    next: Mutex<HashMap<String, Instant>>,
}

impl Pace {
    pub(super) fn new(per_second: u32) -> Pace {
        let gap = Duration::from_secs(1).checked_div(per_second);
        Pace { gap, next: Mutex::default() }
    }

    /// Waits for the next free moment of this host.
    pub(super) async fn wait(&self, host: &str) {
        let Some(gap) = self.gap else { return };
        let now = Instant::now();
        let moment = {
            let mut all = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            let next = all.entry(host.to_owned()).or_insert(now);
            let moment = (*next).max(now);
            *next = moment + gap;
            moment
        };
        tokio::time::sleep_until(moment.into()).await;
    }
}
