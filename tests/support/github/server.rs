//! The repositories, and who is asked about which.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use super::answer::{Answer, refusal};
use super::http::{self, Message};
use super::{World, route};

fn worlds() -> &'static Mutex<BTreeMap<String, World>> {
    static WORLDS: Mutex<BTreeMap<String, World>> = Mutex::new(BTreeMap::new());
    &WORLDS
}

pub(crate) fn add(world: World) {
    let mut worlds = worlds().lock().unwrap_or_else(PoisonError::into_inner);
    let old = worlds.insert(world.name.clone(), world);
    assert!(old.is_none(), "two tests share a repository");
}

pub(crate) fn with<T>(name: &str, look: impl FnOnce(&mut World) -> T) -> Option<T> {
    worlds().lock().unwrap_or_else(PoisonError::into_inner).get_mut(name).map(look)
}

/// The port of the one server of this process.
pub(crate) fn port() -> u16 {
    static PORT: OnceLock<u16> = OnceLock::new();
    *PORT.get_or_init(|| http::listen(serve))
}

/// The repository that an address is about, and the rest of it.
pub(crate) fn repository_of(target: &str) -> Option<(String, String)> {
    let rest = target.strip_prefix("/repos/")?;
    let mut parts = rest.splitn(3, '/');
    let name = format!("{}/{}", parts.next()?, parts.next()?);
    Some((name, parts.next().unwrap_or_default().to_owned()))
}

fn serve(request: Message) -> Message {
    let mut words = request.first.split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let found = repository_of(target).and_then(|(name, rest)| with(&name, |world| act(world, method, &rest, &request)));
    found.unwrap_or_else(|| refusal(404, "Not Found")).into_message()
}

fn act(world: &mut World, method: &str, rest: &str, request: &Message) -> Answer {
    world.tokens.push(request.header("authorization").unwrap_or_default().to_owned());
    let is_meant = |place: &str| rest.contains(place);
    let at = world.faults.iter().position(|fault| fault.method == method && is_meant(fault.place));
    let fault = at.and_then(|at| world.faults.remove(at));
    let mut answer = Answer::default();
    if fault.as_ref().is_none_or(|fault| fault.is_served) {
        answer = route::answer(world, method, rest, request);
    }
    if let Some(fault) = fault {
        answer = refusal(fault.status, fault.message);
        answer.headers = fault.headers;
        answer.is_fault = true;
    }
    world.journal.push(format!("{method} {rest} {}", answer.status));
    let due = world.meanwhile.iter().position(|(wanted, place, _)| *wanted == method && is_meant(place));
    if let Some(at) = due {
        let (_, _, mut act) = world.meanwhile.remove(at);
        act(world);
    }
    answer
}
