//! The little of a certificate that people ask for: how long it is valid (RFC 5280, 4.1).

use jiff::civil::Date;

/// How long a certificate is valid, in seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// From then on.
    pub not_before: i64,
    /// Until then.
    pub not_after: i64,
}

const INTEGER: u8 = 0x02;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;

/// Reads how long a certificate in DER is valid; none when it is no certificate.
#[must_use]
pub fn read(der: &[u8]) -> Option<Validity> {
    let (certificate, _) = element(der, SEQUENCE)?;
    let (mut rest, _) = element(certificate, SEQUENCE)?;
    if rest.first() == Some(&VERSION) {
        rest = element(rest, VERSION)?.1;
    }
    // Serial number, signature algorithm, issuer.
    for tag in [INTEGER, SEQUENCE, SEQUENCE] {
        rest = element(rest, tag)?.1;
    }
    let (validity, _) = element(rest, SEQUENCE)?;
    let (not_before, rest) = time(validity)?;
    let (not_after, _) = time(rest)?;
    Some(Validity { not_before, not_after })
}

/// The content of the element with this tag that stands first, and what stands after it.
fn element(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&[found, first], rest) = bytes.split_first_chunk::<2>()?;
    if found != tag {
        return None;
    }
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
        // Four bytes of length are more than any certificate has.
        let length = digits.iter().try_fold(0_u32, |sum, digit| Some(sum.checked_mul(256)? + u32::from(*digit)))?;
        (usize::try_from(length).ok()?, rest)
    };
    rest.split_at_checked(length)
}

/// The moment that stands first, and what stands after it.
fn time(bytes: &[u8]) -> Option<(i64, &[u8])> {
    let (text, rest, digits) = match *bytes.first()? {
        UTC_TIME => element(bytes, UTC_TIME).map(|(text, rest)| (text, rest, 2))?,
        GENERALIZED_TIME => element(bytes, GENERALIZED_TIME).map(|(text, rest)| (text, rest, 4))?,
        _ => return None,
    };
    let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    if text.len() != digits + 10 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (year, others) = text.split_at(digits);
    let mut year: i16 = year.parse().ok()?;
    if digits == 2 {
        year += if year < 50 { 2000 } else { 1900 };
    }
    let part = |at: usize| others.get(at..at + 2)?.parse::<i8>().ok();
    let date = Date::new(year, part(0)?, part(2)?).ok()?;
    let time = jiff::civil::Time::new(part(4)?, part(6)?, part(8)?, 0).ok()?;
    let moment = jiff::tz::TimeZone::UTC.to_timestamp(date.to_datetime(time)).ok()?;
    Some((moment.as_second(), rest))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    /// Made by `openssl req -x509 -newkey ed25519 -nodes -subj /CN=a -days 11000`.
    const CERTIFICATE: &str = "\
        MIIBLjCB4aADAgECAhRIf7Dr7vMxG6uzFnKcD6gtuwNf1jAFBgMrZXAwDDEKMAgGA1UEAwwBYTAgFw0yNjExMjEyMTMwNThaGA8y\
        MDU3MDEwMjIxMzA1OFowDDEKMAgGA1UEAwwBYTAqMAUGAytlcAMhAKqcOBPTGv/JhXZc3BqIGfCWBv5vQLY+ZHRwDLWnpY5No1Mw\
        UTAdBgNVHQ4EFgQUM850+tADxrCUzzzrtkuvGVqhjDEwHwYDVR0jBBgwFoAUM850+tADxrCUzzzrtkuvGVqhjDEwDwYDVR0TAQH/\
        BAUwAwEB/zAFBgMrZXADQQCUGsOAirEsdkTJ4mMc9Xb0QL14qIh1TjNpyCoZGB8N4yRZXWaQGijzPNMHQS7LsklBefH9SIxYo8V3\
        jLsbPGEF";

    #[test]
    fn the_validity_of_a_certificate_is_read() {
        let der = STANDARD.decode(CERTIFICATE).unwrap();
        assert_eq!(read(&der), Some(Validity { not_before: 1_795_296_658, not_after: 2_745_696_658 }));
    }

    #[test]
    fn a_certificate_that_is_cut_anywhere_is_none_and_breaks_nothing() {
        let der = STANDARD.decode(CERTIFICATE).unwrap();
        assert_eq!(read(&der[..40]), None);
        for at in 0..der.len() {
            let _ = read(&der[..at]);
            let mut other = der.clone();
            other[at] ^= 0xff;
            let _ = read(&other);
        }
    }
}
