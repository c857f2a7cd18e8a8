//! DSSE envelopes: bytes and signatures over them (secure-systems-lab/dsse `protocol.md` 1.0).

use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Map, Value, json};

use crate::key::mac::SharedSecret;
use crate::key::signing::SigningKey;

use super::Level;

/// The type of payloads that are in-toto Statements.
pub const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

/// Signatures of one envelope that are looked at, at most.
pub const MAX_SIGNATURES: usize = 16;

/// A payload and who signed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// What the payload is.
    pub payload_type: String,
    /// The bytes that are signed.
    pub payload: Vec<u8>,
    /// The signatures.
    pub signatures: Vec<Signature>,
}

/// One signature. The name of the key is a hint that nobody has signed, so it decides nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Which key it is said to be of.
    pub keyid: String,
    /// Its bytes.
    pub sig: Vec<u8>,
}

/// What an envelope is sealed with.
#[derive(Debug)]
pub enum Signer {
    /// Nothing.
    Nobody,
    /// A shared secret.
    Secret(SharedSecret),
    /// A private key.
    Key(Box<SigningKey>),
}

impl Signer {
    /// The level that this alone reaches.
    #[must_use]
    pub fn level(&self) -> Level {
        match self {
            Signer::Nobody => Level::L0,
            Signer::Secret(_) => Level::L1,
            Signer::Key(_) => Level::L2,
        }
    }
}

/// Why a text is no envelope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// A part is not there or is of another type.
    #[error("\"{0}\" is missing or not {1}")]
    Shape(&'static str, &'static str),
    /// Not base64, in either alphabet.
    #[error("\"{0}\" is not base64")]
    Base64(&'static str),
    /// The payload is something else.
    #[error("the payload type is \"{0}\"; expected \"{PAYLOAD_TYPE}\"")]
    Type(String),
    /// More signatures than anyone makes.
    #[error("more than {MAX_SIGNATURES} signatures")]
    TooMany,
}

/// The bytes that a signature covers: type and payload, each with its length.
#[must_use]
pub fn pae(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let mut bytes = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len()).into_bytes();
    bytes.extend_from_slice(payload);
    bytes
}

impl Envelope {
    /// Seals a payload.
    #[must_use]
    pub fn seal(payload: Vec<u8>, signer: &Signer) -> Envelope {
        let bytes = pae(PAYLOAD_TYPE, &payload);
        let signatures = match signer {
            Signer::Nobody => Vec::new(),
            Signer::Secret(secret) => vec![Signature { keyid: secret.id(), sig: secret.sign(&bytes).to_vec() }],
            Signer::Key(key) => vec![Signature { keyid: key.id().to_string(), sig: key.sign(&bytes).to_vec() }],
        };
        Envelope { payload_type: PAYLOAD_TYPE.to_owned(), payload, signatures }
    }

    /// The bytes that its signatures cover.
    #[must_use]
    pub fn signed_bytes(&self) -> Vec<u8> {
        pae(&self.payload_type, &self.payload)
    }

    /// The envelope as JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let signature = |one: &Signature| json!({"keyid": one.keyid, "sig": STANDARD.encode(&one.sig)});
        json!({
            "payloadType": self.payload_type,
            "payload": STANDARD.encode(&self.payload),
            "signatures": self.signatures.iter().map(signature).collect::<Vec<_>>(),
        })
    }

    /// Reads an envelope.
    ///
    /// # Errors
    /// The first part that is wrong.
    pub fn from_json(value: &Value) -> Result<Envelope, EnvelopeError> {
        let map = value.as_object().ok_or(EnvelopeError::Shape("envelope", "an object"))?;
        let payload_type = text(map, "payloadType")?;
        if payload_type != PAYLOAD_TYPE {
            return Err(EnvelopeError::Type(payload_type.chars().take(80).collect()));
        }
        let payload = decode(text(map, "payload")?).ok_or(EnvelopeError::Base64("payload"))?;
        let list = map.get("signatures").and_then(Value::as_array);
        let list = list.ok_or(EnvelopeError::Shape("signatures", "a list"))?;
        if list.len() > MAX_SIGNATURES {
            return Err(EnvelopeError::TooMany);
        }
        let signatures = list.iter().map(signature).collect::<Result<_, _>>()?;
        Ok(Envelope { payload_type: payload_type.to_owned(), payload, signatures })
    }
}

fn signature(value: &Value) -> Result<Signature, EnvelopeError> {
    let map = value.as_object().ok_or(EnvelopeError::Shape("signatures[]", "an object"))?;
    let keyid = map.get("keyid").and_then(Value::as_str).unwrap_or_default().to_owned();
    let sig = decode(text(map, "sig")?).ok_or(EnvelopeError::Base64("sig"))?;
    Ok(Signature { keyid, sig })
}

fn text<'a>(map: &'a Map<String, Value>, name: &'static str) -> Result<&'a str, EnvelopeError> {
    map.get(name).and_then(Value::as_str).ok_or(EnvelopeError::Shape(name, "a text"))
}

/// Reads base64 in the standard or the URL-safe alphabet, with or without padding.
#[must_use]
pub fn decode(text: &str) -> Option<Vec<u8>> {
    const LENIENT: GeneralPurposeConfig =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let is_url_safe = text.bytes().any(|byte| byte == b'-' || byte == b'_');
    let alphabet = if is_url_safe { &alphabet::URL_SAFE } else { &alphabet::STANDARD };
    GeneralPurpose::new(alphabet, LENIENT).decode(text).ok()
}
