//! By how much one group lies above another, after Hodges and Lehmann: the median of all differences.

use super::median;

/// Values of a group that are looked at; pairs grow with their square.
const MOST: usize = 500;

/// The shift from the second group to the first.
#[must_use]
pub fn shift(first: &[f64], second: &[f64]) -> Option<f64> {
    let (first, second) = (newest(first), newest(second));
    let mut differences: Vec<f64> = first.iter().flat_map(|a| second.iter().map(move |b| a - b)).collect();
    median(&mut differences)
}

/// The factor from the second group to the first: the shift of their logarithms. Values must be above zero; others do not count.
#[must_use]
pub fn ratio(first: &[f64], second: &[f64]) -> Option<f64> {
    let logs = |values: &[f64]| -> Vec<f64> { values.iter().filter(|value| **value > 0.0).map(|v| v.ln()).collect() };
    shift(&logs(first), &logs(second)).map(f64::exp)
}

fn newest(values: &[f64]) -> &[f64] {
    &values[values.len().saturating_sub(MOST)..]
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_shift_and_a_factor_are_found_again() {
        let base = [12.0, 15.0, 11.0, 90.0, 14.0];
        let later = base.map(|value| value + 7.0);
        assert!((shift(&later, &base).unwrap() - 7.0).abs() < 1e-12);
        let slower = base.map(|value| value * 1.5);
        assert!((ratio(&slower, &base).unwrap() - 1.5).abs() < 1e-12);
        assert_eq!(ratio(&[], &base), None);
        assert_eq!(ratio(&[0.0], &base), None);
    }

    /// Differences 4-1, 4-3, 8-1, 8-3 are 3, 1, 7, 5; their median is 4.
    #[test]
    fn the_median_of_all_differences_decides() {
        assert_eq!(shift(&[4.0, 8.0], &[1.0, 3.0]), Some(4.0));
    }
}
