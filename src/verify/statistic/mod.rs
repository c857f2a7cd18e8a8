//! Tests that compare two groups of measurements, after the textbooks: exact where that is cheap.

pub mod fisher;
pub mod hodges_lehmann;
pub mod mann_whitney;
pub mod normal;

/// The median of some numbers, whose order changes; the mean of the middle two when their count is even.
#[must_use]
pub fn median(values: &mut [f64]) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let middle = values.len() / 2;
    let is_even = values.len().is_multiple_of(2);
    let (below, upper, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    if !is_even {
        return Some(*upper);
    }
    let lower = below.iter().copied().max_by(f64::total_cmp)?;
    Some(f64::midpoint(lower, *upper))
}

/// The least value that so large a part of the values does not exceed (nearest rank); their order changes.
#[must_use]
pub fn quantile(values: &mut [f64], part: f64) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the rank lies within the slice")]
    let rank = (part.clamp(0.0, 1.0) * count(values.len())).ceil() as usize;
    let at = rank.clamp(1, values.len()) - 1;
    Some(*values.select_nth_unstable_by(at, f64::total_cmp).1)
}

/// A count as a number to reckon with.
#[allow(clippy::cast_precision_loss, reason = "nobody takes 2^52 samples")]
fn count(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_and_the_quantiles_are_found() {
        assert_eq!(median(&mut []), None);
        assert_eq!(median(&mut [3.0]), Some(3.0));
        assert_eq!(median(&mut [4.0, 1.0, 3.0, 2.0]), Some(2.5));
        assert_eq!(median(&mut [9.0, 1.0, 5.0]), Some(5.0));
        let mut hundred: Vec<f64> = (1..=100).map(f64::from).rev().collect();
        assert_eq!(quantile(&mut hundred, 0.95), Some(95.0));
        assert_eq!(quantile(&mut [7.0], 0.95), Some(7.0));
        assert_eq!(quantile(&mut [], 0.5), None);
    }
}
