//! Random bytes of the operating system, and the time.

use jiff::Timestamp;

use super::CliError;

/// Random bytes.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], CliError> {
    let mut bytes = [0; N];
    let failed = |error| CliError::unreadable(format!("the system gives no random numbers: {error}"));
    getrandom::fill(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

/// The time, in whole milliseconds.
pub(crate) fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millisecond(i64::try_from(since.as_millis()).unwrap_or_default()).unwrap_or_default()
}

/// A moment in seconds since 1970, as people read it.
pub(crate) fn text_of(unix: u64) -> String {
    i64::try_from(unix).ok().and_then(|seconds| Timestamp::from_second(seconds).ok()).unwrap_or_default().to_string()
}
