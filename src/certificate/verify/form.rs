//! Rule 1: a small file of envelopes, each with one of the three approvals, and no key twice.

use crate::certificate::bundle::Bundle;

pub(super) fn check(bytes: &[u8]) -> Result<(Bundle, String), String> {
    let bundle = Bundle::parse(bytes).map_err(|error| error.to_string())?;
    Ok((bundle, format!("three approvals in {} bytes", bytes.len())))
}
