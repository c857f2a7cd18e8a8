//! The kinds of values that payloads hold.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::text::canonical::MAX_INTEGER;

/// What a member of a payload holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any text without line breaks.
    Text,
    /// True or false.
    Flag,
    /// A whole number from 0 to 2⁵³ − 1.
    Count,
    /// Forty or sixty-four hexadecimal digits: the name of a git object.
    GitObject,
    /// Sixty-four hexadecimal digits: a SHA3-256.
    Sha3,
    /// Base64 of 32 bytes: a public key.
    PublicKey,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list of texts.
    Texts,
}

impl Kind {
    /// What is accepted, for people.
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Kind::Text => "a text without control characters".to_owned(),
            Kind::Flag => "true or false".to_owned(),
            Kind::Count => "a whole number from 0".to_owned(),
            Kind::GitObject => "40 or 64 hexadecimal digits in lower case".to_owned(),
            Kind::Sha3 => "64 hexadecimal digits in lower case".to_owned(),
            Kind::PublicKey => "the base64 of 32 bytes".to_owned(),
            Kind::Word(words) => format!("\"{}\"", words.join("\" or \"")),
            Kind::Texts => "a list of texts".to_owned(),
        }
    }

    /// Whether the value is of this kind.
    #[must_use]
    pub fn accepts(&self, value: &Value) -> bool {
        let is_hex = |text: &str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let is_text = |value: &Value| value.as_str().is_some_and(|text| !text.chars().any(char::is_control));
        let text = value.as_str().unwrap_or_default();
        match self {
            Kind::Text => is_text(value),
            Kind::Flag => value.is_boolean(),
            Kind::Count => value.as_u64().is_some_and(|number| number <= MAX_INTEGER as u64),
            Kind::GitObject => [40, 64].contains(&text.len()) && is_hex(text),
            Kind::Sha3 => text.len() == 64 && is_hex(text),
            Kind::PublicKey => text.len() == 44 && text.ends_with('='),
            Kind::Word(words) => words.contains(&text),
            Kind::Texts => value.as_array().is_some_and(|list| list.iter().all(is_text)),
        }
    }
}

/// A Rust type that stands for a member of a payload.
pub trait Member {
    /// What the member holds.
    const KIND: Kind;
    /// Whether it must be there.
    const IS_REQUIRED: bool = true;

    /// Whether it is left out.
    fn is_absent(&self) -> bool {
        false
    }
}

impl Member for String {
    const KIND: Kind = Kind::Text;
}

impl Member for bool {
    const KIND: Kind = Kind::Flag;
}

impl Member for u64 {
    const KIND: Kind = Kind::Count;
}

impl Member for Vec<String> {
    const KIND: Kind = Kind::Texts;
}

impl<T: Member> Member for Option<T> {
    const KIND: Kind = T::KIND;
    const IS_REQUIRED: bool = false;

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident => $kind:expr;)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
            #[serde(transparent)]
            pub struct $name(pub String);

            impl Member for $name {
                const KIND: Kind = $kind;
            }
        )+
    };
}

texts! {
    /// The name of a git object.
    GitObject => Kind::GitObject;
    /// A SHA3-256 in hexadecimal digits.
    Sha3 => Kind::Sha3;
    /// A public key in base64.
    PublicKey => Kind::PublicKey;
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ })+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
            pub enum $name {
                $($(#[$variant_doc])* #[serde(rename = $word)] $variant,)+
            }

            impl Member for $name {
                const KIND: Kind = Kind::Word(&[$($word),+]);
            }
        )+
    };
}

words! {
    /// How a simulation ended.
    Simulated {
        /// Every site would be built and served.
        Pass = "pass",
        /// A site would fail.
        Fail = "fail",
        /// Something that decides is not known.
        Unknown = "unknown",
        /// The time was over before.
        Timeout = "timeout",
    }
    /// How an attempt to heal ended.
    Healed {
        /// What was wrong is gone.
        Healed = "healed",
        /// Some of it is gone.
        Partly = "partly",
        /// Nothing could be done.
        Unhealed = "unhealed",
        /// The bounds on attempts or time were met.
        ForceStopped = "force_stopped",
    }
    /// Which part of a deploy begins.
    Step {
        /// Everything that nobody sees yet.
        Prepare = "prepare",
        /// The switch.
        Publish = "publish",
    }
    /// How a deploy ended.
    Deployed {
        /// It is live.
        Live = "live",
        /// The platform refused or failed; what was live before still is.
        Failed = "failed",
    }
    /// How a verification ended.
    Verified {
        /// All is well.
        Pass = "pass",
        /// Well enough, with remarks.
        Warn = "warn",
        /// Neither proven good nor bad.
        Inconclusive = "inconclusive",
        /// It is broken.
        Fail = "fail",
        /// It is broken, but a guard forbids to roll back.
        Hold = "hold",
    }
    /// How a rollback ended.
    RolledBack {
        /// The last known good deploy is live and verified.
        RolledBack = "rolled_back",
        /// It could not be restored, or is broken too.
        RollbackFailed = "rollback_failed",
    }
}
