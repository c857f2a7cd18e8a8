//! Where scalars end.

use super::{Lexer, State, is_blank, is_flow_indicator, memchr};

impl Lexer<'_> {
    /// Where the scalar goes on in the line that starts there, if it does.
    fn continues(&self, line: usize) -> Option<usize> {
        if self.indent_next == 0 {
            return (!self.is_document_marker(line)).then_some(line);
        }
        let mut at = line;
        while self.get(at) == Some(b' ') {
            at += 1;
        }
        if self.get(at) == Some(b'\r') && self.get(at + 1) == Some(b'\n') {
            return Some(at + 1);
        }
        (self.get(at) == Some(b'\n') || at - line >= self.indent_next).then_some(at)
    }

    pub(super) fn after_scalar(&self) -> State {
        if self.flow_level > 0 { State::Flow } else { State::Content }
    }

    pub(super) fn quoted(&mut self) -> State {
        let close = self.closing_quote();
        let limit = close.unwrap_or(self.at);
        let mut end = close.map_or(self.bytes.len(), |close| close + 1);
        let mut line = memchr(b'\n', &self.bytes[..limit], self.at);
        while line < limit {
            let Some(go_on) = self.continues(line + 1) else {
                // The text ends with the line before the one that is not indented enough.
                end = line - usize::from(self.bytes[line - 1] == b'\r');
                break;
            };
            line = memchr(b'\n', &self.bytes[..limit], go_on.min(limit));
        }
        self.cut(end.max(self.at + 1));
        self.after_scalar()
    }

    fn closing_quote(&self) -> Option<usize> {
        let quote = self.bytes[self.at];
        let mut at = self.at + 1;
        loop {
            at = memchr(quote, self.bytes, at);
            if at >= self.bytes.len() {
                return None;
            }
            if quote == b'\'' {
                if self.get(at + 1) != Some(b'\'') {
                    return Some(at);
                }
                at += 2;
            } else {
                let slashes = self.bytes[self.at..at].iter().rev().take_while(|byte| **byte == b'\\').count();
                if slashes % 2 == 0 {
                    return Some(at);
                }
                at += 1;
            }
        }
    }

    pub(super) fn plain(&mut self) -> State {
        let is_in_flow = self.flow_level > 0;
        let (mut at, mut end) = (self.at, self.at);
        while let Some(byte) = self.get(at) {
            let next = self.get(at + 1);
            if byte == b':' {
                if is_blank(next) || (is_in_flow && is_flow_indicator(next)) {
                    break;
                }
                end = at + 1;
            } else if is_blank(Some(byte)) {
                let Some(go_on) = self.white_in_plain(&mut at, &mut end, is_in_flow) else { break };
                at = go_on;
            } else {
                if is_in_flow && is_flow_indicator(Some(byte)) {
                    break;
                }
                end = at + 1;
            }
            at += 1;
        }
        self.cut_scalar(end);
        self.after_scalar()
    }

    /// The last byte that is passed over when a plain scalar goes on after white space.
    fn white_in_plain(&self, at: &mut usize, end: &mut usize, is_in_flow: bool) -> Option<usize> {
        let mut byte = self.bytes[*at];
        if byte == b'\r' {
            if self.get(*at + 1) == Some(b'\n') {
                *at += 1;
                byte = b'\n';
            } else {
                *end = *at + 1;
            }
        }
        let next = self.get(*at + 1);
        if next == Some(b'#') || (is_in_flow && is_flow_indicator(next)) {
            return None;
        }
        if byte != b'\n' {
            return Some(*at);
        }
        let go_on = self.continues(*at + 1)?;
        // One step back, so that " #" is seen.
        Some((*at).max(go_on.saturating_sub(2)))
    }

    pub(super) fn block_scalar(&mut self, end: usize) -> State {
        let (mut explicit, mut keeps) = (None, false);
        for byte in &self.bytes[self.at + 1..] {
            match byte {
                b'+' => keeps = true,
                b'1'..=b'9' => explicit = Some(usize::from(byte - b'1')),
                b'-' => {}
                _ => break,
            }
        }
        self.until(|byte| is_blank(byte) || byte == Some(b'#'));
        self.spaces(true);
        self.cut(end);
        self.newline();
        let stop = self.end_of_block(explicit, keeps);
        self.cut_scalar(stop.min(self.bytes.len()));
        self.line_start()
    }

    /// Where the text of a block scalar ends.
    fn end_of_block(&mut self, explicit: Option<usize>, keeps: bool) -> usize {
        let (first, indent) = self.first_of_block();
        // One past the last line break that belongs to the text.
        let mut stop = first;
        if indent >= self.indent_next {
            self.indent_next = match explicit {
                None => indent,
                Some(more) => more + self.indent_next.max(1),
            };
            while let Some(go_on) = self.continues(stop) {
                let line_break = memchr(b'\n', self.bytes, go_on);
                stop = line_break + 1;
                if line_break >= self.bytes.len() {
                    break;
                }
            }
        }
        let mut at = stop;
        while self.get(at) == Some(b' ') {
            at += 1;
        }
        if self.get(at) == Some(b'\t') {
            // Tabs that indent too little are kept, so that their error is found.
            while matches!(self.get(at), Some(b'\t' | b' ' | b'\r' | b'\n')) {
                at += 1;
            }
            return at;
        }
        if keeps { stop } else { self.without_blank_lines(stop, indent) }
    }

    /// Start of the first line that is not empty, and its indentation.
    fn first_of_block(&self) -> (usize, usize) {
        let (mut line, mut at, mut indent) = (self.at, self.at, 0);
        loop {
            match self.get(at) {
                Some(b' ') => indent += 1,
                Some(b'\n') => (line, indent) = (at + 1, 0),
                Some(b'\r') if self.get(at + 1) == Some(b'\n') => {}
                _ => return (line, indent),
            }
            at += 1;
        }
    }

    /// Leaves out blank lines at the end that are not indented more than the text.
    fn without_blank_lines(&self, mut stop: usize, indent: usize) -> usize {
        let before = |at: Option<usize>| at.and_then(|at| at.checked_sub(1));
        loop {
            let mut at = before(before(Some(stop)));
            if at.is_some_and(|at| self.get(at) == Some(b'\r')) {
                at = before(at);
            }
            let last = at;
            while at.is_some_and(|at| self.get(at) == Some(b' ')) {
                at = before(at);
            }
            match (at, last) {
                (Some(at), Some(last)) if self.get(at) == Some(b'\n') && at >= self.at && at + 1 + indent > last => {
                    stop = at + 1;
                }
                _ => return stop,
            }
        }
    }
}
