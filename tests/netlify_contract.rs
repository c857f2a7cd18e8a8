//! The client for Netlify against our stateful fake, over real connections, with Netlify's own description as the judge of both.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

#[allow(dead_code, reason = "no test uses all of it")]
#[path = "support/github/http.rs"]
mod http;
#[path = "support/netlify/mod.rs"]
mod netlify;
#[path = "support/netlify_server.rs"]
mod netlify_server;
#[path = "support/netlify/prism.rs"]
mod prism;
#[path = "support/scene/mod.rs"]
mod scene;

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chimera::pipeline::drive::Driver;
use chimera::pipeline::input::Certified;
use chimera::pipeline::order::{Gate, Way, Wish};
use chimera::pipeline::platform::Platform as _;
use chimera::pipeline::run::Run;
use chimera::pipeline::verdict::{Grade, Verdict};
use chimera::remote::http::HttpTransport;
use chimera::remote::netlify::{Access, Hook, Netlify};
use chimera::remote::secret::Secret;
use chimera::remote::transport::{Method, Request, Transport as _, TransportError};
use http::Message;
use netlify::{Deploy, HOOK, SITE, State, TOKEN, Wrong};
use prism::Front;
use scene::{Ending, Scene, pass};

/// Our fake behind real connections, and the vendor's description before it.
struct Place {
    state: Arc<Mutex<State>>,
    front: Front,
    back: u16,
}

impl Place {
    fn new(state: State) -> Place {
        let state = Arc::new(Mutex::new(state));
        let back = netlify_server::listen(&state);
        Place { state, front: Front::new(back), back }
    }

    fn access(&self, way: Way) -> Access {
        let url = format!("http://127.0.0.1:{}{HOOK}", self.back);
        Access {
            api: format!("http://127.0.0.1:{}", self.front.port),
            token: Secret::new(TOKEN),
            site: SITE.to_owned(),
            way,
            hook: Some(Hook { url: Secret::new(url), branch: None }),
        }
    }

    fn run(&self, scene: &mut Scene) -> Ending {
        let transport = HttpTransport::new().unwrap();
        let clock = std::rc::Rc::clone(&scene.clock);
        let way = scene.order.targets[0].way;
        let platform = Netlify::new(&self.access(way), &transport, &*clock);
        let order = scene.order.clone();
        scene.act_on(&platform, |ports| {
            let (run, stop) = Driver::begin(Run::new(order), ports).drive();
            Ending { run, stop }
        })
    }

    fn assert_in_order(&self) {
        self.front.assert_in_order();
    }

    fn asked(&self, part: &str) -> usize {
        self.state.lock().unwrap().log.iter().filter(|line| line.contains(part)).count()
    }
}

fn bad_when_live(scene: &mut Scene) {
    scene.judge(
        |subject, _| {
            if subject.is_live && subject.deploy != "old" { Verdict::new(Grade::Fail, "down") } else { pass() }
        },
    );
}

#[test]
fn a_directory_is_uploaded_published_and_locked_as_the_description_wants_it() {
    let place = Place::new(State::with_site());
    let mut scene = Scene::new();
    scene.order.targets[0].gate = Gate::Hold;
    let ending = place.run(&mut scene);
    assert_eq!(ending.name(), "SUCCESS", "{} {:?}", ending.reason(), place.front.violations());
    for part in [
        "POST /sites/0a1b2c3d-site/deploys?title=chimera",
        "PUT /deploys/new1/files/css%2Fa%20b.css",
        "/restore",
        "/lock",
    ] {
        assert!(place.asked(part) > 0, "{part}: {:?}", place.state.lock().unwrap().log);
    }
    place.assert_in_order();
}

#[test]
fn a_bad_deploy_goes_back_as_the_description_wants_it() {
    let place = Place::new(State::with_site());
    let mut scene = Scene::new();
    bad_when_live(&mut scene);
    let ending = place.run(&mut scene);
    assert_eq!(ending.name(), "ROLLED_BACK", "{}", ending.reason());
    assert_eq!(place.state.lock().unwrap().published.as_deref(), Some("old"));
    place.assert_in_order();
}

#[test]
fn the_deploy_of_a_build_hook_is_found_and_followed() {
    let place = Place::new(State::with_site());
    let mut scene = Scene::new();
    scene.order.targets[0].way = Way::Hook;
    let ending = place.run(&mut scene);
    assert_eq!(ending.name(), "SUCCESS", "{}", ending.reason());
    assert_eq!(place.state.lock().unwrap().counters.hooks, 1);
    place.assert_in_order();
}

#[test]
fn a_build_hook_that_builds_another_commit_publishes_nothing() {
    let mut state = State::with_site();
    state.hook_commit = "an0ther".to_owned();
    let place = Place::new(state);
    let mut scene = Scene::new();
    scene.order.targets[0].way = Way::Hook;
    let ending = place.run(&mut scene);
    assert_eq!(ending.name(), "ABORTED");
    assert!(ending.reason().contains("another commit"), "{}", ending.reason());
    assert_eq!(place.state.lock().unwrap().counters.restores, 0);
}

#[test]
fn a_rejected_commit_that_is_being_built_is_cancelled_and_the_site_locked() {
    let mut state = State::with_site();
    let pushed = Deploy {
        id: "pushed".to_owned(),
        state: "building".to_owned(),
        commit: Some("c0ffee".to_owned()),
        left: 99,
        required: vec!["x".to_owned()],
        ..Deploy::default()
    };
    state.deploys.insert(0, pushed);
    let place = Place::new(state);
    let mut scene = Scene::new();
    scene.order.targets[0].gate = Gate::Observe;
    scene.shop.certified = Certified::Refused { reason: "predicted failure".to_owned() };
    let ending = place.run(&mut scene);
    assert_eq!((ending.name(), ending.code()), ("REJECTED".to_owned(), Some(10)));
    assert_eq!((place.asked("/deploys/pushed/cancel"), place.asked("/deploys/old/lock")), (1, 1));
    place.assert_in_order();
}

#[test]
fn a_return_that_a_person_asked_for_is_named_verified_and_locked() {
    let mut state = State::with_site();
    state.publish_foreign();
    let place = Place::new(state);
    let mut scene = Scene::new();
    scene.order.wish = Wish::Return { to: "old".to_owned(), reason: "slow".to_owned() };
    let ending = place.run(&mut scene);
    assert_eq!(ending.name(), "ROLLED_BACK", "{}", ending.reason());
    assert_eq!((place.asked("/deploys/old/restore"), place.asked("/deploys/old/lock")), (1, 1));
    place.assert_in_order();
}

#[test]
fn what_is_locked_can_be_unlocked() {
    let place = Place::new(State::with_site());
    let scene = Scene::new();
    let transport = HttpTransport::new().unwrap();
    let platform = Netlify::new(&place.access(Way::Upload), &transport, &*scene.clock);
    platform.pin("old", 60_000).unwrap();
    assert!(platform.live(60_000).unwrap().is_pinned);
    platform.unpin("old", 60_000).unwrap();
    assert!(!platform.live(60_000).unwrap().is_pinned);
    place.assert_in_order();
}

#[test]
fn neither_a_token_nor_the_address_of_a_hook_is_told_to_anybody() {
    let faults: [(Method, &str, Wrong); 5] = [
        (Method::Get, "/sites/", Wrong::Instead(403, Vec::new(), format!("{{\"message\": \"{TOKEN} may not\"}}"))),
        (Method::Get, "/sites/", Wrong::Instead(422, Vec::new(), format!("{{\"error\": \"Bearer {TOKEN}\"}}"))),
        (Method::Post, "/build_hooks/", Wrong::Instead(404, Vec::new(), format!("{{\"message\": \"{HOOK}\"}}"))),
        (Method::Post, "/build_hooks/", Wrong::Instead(503, Vec::new(), HOOK.to_owned())),
        (Method::Post, "/restore", Wrong::Instead(401, Vec::new(), TOKEN.to_owned())),
    ];
    for (method, part, wrong) in faults {
        let mut state = State::with_site();
        state.fail(method, part, 99, wrong);
        let place = Place::new(state);
        let mut scene = Scene::new();
        scene.order.targets[0].way = if part.contains("hook") { Way::Hook } else { Way::Upload };
        let ending = place.run(&mut scene);
        let records = scene.book.borrow().records.clone();
        let told = format!("{:?} {}", ending.run, serde_json::to_string(&records).unwrap());
        assert!(!told.contains(TOKEN) && !told.contains("5f0c0ffee5f0"), "{part}: {told}");
        assert_ne!(ending.name(), "SUCCESS");
    }
}

fn request(url: &str, timeout: u64) -> Request {
    Request { method: Method::Get, url: url.to_owned(), headers: Vec::new(), body: Vec::new(), timeout }
}

/// A server that does this with each connection.
fn raw(act: impl Fn(TcpStream) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || listener.incoming().flatten().for_each(act));
    format!("http://127.0.0.1:{port}/")
}

fn listen_to(stream: &mut TcpStream) {
    let mut buffer = [0; 4096];
    let _ = stream.read(&mut buffer);
}

#[test]
fn each_way_a_connection_fails_is_told_apart() {
    let transport = HttpTransport::new().unwrap();
    let ask = |url: &str| transport.send(&request(url, 700)).unwrap_err();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    assert_eq!(ask(&format!("http://127.0.0.1:{closed}/")), TransportError::Connect);
    assert_eq!(ask("http://no-such-host.invalid/"), TransportError::Name);
    assert_eq!(ask("http://[/"), TransportError::Connect);
    let cut = raw(|mut stream| listen_to(&mut stream));
    assert_eq!(ask(&cut), TransportError::Broken);
    let truncated = raw(|mut stream| {
        listen_to(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"id\":");
    });
    assert_eq!(ask(&truncated), TransportError::Broken);
    let slow = raw(|mut stream| {
        listen_to(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n");
        for _ in 0..50 {
            let _ = stream.write_all(b"x");
            std::thread::sleep(Duration::from_millis(100));
        }
    });
    let started = Instant::now();
    assert_eq!(ask(&slow), TransportError::TimedOut);
    assert!(started.elapsed() < Duration::from_secs(3));
    let plain = raw(|mut stream| {
        listen_to(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    });
    let error = ask(&plain.replace("http://", "https://"));
    assert!(matches!(error, TransportError::Insecure(_)), "{error:?}");
}

#[test]
fn a_thousand_requests_at_once_take_less_than_ten_seconds() {
    let port =
        http::listen(|_| Message { first: "HTTP/1.1 200 OK".to_owned(), body: b"{}".to_vec(), ..Message::default() });
    let requests: Vec<Request> = (0..1_000).map(|n| request(&format!("http://127.0.0.1:{port}/{n}"), 10_000)).collect();
    let transport = HttpTransport::new().unwrap();
    let started = Instant::now();
    let answers = transport.send_all(&requests, 32);
    let failed = answers.iter().filter(|answer| !answer.as_ref().is_ok_and(|answer| answer.status == 200)).count();
    assert_eq!(failed, 0);
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
}
