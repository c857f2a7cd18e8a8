//! Fisher's exact test of two rates, one-sided.

use super::count;

/// How often something was tried, and how often it went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Times that it went wrong.
    pub errors: usize,
    /// Times that it was tried.
    pub tries: usize,
}

impl Tally {
    /// Counts one more.
    pub fn count(&mut self, is_error: bool) {
        self.tries += 1;
        self.errors += usize::from(is_error);
    }

    /// The part that went wrong; 0 when nothing was tried.
    #[must_use]
    pub fn rate(self) -> f64 {
        if self.tries == 0 { 0.0 } else { count(self.errors) / count(self.tries) }
    }
}

/// How probable it is, were both rates alike, that the first has so many of all errors or more.
#[must_use]
pub fn greater(first: Tally, second: Tally) -> f64 {
    let all = first.tries + second.tries;
    let errors = first.errors + second.errors;
    if first.tries == 0 || second.tries == 0 || first.errors > first.tries || second.errors > second.tries {
        return 1.0;
    }
    let logs = log_factorials(all);
    let choose = |n: usize, k: usize| logs[n] - logs[k] - logs[n - k];
    let whole = choose(all, errors);
    let fits = |k: &usize| errors - k <= second.tries;
    let chance = |k: usize| (choose(first.tries, k) + choose(second.tries, errors - k) - whole).exp();
    (first.errors..=errors.min(first.tries)).filter(fits).map(chance).sum::<f64>().min(1.0)
}

/// The logarithms of 0! to n!.
fn log_factorials(n: usize) -> Vec<f64> {
    let mut sum = 0.0;
    let next = |k: usize| {
        sum += count(k).ln();
        sum
    };
    std::iter::once(0.0).chain((1..=n).map(next)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(errors: usize, tries: usize) -> Tally {
        Tally { errors, tries }
    }

    /// Fisher's tea: R. A. Fisher, "The Design of Experiments", chapter II: 3 of 4 cups right, p = 17/70.
    #[test]
    fn the_lady_who_tastes_tea_has_her_chance() {
        assert!((greater(tally(3, 4), tally(1, 4)) - 17.0 / 70.0).abs() < 1e-12);
        assert!((greater(tally(4, 4), tally(0, 4)) - 1.0 / 70.0).abs() < 1e-12);
    }

    /// Against a clean control seven errors are needed at every size (VERIFICATION, 6), seventeen against five of 500.
    #[test]
    fn seven_errors_are_needed_against_a_clean_control() {
        for size in [30, 60, 200, 500] {
            assert!(greater(tally(7, size), tally(0, size)) < 0.01, "{size}");
            assert!(greater(tally(5, size), tally(0, size)) >= 0.01, "{size}");
        }
        assert!(greater(tally(6, 500), tally(0, 500)) > 0.01);
        assert!(greater(tally(17, 500), tally(5, 500)) < 0.01);
        assert!(greater(tally(16, 500), tally(5, 500)) > 0.01);
    }

    #[test]
    fn nothing_that_was_tried_says_nothing() {
        assert!((greater(tally(0, 0), tally(0, 9)) - 1.0).abs() < 1e-12);
        assert!((greater(tally(0, 9), tally(0, 9)) - 1.0).abs() < 1e-12);
        assert!((greater(tally(9, 9), tally(0, 0)) - 1.0).abs() < 1e-12);
    }
}
