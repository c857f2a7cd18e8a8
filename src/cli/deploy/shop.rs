//! Simulation and certification, as a run needs them: both were done before it began, for its name comes from them.

use jiff::Timestamp;

use crate::certificate::bundle::Bundle;
use crate::cli::random;
use crate::pipeline::input::{Certified, Healed, Simulated};
use crate::pipeline::platform::Fault;
use crate::pipeline::port::Workshop;
use crate::pipeline::world::Millis;
use crate::report::certificate as report;

/// What came of them.
pub(crate) struct Shop {
    certified: Certified,
    has_issues: bool,
    not_after: Option<Timestamp>,
}

impl Shop {
    /// From a certificate.
    pub(crate) fn new(bundle: &Bundle, issues: usize, not_after: Option<&str>) -> Shop {
        let certified = match report::has_passed(bundle) {
            true => Certified::Granted { certificate: bundle.id() },
            false => {
                Certified::Refused { reason: report::reason(bundle).unwrap_or_else(|| "not certified".to_owned()) }
            }
        };
        Shop { certified, has_issues: issues > 0, not_after: not_after.and_then(|text| text.parse().ok()) }
    }

    /// For a run that was certified by an earlier process.
    pub(crate) fn closed(not_after: Option<&str>) -> Shop {
        let reason = "nothing is certified while a run is taken up".to_owned();
        let not_after = not_after.and_then(|text| text.parse().ok());
        Shop { certified: Certified::Refused { reason }, has_issues: false, not_after }
    }

    /// Without a certificate: the policy said that it may be.
    pub(crate) fn waived(mut self) -> Shop {
        self.certified = Certified::Waived;
        self
    }
}

impl Workshop for Shop {
    fn simulate(&mut self, _: Millis) -> Result<Simulated, Fault> {
        if self.has_issues {
            return Ok(Simulated::Issues { is_fixable: false, fingerprint: "certificate".to_owned() });
        }
        Ok(Simulated::Clean)
    }

    fn heal(&mut self, _: Millis) -> Result<Healed, Fault> {
        Ok(Healed::Stopped)
    }

    fn certify(&mut self, _: Millis) -> Result<Certified, Fault> {
        Ok(self.certified.clone())
    }

    fn is_certificate_valid(&self) -> bool {
        self.not_after.is_some_and(|end| random::now() <= end)
    }
}
