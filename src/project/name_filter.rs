//! Tells cheaply that no file has a name: platforms ask for many files that are not there.
//!
//! A filter of Bloom's kind with one bit for a name: what it lacks is surely not there, what it has may be there.

const WORDS: usize = 2_048;

/// The names of many files, in 16 KiB, which stay close to the processor.
pub(super) struct NameFilter {
    bits: Box<[u64; WORDS]>,
}

impl NameFilter {
    pub(super) fn new() -> NameFilter {
        NameFilter { bits: Box::new([0; WORDS]) }
    }

    #[inline]
    pub(super) fn add(&mut self, name: &str) {
        let (word, bit) = place(name.as_bytes());
        self.bits[word] |= bit;
    }

    /// Whether a file with this name may have been added.
    #[inline]
    pub(super) fn may_have(&self, name: &str) -> bool {
        let (word, bit) = place(name.as_bytes());
        self.bits[word] & bit != 0
    }
}

impl std::fmt::Debug for NameFilter {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("NameFilter").finish_non_exhaustive()
    }
}

/// The bit of a name, out of its length, its beginning and its end.
#[inline]
fn place(name: &[u8]) -> (usize, u64) {
    let (first, last) = match (name.first_chunk(), name.last_chunk()) {
        (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
        _ => (name.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)), 0),
    };
    // Multiplied by 2⁶⁴ over the golden ratio, the upper bits hang on all others.
    let mixed = (first ^ last.rotate_left(29) ^ name.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let upper = (mixed >> 47) as usize;
    (upper / 64, 1 << (upper % 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_added_is_never_denied_and_most_of_the_rest_is() {
        let mut filter = NameFilter::new();
        let name = |number: usize| "x".repeat(number % 5) + &format!("part-{number}.js");
        (0..1_000).for_each(|number| filter.add(&name(number)));
        assert!((0..1_000).all(|number| filter.may_have(&name(number))));
        let wrong = (1_000..11_000).filter(|number| filter.may_have(&name(*number))).count();
        assert!(wrong < 300, "{wrong} of 10,000");
        filter.add("");
        assert!(filter.may_have("") && !filter.may_have("a"));
    }
}
