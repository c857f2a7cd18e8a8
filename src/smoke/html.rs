//! References to characters in HTML.

/// Names of characters (HTML 4, §24), without those that are never needed for a test.
const NAMES: &str = "quot=34 amp=38 lt=60 gt=62 AMP=38 LT=60 GT=62 nbsp=160 iexcl=161 cent=162 pound=163 curren=164 yen=165 brvbar=166 \
    sect=167 uml=168 copy=169 ordf=170 laquo=171 not=172 shy=173 reg=174 macr=175 deg=176 plusmn=177 sup2=178 sup3=179 \
    acute=180 micro=181 para=182 middot=183 cedil=184 sup1=185 ordm=186 raquo=187 frac14=188 frac12=189 frac34=190 \
    iquest=191 Agrave=192 Aacute=193 Acirc=194 Atilde=195 Auml=196 Aring=197 AElig=198 Ccedil=199 Egrave=200 Eacute=201 \
    Ecirc=202 Euml=203 Igrave=204 Iacute=205 Icirc=206 Iuml=207 ETH=208 Ntilde=209 Ograve=210 Oacute=211 Ocirc=212 \
    Otilde=213 Ouml=214 times=215 Oslash=216 Ugrave=217 Uacute=218 Ucirc=219 Uuml=220 Yacute=221 THORN=222 szlig=223 \
    agrave=224 aacute=225 acirc=226 atilde=227 auml=228 aring=229 aelig=230 ccedil=231 egrave=232 eacute=233 ecirc=234 \
    euml=235 igrave=236 iacute=237 icirc=238 iuml=239 eth=240 ntilde=241 ograve=242 oacute=243 ocirc=244 otilde=245 \
    ouml=246 divide=247 oslash=248 ugrave=249 uacute=250 ucirc=251 uuml=252 yacute=253 thorn=254 yuml=255";
/// Names that need their semicolon.
const LATER: &str = "apos=39 OElig=338 oelig=339 Scaron=352 scaron=353 Yuml=376 fnof=402 circ=710 tilde=732 ensp=8194 emsp=8195 \
    thinsp=8201 zwnj=8204 zwj=8205 ndash=8211 mdash=8212 lsquo=8216 rsquo=8217 sbquo=8218 ldquo=8220 rdquo=8221 \
    bdquo=8222 dagger=8224 Dagger=8225 bull=8226 hellip=8230 permil=8240 prime=8242 Prime=8243 lsaquo=8249 rsaquo=8250 \
    euro=8364 trade=8482 larr=8592 uarr=8593 rarr=8594 darr=8595 harr=8596 minus=8722 infin=8734 ne=8800 le=8804 \
    ge=8805 hearts=9829";
/// What Windows means by the numbers from 128 on.
const WINDOWS: [u32; 32] = [
    0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0x8d, 0x17d,
    0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0x9d,
    0x17e, 0x178,
];

fn lookup(table: &str, name: &str) -> Option<char> {
    let entry = table.split_whitespace().find_map(|entry| entry.strip_prefix(name)?.strip_prefix('='));
    entry.and_then(|code| code.parse().ok()).and_then(char::from_u32)
}

/// The text that HTML stands for.
///
/// # Errors
/// The name of a character that is not known here.
pub fn unescape(html: &str) -> Result<String, String> {
    let mut text = String::new();
    let mut rest = html;
    while let Some(at) = rest.find('&') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let (found, length) = reference(rest)?;
        text.push_str(&found);
        rest = &rest[length..];
    }
    text.push_str(rest);
    Ok(text)
}

/// What the reference that begins here stands for, and how long it is.
fn reference(rest: &str) -> Result<(String, usize), String> {
    let body = &rest[1..];
    if let Some(digits) = body.strip_prefix('#') {
        let (radix, skip) = if digits.starts_with(['x', 'X']) { (16, 1) } else { (10, 0) };
        let digits = &digits[skip..];
        let length = digits.bytes().take_while(|byte| char::from(*byte).is_digit(radix)).count();
        if length == 0 {
            return Ok(("&".to_owned(), 1));
        }
        let end = 2 + skip + length;
        let end = if rest[end..].starts_with(';') { end + 1 } else { end };
        return Ok((numbered(u32::from_str_radix(&digits[..length], radix).unwrap_or(u32::MAX)), end));
    }
    // The longest name has fewer signs.
    let length = body.bytes().take(40).take_while(u8::is_ascii_alphanumeric).count();
    let name = &body[..length];
    let has_end = body[length..].starts_with(';');
    if has_end && length > 0 {
        let found = lookup(NAMES, name).or_else(|| lookup(LATER, name)).ok_or_else(|| name.to_owned())?;
        return Ok((found.to_string(), length + 2));
    }
    // Old names need no semicolon: the longest that fits.
    let short = (2..=length).rev().find_map(|length| Some((lookup(NAMES, &name[..length])?, length)));
    Ok(short.map_or_else(|| ("&".to_owned(), 1), |(found, length)| (found.to_string(), length + 1)))
}

fn numbered(code: u32) -> String {
    let code = match code {
        0 | 0xd800..0xe000 | 0x11_0000.. => 0xfffd,
        128..160 => WINDOWS[usize::try_from(code - 128).unwrap_or(0)],
        // What is no character at all is left out, as Hurl does.
        1..=8 | 0xb | 0xe..=0x1f | 0x7f | 0xfdd0..=0xfdef => return String::new(),
        code if code & 0xfffe == 0xfffe => return String::new(),
        code => code,
    };
    char::from_u32(code).map(String::from).unwrap_or_default()
}

/// A text as HTML.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut html = String::new();
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#x27;"),
            c => html.push(c),
        }
    }
    html
}
