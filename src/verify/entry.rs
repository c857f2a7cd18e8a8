//! What can be asked of every site, whatever it is: its entry page, and its certificate.

use crate::verify::expectation::Expectation;
use crate::verify::probe::{Kind, Origin, Probe, Weight};
use crate::verify::prober::MOST_REDIRECTS;

/// Days that a certificate must be valid, and days below which it is worth a warning (VERIFICATION, 4).
const LEAST_DAYS: u32 = 7;
const FEW_DAYS: u32 = 21;
/// The oldest version of TLS that browsers take.
const OLDEST_TLS: u8 = 12;

/// The probes of a site at this address; `before` is what the last good deploy answers at its entry page.
///
/// A site without an entry page is none that fails, unless it had one.
#[must_use]
pub fn probes(base: &str, before: Option<u16>) -> Vec<Probe> {
    let entry = || {
        Probe::get("entry page \"/\"", Origin::derived("the address of the site"), "/")
            .following(MOST_REDIRECTS)
            .of_kind(Kind::Critical)
    };
    let page = entry().expect(Expectation::StatusClass(2)).expect(Expectation::NotEmpty);
    let mut probes = if before.is_some_and(|status| (200..300).contains(&status)) {
        vec![page]
    } else {
        vec![entry().expect(Expectation::StatusNotClass(5)), page.weighing(Weight::Advisory)]
    };
    if base.starts_with("https://") {
        let secure = |days| {
            Probe::get("certificate of the host", Origin::derived("the address of the site"), "/")
                .expect(Expectation::ValidFor { days })
                .expect(Expectation::TlsAtLeast(OLDEST_TLS))
        };
        probes.push(secure(LEAST_DAYS));
        probes.push(secure(FEW_DAYS).weighing(Weight::Advisory));
    }
    probes
}
