//! Keeps secrets out of the ledger: what is written there stays for ever.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use serde_json::Value;

use super::entry::Draft;

/// A value shorter than this is found by chance.
const MIN_VALUE: usize = 8;

/// A token that is known by its beginning: what it is, the beginning, how many letters, digits, `_` or `-` must follow.
const TOKENS: &[(&str, &str, usize)] = &[
    ("a GitHub token", "ghp_", 30),
    ("a GitHub token", "gho_", 30),
    ("a GitHub token", "ghu_", 30),
    ("a GitHub token", "ghs_", 30),
    ("a GitHub token", "ghr_", 30),
    ("a GitHub token", "github_pat_", 22),
    ("a GitLab token", "glpat-", 20),
    ("a Netlify token", "nfp_", 30),
    ("a Render API key", "rnd_", 20),
    ("an AWS access key", "AKIA", 16),
    ("an AWS access key", "ASIA", 16),
    ("a Slack token", "xoxb-", 10),
    ("a Slack token", "xoxp-", 10),
    ("a Slack token", "xoxa-", 10),
    ("a Slack token", "xoxr-", 10),
    ("a Slack token", "xoxs-", 10),
    ("a Slack token", "xapp-", 10),
    ("a Stripe key", "sk_live_", 16),
    ("a Stripe key", "rk_live_", 16),
    ("a Stripe key", "sk_test_", 16),
    ("a Stripe key", "whsec_", 16),
    ("a Google key", "AIza", 35),
    ("a Google token", "ya29.", 20),
    ("an npm token", "npm_", 30),
    ("a PyPI token", "pypi-", 40),
    ("a SendGrid key", "SG.", 20),
    ("a DigitalOcean token", "dop_v1_", 40),
    ("a Shopify token", "shpat_", 30),
    ("an OpenAI key", "sk-proj-", 20),
    ("an Anthropic key", "sk-ant-", 20),
    ("an API key", "sk-", 32),
    ("a Hugging Face token", "hf_", 30),
    ("a Vault token", "hvs.", 20),
    ("a Linear key", "lin_api_", 30),
    ("a bearer token", "Bearer ", 20),
];

/// Beginnings that keys have which are made to be seen, in files for browsers or for tests.
const OFTEN_PUBLIC: [&str; 4] = ["AIza", "Bearer ", "sk_test_", "sk-"];

/// Addresses that act when they are called, so that they are secrets as a whole.
const HOOKS: &[(&str, &str)] = &[
    ("a Netlify build hook", "api.netlify.com/build_hooks/"),
    ("a Render deploy hook", "api.render.com/deploy/"),
    ("a Slack hook", "hooks.slack.com/services/"),
    ("a Discord hook", "discord.com/api/webhooks/"),
];

/// Looks for secrets: by their shape, and by values that are known to be secret.
#[derive(Clone, Default)]
pub struct Scanner {
    values: Vec<(String, Vec<String>)>,
}

impl std::fmt::Debug for Scanner {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Scanner({} values)", self.values.len())
    }
}

/// A secret that was found: what it is, and never itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl Scanner {
    /// A scanner that also knows these values, each with the name of its variable.
    ///
    /// Values are also found in base64 and percent-encoded; one of a few letters is passed over.
    pub fn new(variables: impl IntoIterator<Item = (String, String)>) -> Scanner {
        let spellings = |(name, value): (String, String)| {
            let lines = value.lines().map(str::trim).filter(|line| line.len() >= MIN_VALUE);
            let spellings: Vec<String> = lines.flat_map(spellings).collect();
            (!spellings.is_empty()).then_some((name, spellings))
        };
        Scanner { values: variables.into_iter().filter_map(spellings).collect() }
    }

    /// Whether a variable of this name is likely to hold a secret.
    #[must_use]
    pub fn is_secret_name(name: &str) -> bool {
        // Addresses are no secrets as a whole, unless they hold a password, which their shape tells.
        const PARTS: [&str; 8] =
            ["TOKEN", "SECRET", "PASSWORD", "PASSWD", "PASSPHRASE", "_KEY", "CREDENTIAL", "WEBHOOK"];
        let name = name.to_ascii_uppercase();
        PARTS.iter().any(|part| name.contains(part))
    }

    /// The first secret in an event.
    #[must_use]
    pub fn find(&self, draft: &Draft) -> Option<Secret> {
        let state = draft.state.iter().flat_map(|state| [&state.from, &state.to]);
        let mut texts = [&draft.topic, &draft.actor].into_iter().chain(&draft.deploy_key).chain(state);
        texts.find_map(|text| self.in_text(text)).or_else(|| {
            let members = draft.payload.iter();
            members.into_iter().find_map(|(key, value)| self.in_text(key).or_else(|| self.in_value(value)))
        })
    }

    fn in_value(&self, value: &Value) -> Option<Secret> {
        match value {
            Value::String(text) => self.in_text(text),
            Value::Array(items) => items.iter().find_map(|item| self.in_value(item)),
            Value::Object(map) => {
                map.iter().find_map(|(key, value)| self.in_text(key).or_else(|| self.in_value(value)))
            }
            _ => None,
        }
    }

    /// The first secret in a text.
    #[must_use]
    pub fn in_text(&self, text: &str) -> Option<Secret> {
        let is_known = |(name, spellings): &&(String, Vec<String>)| {
            (!name.is_empty()) && spellings.iter().any(|value| text.contains(value.as_str()))
        };
        if let Some((name, _)) = self.values.iter().find(is_known) {
            return Some(Secret(format!("the value of \"{name}\"")));
        }
        shape(text).map(|what| Secret(what.to_owned()))
    }
}

impl Scanner {
    /// The first secret in a file that is committed: known values, and what has a shape that nothing public has.
    ///
    /// Keys that pages show to everybody, tokens of tests, and passwords of this machine are passed over.
    #[must_use]
    pub fn in_file(&self, text: &str) -> Option<Secret> {
        if let Some((name, _)) =
            self.values.iter().find(|(_, all)| all.iter().any(|value| text.contains(value.as_str())))
        {
            return Some(Secret(format!("the value of \"{name}\"")));
        }
        let is_secret = |(_, start, length): &&(&str, &str, usize)| {
            !OFTEN_PUBLIC.contains(start) && has_token(text, start, *length)
        };
        let found = certain(text).or_else(|| TOKENS.iter().find(is_secret).map(|(what, ..)| *what));
        let is_far = |rest: &str| {
            let host = rest.rsplit_once('@').map_or("", |(_, host)| host);
            host.contains('.') && !host.starts_with("127.") && !rest.contains(['$', '{', '<'])
        };
        let found = found.or_else(|| has_credentials(text, is_far).then_some("a password in an address"));
        found.map(|what| Secret(what.to_owned()))
    }
}

/// How a value may be written.
fn spellings(value: &str) -> Vec<String> {
    let encoded: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
    // In the middle of a longer base64 text the last letters depend on what follows.
    let base64 = STANDARD_NO_PAD.encode(value);
    let stable = base64.len() / 4 * 4;
    let mut all = vec![value.to_owned(), encoded, STANDARD.encode(value), URL_SAFE_NO_PAD.encode(value)];
    if stable >= 12 {
        all.push(base64[..stable].to_owned());
    }
    all
}

fn certain(text: &str) -> Option<&'static str> {
    if text.contains("PRIVATE KEY-----") {
        return Some("a private key");
    }
    HOOKS.iter().find(|(_, hook)| text.contains(hook)).map(|(what, _)| *what)
}

fn shape(text: &str) -> Option<&'static str> {
    if let Some(what) = certain(text) {
        return Some(what);
    }
    let token = TOKENS.iter().find(|(_, start, length)| has_token(text, start, *length)).map(|(what, ..)| *what);
    token
        .or_else(|| is_web_token(text).then_some("a JSON web token"))
        .or_else(|| has_credentials(text, |_| true).then_some("a password in an address"))
}

fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

fn token_length(text: &str) -> usize {
    text.bytes().take_while(|byte| is_token_byte(*byte)).count()
}

fn has_token(text: &str, start: &str, length: usize) -> bool {
    text.match_indices(start).any(|(at, _)| {
        let is_beginning = !text[..at].bytes().next_back().is_some_and(|byte| byte.is_ascii_alphanumeric());
        is_beginning && token_length(&text[at + start.len()..]) >= length
    })
}

/// Three parts with dots between them, the first two of which begin like `{"` in base64 (RFC 7519).
fn is_web_token(text: &str) -> bool {
    text.match_indices("eyJ").any(|(at, _)| {
        let mut parts = text[at..].splitn(3, '.');
        let mut part = || parts.next().unwrap_or_default();
        let (head, body, rest) = (part(), part(), part());
        let is_part = |part: &str| part.len() >= 10 && part.bytes().all(is_token_byte);
        is_part(head) && body.starts_with("eyJ") && is_part(body) && token_length(rest) >= 10
    })
}

/// `scheme://user:password@host`.
fn has_credentials(text: &str, is_meant: impl Fn(&str) -> bool) -> bool {
    text.split("://").skip(1).any(|rest| {
        let authority = rest.split(['/', '?', '#', ' ', '"']).next().unwrap_or_default();
        let user = authority.rsplit_once('@').map(|(user, _)| user).unwrap_or_default();
        user.split_once(':').is_some_and(|(_, password)| !password.is_empty()) && is_meant(authority)
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;

    /// Letters that look random; the same for the same number.
    fn letters(seed: u64, length: usize) -> String {
        const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        let digest = |block: u64| crate::digest::Digest::sha3(&[seed.to_be_bytes(), block.to_be_bytes()].concat());
        (0..)
            .flat_map(|block| *digest(block).as_bytes())
            .map(|byte| ALPHABET[usize::from(byte) % 62] as char)
            .take(length)
            .collect()
    }

    fn draft(text: &str) -> Draft {
        let payload = serde_json::json!({"reason": ["fine", text]});
        Draft {
            topic: "deploy.rejected".to_owned(),
            actor: "octocat".to_owned(),
            run: None,
            deploy_key: None,
            state: None,
            payload: payload.as_object().unwrap().clone(),
            nonce: super::super::entry::nonce(&[0; 16]),
        }
    }

    #[test]
    fn two_hundred_planted_secrets_are_refused() {
        let mut planted = Vec::new();
        for (number, (_, start, length)) in TOKENS.iter().cycle().take(120).enumerate() {
            planted.push(format!("{start}{}", letters(number as u64, *length)));
        }
        for number in 0..20 {
            planted.push(format!("postgres://app:{}@db.example.org/app", letters(number, 12)));
            planted.push(format!("https://api.netlify.com/build_hooks/{}", letters(number, 24)));
            planted.push(format!(
                "eyJ{}.eyJ{}.{}",
                letters(number, 20),
                letters(number + 1, 40),
                letters(number + 2, 43)
            ));
        }
        let variables: Vec<(String, String)> = (0..20)
            .map(|number| (format!("APP_TOKEN_{number}"), letters(1000 + number, 8 + number as usize)))
            .collect();
        let scanner = Scanner::new(variables.clone());
        for (number, (_, value)) in variables.into_iter().enumerate() {
            planted.push(match number % 4 {
                0 => STANDARD.encode(&value),
                1 => URL_SAFE_NO_PAD.encode(&value),
                _ => value,
            });
        }
        assert_eq!(planted.len(), 200);
        for secret in planted {
            for text in [secret.clone(), format!("log: {secret} (end)"), format!("{secret}\"}}")] {
                let found = scanner.find(&draft(&text)).unwrap_or_else(|| panic!("not found: {text}"));
                assert!(!found.0.contains(&secret), "{found:?}");
            }
        }
    }

    #[test]
    fn secrets_hide_in_names_and_keys_as_well() {
        let token = format!("ghp_{}", letters(1, 36));
        let as_actor = Draft { actor: token.clone(), ..draft("fine") };
        let mut as_key = draft("fine");
        as_key.payload.insert(token, Value::Null);
        for draft in [as_actor, as_key] {
            assert_eq!(Scanner::default().find(&draft), Some(Secret("a GitHub token".to_owned())));
        }
    }

    #[test]
    fn honest_texts_are_no_secrets() {
        let honest = [
            "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a",
            "netlify:site/1f2e3d4c-aaaa-bbbb-cccc-0123456789ab?context=production",
            "https://github.com/acme/site/.github/workflows/deploy.yml@refs/heads/main",
            "https://user@example.org/path:with@signs",
            "git@github.com:acme/site.git",
            "the task-runner said: task-force-one-is-ready-to-go-on-and-on",
            "chc_abcdefghijklmnopqrstuvwxyz",
            "dk_abcdefghijklmnopqrstuvwxyz",
            "npm_config_cache is set, ghp_ is a prefix, sk-SK is a locale",
        ];
        for text in honest {
            assert_eq!(Scanner::default().find(&draft(text)), None, "{text}");
        }
    }

    #[test]
    fn a_file_holds_no_secret_that_nobody_would_call_one() {
        let public = [
            format!("VITE_FIREBASE_API_KEY = \"AIza{}\"", letters(1, 35)),
            format!("VITE_SUPABASE_ANON_KEY = \"eyJ{}.eyJ{}.{}\"", letters(1, 20), letters(2, 40), letters(3, 43)),
            format!("STRIPE = \"sk_test_{}\"", letters(1, 24)),
            "DATABASE_URL = \"postgres://postgres:postgres@localhost:5432/app\"".to_owned(),
            "DATABASE_URL = \"postgres://app:${PASSWORD}@db.example.org/app\"".to_owned(),
        ];
        for text in public {
            assert_eq!(Scanner::default().in_file(&text), None, "{text}");
        }
        let secret = [
            format!("TOKEN = \"ghp_{}\"", letters(1, 36)),
            format!("DATABASE_URL = \"postgres://app:{}@db.example.org/app\"", letters(1, 12)),
            format!("to = \"https://api.netlify.com/build_hooks/{}\"", letters(1, 24)),
            "-----BEGIN PRIVATE KEY-----".to_owned(),
        ];
        for text in secret {
            let found = Scanner::default().in_file(&text);
            assert!(found.is_some_and(|found| !found.0.contains(&letters(1, 12))), "{text}");
        }
        let known = Scanner::new([("NETLIFY_AUTH_TOKEN".to_owned(), "plain-and-simple".to_owned())]);
        assert!(known.in_file("A = \"plain-and-simple\"").is_some());
    }

    #[test]
    fn variables_are_judged_by_their_names() {
        for name in ["NETLIFY_AUTH_TOKEN", "CHIMERA_SIGNING_KEY", "API_SECRET", "npm_config_password"] {
            assert!(Scanner::is_secret_name(name), "{name}");
        }
        for name in ["PATH", "HOME", "GITHUB_SERVER_URL", "DEPLOY_URL", "KEYBOARD", "LANG"] {
            assert!(!Scanner::is_secret_name(name), "{name}");
        }
    }
}
