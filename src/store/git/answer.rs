//! What `git cat-file --batch` answers.

/// The objects that are left to read.
pub(super) struct Blobs<'a>(pub(super) &'a [u8]);

impl Blobs<'_> {
    /// The next object: `Some(None)` for one that is missing, `None` when the answer is cut off.
    pub(super) fn next(&mut self) -> Option<Option<Vec<u8>>> {
        let end = memchr::memchr(b'\n', self.0)?;
        let (head, rest) = (std::str::from_utf8(&self.0[..end]).ok()?, &self.0[end + 1..]);
        if head.ends_with(" missing") {
            self.0 = rest;
            return Some(None);
        }
        let size: usize = head.rsplit(' ').next()?.parse().ok()?;
        let bytes = rest.get(..size)?.to_vec();
        self.0 = rest.get(size + 1..)?;
        Some(Some(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_read_one_after_the_other() {
        let mut blobs = Blobs(b"1234 blob 3\na\nb\nHEAD:x missing\n1234 blob 0\n\n1234 blob 9\ncut");
        assert_eq!(blobs.next(), Some(Some(b"a\nb".to_vec())));
        assert_eq!(blobs.next(), Some(None));
        assert_eq!(blobs.next(), Some(Some(Vec::new())));
        assert_eq!(blobs.next(), None);
    }
}
