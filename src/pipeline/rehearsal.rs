//! A platform on which nothing is changed: questions are passed on, effects are only imagined.

use std::cell::RefCell;

use crate::pipeline::plan::NEW;
use crate::pipeline::platform::{Artifact, Delivery, Deploy, Fault, Live, Platform, Progress};
use crate::pipeline::world::Millis;

/// A platform behind glass.
pub struct Rehearsal<'a> {
    platform: &'a dyn Platform,
    /// What would be live by now.
    live: RefCell<Option<String>>,
}

impl<'a> Rehearsal<'a> {
    /// Puts a platform behind glass.
    #[must_use]
    pub fn new(platform: &'a dyn Platform) -> Rehearsal<'a> {
        Rehearsal { platform, live: RefCell::new(None) }
    }
}

impl Platform for Rehearsal<'_> {
    fn name(&self) -> &'static str {
        self.platform.name()
    }

    fn live(&self, until: Millis) -> Result<Live, Fault> {
        let mut live = self.platform.live(until)?;
        if let Some(id) = &*self.live.borrow() {
            live.id = Some(id.clone());
        }
        Ok(live)
    }

    fn check_access(&self, until: Millis) -> Result<(), Fault> {
        self.platform.check_access(until)
    }

    fn deploy(&self, id: &str, until: Millis) -> Result<Option<Deploy>, Fault> {
        if id != NEW {
            return self.platform.deploy(id, until);
        }
        // It has no address: there is nothing to look at.
        let address = Some("https://(its own address)".to_owned());
        Ok(Some(Deploy { id: NEW.to_owned(), progress: Progress::Ready, commit: None, address }))
    }

    fn find(&self, mark: &str, until: Millis) -> Result<Option<Deploy>, Fault> {
        self.platform.find(mark, until)
    }

    fn pending(&self, commit: &str, until: Millis) -> Result<Option<Deploy>, Fault> {
        self.platform.pending(commit, until)
    }

    fn prepare(&self, delivery: &Delivery<'_>, _: Millis) -> Result<String, Fault> {
        // What cannot be read would fail in earnest as well.
        delivery.artifact.map(Artifact::pieces).transpose()?;
        Ok(NEW.to_owned())
    }

    fn publish(&self, id: &str, _: Millis) -> Result<(), Fault> {
        *self.live.borrow_mut() = Some(id.to_owned());
        Ok(())
    }

    fn pin(&self, _: &str, _: Millis) -> Result<(), Fault> {
        Ok(())
    }

    fn unpin(&self, _: &str, _: Millis) -> Result<(), Fault> {
        Ok(())
    }

    fn cancel(&self, _: &str, _: Millis) -> Result<(), Fault> {
        Ok(())
    }

    fn publish_by_hand(&self, id: &str) -> String {
        self.platform.publish_by_hand(id)
    }
}
