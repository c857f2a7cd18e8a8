//! Time and chance, which come from outside.

/// A moment or a span in milliseconds, on a clock that never goes back.
pub type Millis = u64;

/// What a run needs of the machine that it runs on.
pub trait World {
    /// Milliseconds since some fixed moment; never goes back.
    fn now(&self) -> Millis;

    /// Seconds since 1970, as the wall clock says.
    fn unix(&self) -> u64;

    /// Waits, and ends early when the run is interrupted.
    fn pause(&self, span: Millis);

    /// Says whether the run shall stop (SIGINT, SIGTERM).
    fn is_interrupted(&self) -> bool;

    /// A random number from 0 to 1.
    fn chance(&self) -> f64;
}
