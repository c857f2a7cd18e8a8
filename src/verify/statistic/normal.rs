//! The normal distribution.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// Beyond this the tail is below everything that a double can hold.
const FAR: f64 = 38.0;
/// Where the series ends to converge well and the continued fraction begins to.
const BORDER: f64 = 2.5;
const TERMS: u32 = 200;

/// How probable a value above `z` is.
#[must_use]
pub fn upper_tail(z: f64) -> f64 {
    if z.is_nan() {
        return f64::NAN;
    }
    if z < 0.0 {
        return 1.0 - upper_tail(-z);
    }
    if z > FAR {
        return 0.0;
    }
    complement(z * FRAC_1_SQRT_2) / 2.0
}

/// The complementary error function for numbers that are not negative (Abramowitz and Stegun, 7.1.6 and 7.1.14).
fn complement(x: f64) -> f64 {
    if x < BORDER {
        let (mut term, mut sum) = (x, x);
        for n in 1..TERMS {
            term *= 2.0 * x * x / f64::from(2 * n + 1);
            sum += term;
            if term < sum * f64::EPSILON {
                break;
            }
        }
        return 1.0 - 2.0 / PI.sqrt() * (-x * x).exp() * sum;
    }
    let mut fraction = x;
    for n in (1..TERMS).rev() {
        fraction = x + f64::from(n) / 2.0 / fraction;
    }
    (-x * x).exp() / PI.sqrt() / fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From tables of the normal distribution.
    #[test]
    fn the_tail_is_that_of_the_tables() {
        let table = [
            (0.0, 0.5),
            (1.0, 0.158_655_253_931_457_05),
            (1.644_853_626_951_472_8, 0.05),
            (2.326_347_874_040_841, 0.01),
            (3.090_232_306_167_813_5, 0.001),
            (5.0, 2.866_515_718_791_939e-7),
            (8.0, 6.220_960_574_271_785e-16),
        ];
        for (z, wanted) in table {
            let found = upper_tail(z);
            assert!((found / wanted - 1.0).abs() < 1e-11, "{z}: {found} is not {wanted}");
            assert!((upper_tail(-z) - (1.0 - wanted)).abs() < 1e-12);
        }
        assert!(upper_tail(100.0).abs() < f64::MIN_POSITIVE);
        assert!(upper_tail(f64::NAN).is_nan());
    }
}
