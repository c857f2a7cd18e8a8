//! The machine that a run runs on: its clocks, its randomness, and its wish that the run shall stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::pipeline::world::{Millis, World};

/// How long a wait lasts until the next look whether the run shall stop.
const SLICE: Duration = Duration::from_millis(50);

/// This machine.
pub(crate) struct Machine {
    started: Instant,
    is_stopped: Arc<AtomicBool>,
}

impl Machine {
    /// Begins to listen to SIGINT and SIGTERM.
    pub(crate) fn new() -> Machine {
        let is_stopped = Arc::new(AtomicBool::new(false));
        let heard = Arc::clone(&is_stopped);
        // Without a thread that listens, the signals end the process at once: then recovery has its work.
        let _ = std::thread::Builder::new().name("signals".to_owned()).spawn(move || listen(&heard));
        Machine { started: Instant::now(), is_stopped }
    }

    /// Tells others whether the run shall stop.
    pub(crate) fn stop(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.is_stopped)
    }
}

#[cfg(unix)]
fn listen(heard: &Arc<AtomicBool>) {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
    runtime.block_on(async {
        let mut tasks = tokio::task::JoinSet::new();
        for kind in [SignalKind::interrupt(), SignalKind::terminate()] {
            let Ok(mut signals) = signal(kind) else { continue };
            let heard = Arc::clone(heard);
            tasks.spawn(async move {
                while signals.recv().await.is_some() {
                    heard.store(true, Ordering::SeqCst);
                }
            });
        }
        while tasks.join_next().await.is_some() {}
    });
}

#[cfg(not(unix))]
fn listen(heard: &Arc<AtomicBool>) {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
    while runtime.block_on(tokio::signal::ctrl_c()).is_ok() {
        heard.store(true, Ordering::SeqCst);
    }
}

impl World for Machine {
    fn now(&self) -> Millis {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn unix(&self) -> u64 {
        SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
    }

    fn pause(&self, span: Millis) {
        let until = Instant::now() + Duration::from_millis(span);
        while !self.is_interrupted() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            std::thread::sleep(left.min(SLICE));
        }
    }

    fn is_interrupted(&self) -> bool {
        self.is_stopped.load(Ordering::SeqCst)
    }

    fn chance(&self) -> f64 {
        // Without randomness everybody waits equally long, which is slow and not wrong.
        f64::from(getrandom::u32().unwrap_or(u32::MAX)) / f64::from(u32::MAX)
    }
}
