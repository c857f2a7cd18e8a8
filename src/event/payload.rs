//! The table of topics, and a type for the payload of each.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::kind::{Deployed, GitObject, Healed, Member, PublicKey, RolledBack, Sha3, Simulated, Step, Verified};
use super::topic::{Engine, Field, Topic};

/// The payload of a topic.
pub trait Payload: Serialize {
    /// Its topic.
    const TOPIC: &'static Topic;

    /// The payload as entries hold it.
    fn to_map(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(map)) => map,
            _ => Map::new(),
        }
    }
}

/// The name of a member without Rust's mark for words of its own.
const fn plain(name: &'static str) -> &'static str {
    match name.as_bytes() {
        [b'r', b'#', rest @ ..] => match std::str::from_utf8(rest) {
            Ok(plain) => plain,
            Err(_) => name,
        },
        _ => name,
    }
}

macro_rules! topics {
    ($(
        $(#[$doc:meta])*
        $name:ident = $topic:literal $(($specified:ident))?,
        $publisher:ident => [$($subscriber:ident),*], $(cdevents $cdevents:literal,)? $purpose:literal {
            $($field:ident: $type:ty = $meaning:literal,)*
        }
    )+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
            #[serde(deny_unknown_fields)]
            pub struct $name {
                $(
                    #[doc = $meaning]
                    #[serde(skip_serializing_if = "Member::is_absent")]
                    pub $field: $type,
                )*
            }

            impl Payload for $name {
                const TOPIC: &'static Topic = &Topic {
                    name: $topic,
                    is_specified: topics!(@specified $($specified)?),
                    publisher: Engine::$publisher,
                    subscribers: &[$(Engine::$subscriber),*],
                    purpose: $purpose,
                    cdevents: topics!(@optional $($cdevents)?),
                    fields: &[$(Field {
                        name: plain(stringify!($field)),
                        kind: <$type as Member>::KIND,
                        is_required: <$type as Member>::IS_REQUIRED,
                        meaning: $meaning,
                    }),*],
                };
            }
        )+

        /// All topics: the nine of the specification, then our additions.
        pub static TOPICS: &[&Topic] = &[$($name::TOPIC),+];

        /// Reads a payload into the type of its topic and writes it again.
        #[cfg(test)]
        pub(super) fn round_trip(topic: &str, payload: &Map<String, Value>) -> Option<Map<String, Value>> {
            let value = Value::Object(payload.clone());
            match topic {
                $($topic => serde_json::from_value::<$name>(value).ok().map(|typed| typed.to_map()),)+
                _ => None,
            }
        }
    };
    (@specified $specified:ident) => { true };
    (@specified) => { false };
    (@optional $cdevents:literal) => { Some($cdevents) };
    (@optional) => { None };
}

topics! {
    /// A deploy begins.
    DeployInitiated = "deploy.initiated" (specified),
    ChimeraCore => [Leviathan, Genesis], cdevents "dev.cdevents.pipelinerun.started",
    "A deploy of a commit to an environment begins" {
        commit: GitObject = "Commit that is deployed",
        environment: String = "Environment, such as production",
        targets: Vec<String> = "Where it goes, as target URIs",
        config_digest: Option<Sha3> = "Digest of the effective configuration",
        dry_run: Option<bool> = "Whether nothing is really done",
    }

    /// Repairs are going to be tried.
    HealIntent = "deploy.heal.intent" (specified),
    Leviathan => [Arie, ChimeraCore],
    "The simulation found something that can perhaps be healed" {
        issues: Vec<String> = "Rules that fired, with their places",
        attempt: u64 = "Number of the attempt, from 1",
    }

    /// Repairs were tried.
    HealComplete = "deploy.heal.complete" (specified),
    Arie => [ChimeraCore, Leviathan],
    "An attempt to heal ended; what it changed was simulated again" {
        result: Healed = "How it ended",
        fixes: Vec<String> = "Repairs that were kept",
        attempt: u64 = "Number of the attempt, from 1",
        before: Option<Sha3> = "Digest of the files before",
        after: Option<Sha3> = "Digest of the files after",
    }

    /// The certification ended, with or without a certificate.
    DeployCertified = "deploy.certified" (specified),
    Truth => [ChimeraCore, Hxo], cdevents "dev.cdevents.artifact.signed",
    "The three approvals were given or one of them was refused" {
        certified: bool = "Whether all three were given",
        certificate: Option<String> = "Id of the certificate",
        level: String = "Level of the certificate, L0 to L4",
        target: Option<String> = "Target URI that it is for",
        commit: Option<GitObject> = "Commit that it is for",
        digest: Option<Sha3> = "SHA3-256 of the last approval's payload",
        nonce: Option<String> = "Nonce of the certificate",
        not_after: Option<String> = "When it expires",
        failed: Option<String> = "Approval or check that was refused",
        reason: Option<String> = "Why",
        r#override: Option<bool> = "Whether the policy lets the deploy go on without a certificate",
    }

    /// A simulation begins.
    SimulateStart = "chimera.simulate.start" (specified),
    ChimeraCore => [Leviathan], cdevents "dev.cdevents.testsuiterun.started",
    "A virtual build of every target begins" {
        platforms: Vec<String> = "Platforms that are simulated",
        tree: Option<GitObject> = "Tree that is simulated",
    }

    /// A simulation ended.
    SimulateComplete = "chimera.simulate.complete" (specified),
    Leviathan => [ChimeraCore, Arie, Truth], cdevents "dev.cdevents.testsuiterun.finished",
    "The virtual builds ended" {
        status: Simulated = "How they ended",
        critical: u64 = "Issues of severity critical",
        high: u64 = "Issues of severity high",
        medium: u64 = "Issues of severity medium",
        low: u64 = "Issues of severity low",
        unknown: u64 = "Things that decide and are not known",
        duration_ms: Option<u64> = "How long it took",
    }

    /// Something is about to be done to a platform.
    DeployStart = "chimera.deploy.start" (specified),
    Hxo => [Cascade, ChimeraCore],
    "Written before the first side effect on a platform, and again before publishing" {
        step: Step = "What begins",
        target: String = "Target URI",
        certificate: Option<String> = "Id of the certificate that allows it",
        fallback_to: Option<String> = "Deploy to return to if this one is bad",
        expected_live: Option<String> = "Deploy that must be live just before",
        fence: Option<u64> = "Fencing token of the lock",
    }

    /// The platform is done.
    DeployComplete = "chimera.deploy.complete" (specified),
    Hxo => [Cascade, ChimeraCore], cdevents "dev.cdevents.service.deployed",
    "The platform says that the deploy is live, or that it failed" {
        result: Deployed = "How it ended",
        target: String = "Target URI",
        deploy_id: Option<String> = "The platform's own name of the deploy",
        url: Option<String> = "Where it is served",
        duration_ms: Option<u64> = "How long it took",
        reason: Option<String> = "Why it failed",
    }

    /// A rollback begins.
    RollbackTriggered = "chimera.rollback.triggered" (specified),
    Cascade => [Hxo, ChimeraCore],
    "What is live failed its verification, or a person asked: return to the last known good deploy" {
        target: String = "Target URI",
        from: Option<String> = "Deploy that is left",
        to: Option<String> = "Deploy to return to",
        reason: String = "Why",
    }

    /// A deploy was refused.
    DeployRejected = "deploy.rejected",
    ChimeraCore => [Hxo, Genesis], cdevents "dev.cdevents.pipelinerun.finished",
    "The deploy ends without a change: not certified, not allowed, or its preview was bad" {
        phase: String = "Where it ended",
        reason: String = "Why",
        contained: Option<bool> = "Whether the platform was kept from deploying by itself",
    }

    /// A verification begins.
    VerifyStart = "chimera.verify.start",
    ChimeraCore => [Cascade], cdevents "dev.cdevents.testsuiterun.started",
    "What is live is going to be verified" {
        target: String = "Target URI",
        url: Option<String> = "Where it is served",
    }

    /// A verification ended.
    VerifyComplete = "chimera.verify.complete",
    Cascade => [ChimeraCore, Truth], cdevents "dev.cdevents.testsuiterun.finished",
    "What is live was verified" {
        verdict: Verified = "How it ended",
        target: String = "Target URI",
        failed: Vec<String> = "Checks that failed",
        reason: Option<String> = "Why it is held, if it is",
        duration_ms: Option<u64> = "How long it took",
    }

    /// A rollback ended.
    RollbackComplete = "chimera.rollback.complete",
    Cascade => [ChimeraCore, Genesis], cdevents "dev.cdevents.service.rolledback",
    "The last known good deploy is live again, or could not be restored" {
        result: RolledBack = "How it ended",
        target: String = "Target URI",
        live: Option<String> = "Deploy that is live now",
        reason: Option<String> = "Why it failed",
        duration_ms: Option<u64> = "How long it took",
    }

    /// Something is live that nobody here deployed.
    DriftDetected = "chimera.drift.detected",
    Cascade => [ChimeraCore], cdevents "dev.cdevents.incident.detected",
    "What is live, or what the platform says of the site, is not what was deployed or recorded" {
        target: String = "Target URI",
        expected: Option<String> = "Deploy that should be live",
        found: Option<String> = "Deploy that is live",
        fields: Option<Vec<String>> = "Settings and variables that differ, by name; never values",
    }

    /// What the platform says of a site was noted.
    DriftRecorded = "chimera.drift.recorded",
    Cascade => [ChimeraCore],
    "What the platform says of a good site: the record that later looks are compared with" {
        target: String = "Target URI",
        key: String = "Name of the key of the hashes",
        deploy: Option<String> = "Deploy that is live",
        entries: Vec<String> = "Settings and variables by name, each with the keyed hash of its value",
    }

    /// A lock was taken.
    LockAcquired = "chimera.lock.acquired",
    ChimeraCore => [Hxo],
    "One deploy at a time: the holder may change the environment until the time is over" {
        holder: String = "Who holds it",
        ttl_ms: u64 = "For how long",
        fence: u64 = "Fencing token: the size of the ledger when it was taken",
    }

    /// A lock was given back.
    LockReleased = "chimera.lock.released",
    ChimeraCore => [Hxo],
    "The environment is free again" {
        holder: String = "Who held it",
        fence: u64 = "Fencing token that is no longer valid",
    }

    /// A run that was cut off was brought to an end.
    Recovered = "chimera.recovered",
    ChimeraCore => [Genesis],
    "A run that was killed was brought to an end by a later one" {
        found: String = "What was found on the platform",
        action: String = "What was done about it",
    }

    /// A run says where it stands.
    RunRecorded = "chimera.run.recorded",
    ChimeraCore => [Genesis],
    "What a run decided and is about to do, so that another machine can bring it to its end" {
        first: u64 = "How many records were there before",
        records: Vec<String> = "The records, each as JSON",
        over: bool = "Whether the run is over",
    }

    /// A key may sign from now on.
    KeyAdded = "key.added",
    Truth => [Genesis, Hxo],
    "From here on this key may sign; the checkpoint after it is signed by a key that could already" {
        keyid: String = "Its name",
        public: PublicKey = "The key",
        reason: Option<String> = "Why",
    }

    /// A key may not sign any more.
    KeyRevoked = "key.revoked",
    Truth => [Genesis, Hxo],
    "From here on this key signs nothing any more" {
        keyid: String = "Its name",
        reason: Option<String> = "Why",
    }

    /// The policy is another one.
    PolicyChanged = "policy.changed",
    Hxo => [Truth, ChimeraCore],
    "Decisions from here on follow another policy" {
        digest: Sha3 = "Digest of the policy",
        commit: Option<GitObject> = "Commit that holds it",
        previous: Option<Sha3> = "Digest of the policy before",
    }
}
