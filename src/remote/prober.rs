//! Asks published sites: connections that can be new on demand, what their handshakes show, and moments.

mod connection;
mod pace;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::Method;
use hyper::body::{Bytes, Incoming};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use url::Url;

use crate::verify::answer::{Answer, Failure, Hop, Micros, Timing};
use crate::verify::prober::{Errand, MOST_REDIRECTS, Prober};
use connection::{Connections, Open};
use pace::Pace;

/// Bytes of an answer that are taken.
const MOST_BYTES: usize = 64 << 20;
/// Time between two looks whether the run shall stop.
const LOOK: Duration = Duration::from_millis(100);

/// How much is asked at once.
#[derive(Debug, Clone)]
pub struct Manners {
    /// Requests at the same time.
    pub at_once: usize,
    /// Requests a second to each host; 0 does not limit them.
    pub per_second: u32,
    /// What is said of who asks.
    pub agent: String,
}

impl Default for Manners {
    fn default() -> Manners {
        Manners { at_once: 8, per_second: 50, agent: "chimera-verify/1".to_owned() }
    }
}

/// Asks sites over HTTP/1.1, with or without TLS.
pub struct SiteProber {
    runtime: Runtime,
    shared: Arc<Shared>,
}

struct Shared {
    connections: Connections,
    pace: Pace,
    manners: Manners,
    is_stopped: Arc<AtomicBool>,
}

impl SiteProber {
    /// A prober without connections, which gives up when `is_stopped` becomes true.
    ///
    /// # Errors
    /// When the machine gives no runtime, or has no certificates of authorities.
    pub fn new(manners: Manners, is_stopped: Arc<AtomicBool>) -> std::io::Result<SiteProber> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let (connections, pace) = (Connections::new()?, Pace::new(manners.per_second));
        Ok(SiteProber { runtime, shared: Arc::new(Shared { connections, pace, manners, is_stopped }) })
    }
}

impl Prober for SiteProber {
    fn ask(&self, errand: &Errand) -> Result<Answer, Failure> {
        self.runtime.block_on(run(Arc::clone(&self.shared), errand.clone()))
    }

    fn ask_all(&self, errands: &[Errand]) -> Vec<Result<Answer, Failure>> {
        let places = Arc::new(Semaphore::new(self.shared.manners.at_once.max(1)));
        let mut answers: Vec<_> = errands.iter().map(|_| Err(Failure::Interrupted)).collect();
        self.runtime.block_on(async {
            let mut tasks = JoinSet::new();
            for (number, errand) in errands.iter().cloned().enumerate() {
                let (shared, places) = (Arc::clone(&self.shared), Arc::clone(&places));
                tasks.spawn(async move {
                    // The semaphore is never closed.
                    let _place = places.acquire_owned().await;
                    (number, run(shared, errand).await)
                });
            }
            while let Some(done) = tasks.join_next().await {
                if let Ok((number, answer)) = done {
                    answers[number] = answer;
                }
            }
        });
        answers
    }
}

/// One errand, within its time.
async fn run(shared: Arc<Shared>, errand: Errand) -> Result<Answer, Failure> {
    let stop = Arc::clone(&shared.is_stopped);
    let url = Url::parse(&errand.url).map_err(|_| Failure::Address(errand.url.clone()))?;
    shared.pace.wait(url.host_str().unwrap_or_default()).await;
    let span = Duration::from_millis(errand.timeout);
    let timeout = errand.timeout;
    tokio::select! {
        answer = tokio::time::timeout(span, follow(&shared, errand, url)) => answer.unwrap_or(Err(Failure::TimedOut(timeout))),
        () = stopped(&stop) => Err(Failure::Interrupted),
    }
}

async fn stopped(flag: &AtomicBool) {
    while !flag.load(Ordering::SeqCst) {
        tokio::time::sleep(LOOK).await;
    }
}

/// Asks, and goes where the answer leads.
async fn follow(shared: &Shared, mut errand: Errand, mut url: Url) -> Result<Answer, Failure> {
    let started = Instant::now();
    let mut hops: Vec<Hop> = Vec::new();
    loop {
        let mut answer = exchange(shared, &errand, &url).await?;
        let target = target(&answer, &url);
        let Some(next) = target.filter(|_| errand.redirects > 0) else {
            answer.hops = hops;
            answer.timing.total = micros(started.elapsed());
            return Ok(answer);
        };
        if hops.len() >= usize::from(errand.redirects.min(MOST_REDIRECTS)) {
            return Err(Failure::TooManyRedirects(errand.redirects));
        }
        let location = answer.header("location").unwrap_or_default().to_owned();
        hops.push(Hop { url: url.to_string(), status: answer.status, location });
        redirect(&mut errand, answer.status, &url, &next);
        url = next;
    }
}

/// Where an answer leads, if it leads anywhere that can be asked.
fn target(answer: &Answer, url: &Url) -> Option<Url> {
    let leads = matches!(answer.status, 301 | 302 | 303 | 307 | 308);
    let next = url.join(answer.header("location").filter(|_| leads)?).ok()?;
    (matches!(next.scheme(), "http" | "https") && next.has_host()).then_some(next)
}

/// The request that a redirect asks for (RFC 9110, 15.4); what is meant for one host is not told to another.
fn redirect(errand: &mut Errand, status: u16, from: &Url, to: &Url) {
    let is_read = matches!(errand.method.as_str(), "GET" | "HEAD");
    if !is_read && (status == 303 || (errand.method == "POST" && matches!(status, 301 | 302))) {
        errand.method = "GET".to_owned();
        errand.body.clear();
        errand.headers.retain(|(name, _)| !name.to_ascii_lowercase().starts_with("content-"));
    }
    if from.origin() != to.origin() {
        let is_private = |name: &str| ["authorization", "cookie"].iter().any(|known| name.eq_ignore_ascii_case(known));
        errand.headers.retain(|(name, _)| !is_private(name));
    }
}

/// One request; a connection that the other side has meanwhile given up is replaced once.
async fn exchange(shared: &Shared, errand: &Errand, url: &Url) -> Result<Answer, Failure> {
    let kept = if errand.is_fresh { None } else { shared.connections.take(url) };
    if let Some(mut open) = kept
        && open.sender.ready().await.is_ok()
    {
        let is_repeatable = matches!(errand.method.as_str(), "GET" | "HEAD");
        match send(shared, open, None, errand, url).await {
            Err(Failure::Reset) if is_repeatable => {}
            result => return result,
        }
    }
    let started = Instant::now();
    let open = shared.connections.open(url).await?;
    send(shared, open, Some(micros(started.elapsed())), errand, url).await
}

async fn send(
    shared: &Shared,
    mut open: Open,
    connect: Option<Micros>,
    errand: &Errand,
    url: &Url,
) -> Result<Answer, Failure> {
    let request = request(shared, errand, url)?;
    let sent = Instant::now();
    let response = open.sender.send_request(request).await.map_err(|error| reason(&error))?;
    let first_byte = micros(sent.elapsed());
    let (parts, body) = response.into_parts();
    let body = collect(body).await?;
    let header = |(name, value): (&hyper::header::HeaderName, &hyper::header::HeaderValue)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let answer = Answer {
        status: parts.status.as_u16(),
        version: format!("{:?}", parts.version),
        headers: parts.headers.iter().map(header).collect(),
        body,
        url: url.to_string(),
        hops: Vec::new(),
        peer: open.peer.clone(),
        timing: Timing { connect, first_byte, total: micros(sent.elapsed()) },
        tls: open.tls.clone(),
    };
    shared.connections.give_back(url, open);
    Ok(answer)
}

async fn collect(body: Incoming) -> Result<Vec<u8>, Failure> {
    let whole = Limited::new(body, MOST_BYTES).collect().await.map_err(|error| {
        let is_long = error.is::<http_body_util::LengthLimitError>();
        if is_long { Failure::TooLong } else { Failure::Reset }
    })?;
    Ok(whole.to_bytes().to_vec())
}

fn request(shared: &Shared, errand: &Errand, url: &Url) -> Result<hyper::Request<Full<Bytes>>, Failure> {
    let wrong = || Failure::Address(url.to_string());
    let method = Method::from_bytes(errand.method.as_bytes()).map_err(|_| wrong())?;
    let place = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    let host = match (url.host_str().unwrap_or_default(), url.port()) {
        (host, Some(port)) => format!("{host}:{port}"),
        (host, None) => host.to_owned(),
    };
    let usual = [
        ("host", host.as_str()),
        ("user-agent", shared.manners.agent.as_str()),
        ("accept", "*/*"),
        ("accept-encoding", "identity"),
    ];
    let mut builder = hyper::Request::builder().method(method).uri(place);
    for (name, value) in usual {
        if !errand.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name)) {
            builder = builder.header(name, value);
        }
    }
    for (name, value) in &errand.headers {
        builder = builder.header(name, value);
    }
    builder.body(Full::new(Bytes::from(errand.body.clone()))).map_err(|_| wrong())
}

fn reason(error: &hyper::Error) -> Failure {
    if error.is_parse() { Failure::Protocol } else { Failure::Reset }
}

fn micros(span: Duration) -> Micros {
    u64::try_from(span.as_micros()).unwrap_or(u64::MAX)
}
