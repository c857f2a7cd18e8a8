//! The transport of the real world: HTTP over TLS, many requests at once on one thread.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::remote::transport::{Request, Response, Transport, TransportError};

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(5);
/// Bytes of an answer that are taken.
const MOST_BYTES: usize = 64 << 20;

type Inner = Client<HttpsConnector<HttpConnector>, Full<Bytes>>;

/// How long a request may still take when the run shall stop.
const GRACE: Duration = Duration::from_secs(2);
/// Time between two looks whether it shall.
const LOOK: Duration = Duration::from_millis(100);

/// A pool of connections.
pub struct HttpTransport {
    runtime: Runtime,
    client: Inner,
    is_stopped: Arc<AtomicBool>,
}

impl HttpTransport {
    /// A pool without connections.
    ///
    /// # Errors
    /// When the machine gives no runtime, or has no certificates of authorities.
    pub fn new() -> std::io::Result<HttpTransport> {
        HttpTransport::until(Arc::default())
    }

    /// A pool whose requests are cut short when this becomes true.
    ///
    /// # Errors
    /// When the machine gives no runtime, or has no certificates of authorities.
    pub fn until(is_stopped: Arc<AtomicBool>) -> std::io::Result<HttpTransport> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let mut connector = HttpConnector::new();
        connector.set_connect_timeout(Some(CONNECT));
        connector.enforce_http(false);
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let connector = HttpsConnectorBuilder::new()
            .with_provider_and_native_roots(provider)?
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector);
        let client = Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(connector);
        Ok(HttpTransport { runtime, client, is_stopped })
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: &Request) -> Result<Response, TransportError> {
        self.runtime.block_on(exchange(self.client.clone(), request.clone(), Arc::clone(&self.is_stopped)))
    }

    fn send_all(&self, requests: &[Request], at_once: usize) -> Vec<Result<Response, TransportError>> {
        let places = Arc::new(Semaphore::new(at_once.max(1)));
        let mut answers: Vec<_> = requests.iter().map(|_| Err(TransportError::Broken)).collect();
        self.runtime.block_on(async {
            let mut tasks = JoinSet::new();
            for (number, request) in requests.iter().cloned().enumerate() {
                let (client, places) = (self.client.clone(), Arc::clone(&places));
                let is_stopped = Arc::clone(&self.is_stopped);
                tasks.spawn(async move {
                    // The semaphore is never closed.
                    let _place = places.acquire_owned().await;
                    (number, exchange(client, request, is_stopped).await)
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

async fn exchange(client: Inner, request: Request, is_stopped: Arc<AtomicBool>) -> Result<Response, TransportError> {
    let span = Duration::from_millis(request.timeout);
    let whole = async {
        let mut builder = hyper::Request::builder().method(request.method.name()).uri(&request.url);
        for (name, value) in &request.headers {
            builder = builder.header(*name, value);
        }
        // An address or a header that cannot be one: nothing is sent.
        let message = builder.body(Full::new(Bytes::from(request.body))).map_err(|_| TransportError::Connect)?;
        let answer = client.request(message).await.map_err(|error| reason(&error))?;
        let (parts, body) = answer.into_parts();
        let header = |(name, value): (&hyper::header::HeaderName, &hyper::header::HeaderValue)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        let headers = parts.headers.iter().map(header).collect();
        let body = Limited::new(body, MOST_BYTES).collect().await.map_err(|error| {
            let is_long = error.is::<http_body_util::LengthLimitError>();
            if is_long { TransportError::TooLong } else { TransportError::Broken }
        })?;
        Ok(Response { status: parts.status.as_u16(), headers, body: body.to_bytes().to_vec() })
    };
    tokio::select! {
        answer = tokio::time::timeout(span, whole) => answer.unwrap_or(Err(TransportError::TimedOut)),
        () = stopped(&is_stopped) => Err(TransportError::TimedOut),
    }
}

/// Ends some time after the run shall stop.
async fn stopped(flag: &AtomicBool) {
    while !flag.load(Ordering::SeqCst) {
        tokio::time::sleep(LOOK).await;
    }
    tokio::time::sleep(GRACE).await;
}

fn reason(error: &hyper_util::client::legacy::Error) -> TransportError {
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    while let Some(inner) = cause {
        if let Some(broken) = distrust(inner) {
            return TransportError::Insecure(broken.to_string());
        }
        if error.is_connect() && inner.to_string().contains("dns error") {
            return TransportError::Name;
        }
        cause = inner.source();
    }
    if error.is_connect() { TransportError::Connect } else { TransportError::Broken }
}

/// A failure of TLS is wrapped, more than once, as one of input and output, which hides its source.
fn distrust<'a>(mut error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    loop {
        if let Some(broken) = error.downcast_ref::<rustls::Error>() {
            return Some(broken);
        }
        error = error.downcast_ref::<std::io::Error>()?.get_ref()?;
    }
}
