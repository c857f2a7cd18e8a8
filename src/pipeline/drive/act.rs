//! Each action, done.

use super::{Driver, wait};
use crate::pipeline::action::Action;
use crate::pipeline::guard::{Control, Situation};
use crate::pipeline::input::{Input, Prepared, Readiness, Survey, Whereabouts};
use crate::pipeline::lease::Taken;
use crate::pipeline::limit::Limits;
use crate::pipeline::order::{Way, Wish};
use crate::pipeline::platform::{Delivery, Deploy, Fault, FaultKind, Progress};
use crate::pipeline::port::Subject;
use crate::pipeline::state::{Check, State};
use crate::pipeline::world::Millis;

/// Time between two looks at a lock that somebody else has.
const LOCK_PAUSE: Millis = 2_000;

impl Driver<'_, '_> {
    /// Does it, within its time.
    pub(super) fn perform(&mut self, action: &Action) -> Result<Input, Fault> {
        let limits = self.run.order.limits;
        let now = self.ports.world.now();
        match action {
            Action::Simulate => self.ports.workshop.simulate(now + limits.simulation).map(Input::Simulated),
            Action::Heal => self.ports.workshop.heal(now + limits.healing).map(Input::Healed),
            Action::Certify => self.ports.workshop.certify(now + limits.certification).map(Input::Certified),
            Action::Look => self.look(now + limits.preflight).map(Input::Found),
            Action::Lock => self.take_lock(&limits),
            Action::Survey => self.survey(now + limits.preflight).map(Input::Surveyed),
            Action::Prepare => self.prepare(&limits).map(Input::Prepared),
            Action::Preview { deploy, address } => {
                let until = now + limits.critical + limits.full;
                Ok(self.verify(deploy, address.clone(), Check::Full, false, until))
            }
            Action::LookAgain => self.look_again(now + limits.publish).map(Input::Looked),
            Action::Publish { deploy } => {
                self.platform()?.publish(deploy, now + limits.publish).map(|()| Input::Accepted)
            }
            Action::Confirm { deploy, before } => {
                wait::confirm(self.ports.world, self.platform()?, deploy, before.as_deref(), now + limits.confirm)
                    .map(Input::Confirmed)
            }
            Action::ReadLive => self.platform()?.live(now + limits.publish).map(Input::Read),
            Action::Verify { check, deploy } => self.verify_live(deploy, *check),
            Action::Situate => self.situate(now + limits.publish).map(Input::Situated),
            Action::Return { to } => self.give_back(to, now + limits.publish),
            Action::ConfirmReturn { to } => {
                let before = self.run.facts.ours.clone();
                let until = now + limits.return_confirm;
                wait::confirm(self.ports.world, self.platform()?, to, before.as_deref(), until).map(Input::Confirmed)
            }
            Action::VerifyReturn { to } => self.verify_live(to, Check::Critical),
            Action::Pin { deploy } => self.platform()?.pin(deploy, now + limits.publish).map(|()| Input::Accepted),
            Action::Cancel { deploy } => self.cancel(deploy.as_deref(), now + limits.cleanup),
            Action::Unlock { fence } => self.ports.lock.release(*fence).map(|()| Input::Accepted),
        }
    }

    fn look(&mut self, until: Millis) -> Result<Whereabouts, Fault> {
        let platform = self.platform()?;
        let live = platform.live(until)?;
        let commit = &self.run.order.commit;
        let is_live = live.commit.as_ref() == Some(commit);
        let pending = if is_live { None } else { platform.pending(commit, until)?.map(|deploy| deploy.id) };
        let known = self.ports.history.last_good(self.run.target())?;
        let last_good = match known {
            Some(id) => platform.deploy(&id, until)?.filter(|deploy| deploy.progress == Progress::Ready).map(|d| d.id),
            None => None,
        };
        Ok(Whereabouts { is_live, pending, live: live.id, last_good })
    }

    fn take_lock(&mut self, limits: &Limits) -> Result<Input, Fault> {
        let until = self.ports.world.now() + limits.lock_wait;
        loop {
            let holder = match self.ports.lock.take(&self.run.order.deploy_key, limits.lease)? {
                Taken::Ours(fence) => {
                    self.renewed = self.ports.world.now();
                    return Ok(Input::Locked { fence });
                }
                Taken::Busy(holder) => holder,
            };
            if self.ports.world.is_interrupted() {
                return Ok(Input::Interrupted);
            }
            if self.ports.world.now() >= until {
                return Ok(Input::LockBusy { holder });
            }
            self.ports.world.pause(LOCK_PAUSE);
        }
    }

    fn survey(&mut self, until: Millis) -> Result<Survey, Fault> {
        let platform = self.platform()?;
        platform.check_access(until)?;
        let target = self.run.target();
        let history = self.ports.history;
        let live = platform.live(until)?;
        let last_good = history.last_good(target)?;
        let is_restorable = match &last_good {
            Some(id) => is_ready(platform.deploy(id, until)?.as_ref()),
            None => false,
        };
        let used = self.run.facts.certificate.as_deref().map(|certificate| history.is_used(certificate)).transpose()?;
        Ok(Survey {
            live,
            last_good,
            is_restorable,
            is_superseded: history.is_superseded(&self.run.order.commit)?,
            is_replayed: used.unwrap_or(false),
            recent_returns: history.recent_returns(target)?,
        })
    }

    fn prepare(&mut self, limits: &Limits) -> Result<Prepared, Fault> {
        let artifact = self.ports.artifact.filter(|_| self.run.target().way == Way::Upload);
        if let Some(artifact) = artifact
            && !artifact.is_as_certified()?
        {
            return Ok(Prepared::Changed);
        }
        let now = self.ports.world.now();
        let (span, trigger) = match self.run.target().way {
            Way::Upload => (limits.upload, limits.upload),
            Way::Hook => (limits.build, limits.trigger),
        };
        let order = &self.run.order;
        let platform = self.platform()?;
        let deploy =
            platform.prepare(&Delivery { mark: &order.mark(), commit: &order.commit, artifact }, now + trigger)?;
        wait::ready(self.ports.world, platform, &deploy, &order.commit, now + span)
    }

    fn look_again(&mut self, until: Millis) -> Result<Readiness, Fault> {
        let is_certificate_valid = self.run.facts.certificate.is_none() || self.ports.workshop.is_certificate_valid();
        let live = self.platform()?.live(until)?;
        let fence = self.run.facts.fence.unwrap_or_default();
        // Last, so that nothing lies between it and publication.
        let is_locked_by_us = self.ports.lock.renew(fence, self.run.order.limits.lease)?;
        Ok(Readiness { live: live.id, is_locked_by_us, is_certificate_valid })
    }

    fn verify(&self, deploy: &str, address: Option<String>, check: Check, is_live: bool, until: Millis) -> Input {
        let subject = Subject { deploy: deploy.to_owned(), address, is_live, check };
        Input::Verified(self.ports.verifier.verify(&subject, until))
    }

    /// Verifies what is live, unless it is another deploy by now.
    fn verify_live(&self, deploy: &str, check: Check) -> Result<Input, Fault> {
        let limits = &self.run.order.limits;
        let span = match check {
            Check::Critical | Check::Identity => limits.critical,
            Check::Full => limits.full,
            Check::Bake => limits.bake,
            Check::Extended => 2 * limits.bake,
        };
        let until = self.ports.world.now() + span;
        let live = self.platform()?.live(until)?;
        Ok(self.verify(deploy, live.address, check, true, until))
    }

    fn situate(&mut self, until: Millis) -> Result<Situation, Fault> {
        let platform = self.platform()?;
        let by_hand = |mut fault: Fault| {
            let target = self.run.facts.last_good.as_deref();
            fault.by_hand = target.map(|id| platform.publish_by_hand(id)).or(fault.by_hand);
            fault
        };
        let live = platform.live(until).map_err(by_hand)?;
        let is_asked_for = matches!(self.run.order.wish, Wish::Return { .. });
        let is_certain = self.run.facts.rejection.is_some();
        let last_good = self.run.facts.last_good.clone();
        let known = match &last_good {
            Some(id) => platform.deploy(id, until).map_err(by_hand)?,
            None => None,
        };
        let history = self.ports.history;
        let mut control = Control::Unknown;
        if let Some(known) = known.as_ref().filter(|_| !is_asked_for && !is_certain) {
            let subject = Subject {
                deploy: known.id.clone(),
                address: known.address.clone(),
                is_live: false,
                check: Check::Critical,
            };
            control = self.ports.verifier.control(&subject, until);
        }
        let fence = self.run.facts.fence.unwrap_or_default();
        // An unreachable ledger must not keep a bad deploy live; another owner of the lock must.
        let is_ours = self.ports.lock.renew(fence, self.run.order.limits.lease).unwrap_or(true);
        let id = last_good.as_deref().unwrap_or_default();
        let ours = match live.id.as_deref().filter(|_| is_asked_for) {
            // What somebody else published is not undone, not even if a person asks for it without knowing.
            Some(id) => history.is_ours(id)?.then(|| id.to_owned()),
            None => self.run.facts.ours.clone(),
        };
        Ok(Situation {
            ours,
            live: live.id,
            is_restorable: is_ready(known.as_ref()),
            migration: history.migration_since(id),
            recent_returns: history.recent_returns(self.run.target()).unwrap_or(0),
            is_authorised: is_ours && history.may_return(id),
            last_good,
            control,
            is_asked_for,
        })
    }

    fn give_back(&self, to: &str, until: Millis) -> Result<Input, Fault> {
        let platform = self.platform()?;
        let result = platform.publish(to, until);
        result.map(|()| Input::Accepted).map_err(|mut fault| {
            fault.by_hand = Some(platform.publish_by_hand(to));
            fault
        })
    }

    fn cancel(&self, deploy: Option<&str>, until: Millis) -> Result<Input, Fault> {
        let platform = self.platform()?;
        let is_ours = matches!(self.run.state, State::Ended(_));
        let found = match deploy {
            Some(id) => platform.deploy(id, until)?,
            None if is_ours => platform.find(&self.run.order.mark(), until)?,
            None => None,
        };
        let open = found.filter(|deploy| !is_ready(Some(deploy)) && !matches!(deploy.progress, Progress::Failed(_)));
        if let Some(deploy) = open {
            platform.cancel(&deploy.id, until)?;
        }
        Ok(Input::Accepted)
    }
}

fn is_ready(deploy: Option<&Deploy>) -> bool {
    deploy.is_some_and(|deploy| deploy.progress == Progress::Ready)
}

/// The fault of a run that was told to stop.
pub(super) fn interrupted() -> Fault {
    Fault::new(FaultKind::Interrupted, "interrupted")
}
