//! Connections to sites: new ones, and those that are kept for the next request.

use std::collections::HashMap;
use std::error::Error;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_rustls::ConfigBuilderExt as _;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{CertificateError, ClientConfig, ProtocolVersion};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio_rustls::TlsConnector;
use url::{Host, Url};

use crate::verify::answer::{Failure, Tls, TlsFailure};

/// How long a connection may take to come about, with its handshake.
const CONNECT: Duration = Duration::from_secs(5);

/// A connection that can carry a request.
pub(super) struct Open {
    pub(super) sender: SendRequest<Full<Bytes>>,
    pub(super) tls: Option<Tls>,
    pub(super) peer: Option<String>,
}

/// All connections.
pub(super) struct Connections {
    tls: TlsConnector,
    kept: Mutex<HashMap<String, Vec<Open>>>,
    /// Where a host has several addresses, each new connection takes the next one.
    turn: AtomicUsize,
}

impl Connections {
    pub(super) fn new() -> std::io::Result<Connections> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(std::io::Error::other)?
            .with_native_roots()?
            .with_no_client_auth();
        let tls = TlsConnector::from(Arc::new(config));
        Ok(Connections { tls, kept: Mutex::default(), turn: AtomicUsize::new(0) })
    }

    /// A connection that is kept, if one seems to stand.
    pub(super) fn take(&self, url: &Url) -> Option<Open> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let all = kept.get_mut(&key(url))?;
        while let Some(open) = all.pop() {
            if !open.sender.is_closed() {
                return Some(open);
            }
        }
        None
    }

    /// Keeps a connection for the next request.
    pub(super) fn give_back(&self, url: &Url, open: Open) {
        if !open.sender.is_closed() {
            self.kept.lock().unwrap_or_else(PoisonError::into_inner).entry(key(url)).or_default().push(open);
        }
    }

    /// Makes a new connection.
    pub(super) async fn open(&self, url: &Url) -> Result<Open, Failure> {
        let span = u64::try_from(CONNECT.as_millis()).unwrap_or(u64::MAX);
        tokio::time::timeout(CONNECT, self.connect(url)).await.unwrap_or(Err(Failure::TimedOut(span)))
    }

    async fn connect(&self, url: &Url) -> Result<Open, Failure> {
        let wrong = || Failure::Address(url.to_string());
        let (host, port) = (url.host().ok_or_else(wrong)?, url.port_or_known_default().ok_or_else(wrong)?);
        let stream = self.reach(&host, port).await?;
        // A connection that waits for more bytes before it sends is slow at every request.
        let _ = stream.set_nodelay(true);
        let peer = stream.peer_addr().ok().map(|address| address.ip().to_string());
        if url.scheme() == "http" {
            return Ok(Open { sender: speak(stream).await?, tls: None, peer });
        }
        let name = match host {
            Host::Domain(name) => ServerName::try_from(name.to_owned()).map_err(|_| wrong())?,
            Host::Ipv4(address) => ServerName::from(std::net::IpAddr::from(address)),
            Host::Ipv6(address) => ServerName::from(std::net::IpAddr::from(address)),
        };
        let stream = self.tls.connect(name, stream).await.map_err(|error| distrust(&error))?;
        let session = stream.get_ref().1;
        let version = match session.protocol_version() {
            Some(ProtocolVersion::TLSv1_3) => "TLSv1.3",
            Some(ProtocolVersion::TLSv1_2) => "TLSv1.2",
            _ => "unknown",
        };
        let certificate = session.peer_certificates().and_then(|all| all.first()).map(|der| der.to_vec());
        let tls = Some(Tls { version: version.to_owned(), certificate: certificate.unwrap_or_default() });
        Ok(Open { sender: speak(stream).await?, tls, peer })
    }

    /// A stream to one of the host's addresses; the others are tried when it does not answer.
    async fn reach(&self, host: &Host<&str>, port: u16) -> Result<TcpStream, Failure> {
        let mut addresses: Vec<SocketAddr> = match host {
            Host::Domain(name) => lookup_host((*name, port)).await.map_err(|_| Failure::Name)?.collect(),
            Host::Ipv4(address) => vec![SocketAddr::from((*address, port))],
            Host::Ipv6(address) => vec![SocketAddr::from((*address, port))],
        };
        if addresses.is_empty() {
            return Err(Failure::Name);
        }
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) % addresses.len();
        addresses.rotate_left(turn);
        for address in addresses {
            if let Ok(stream) = TcpStream::connect(address).await {
                return Ok(stream);
            }
        }
        Err(Failure::Connect)
    }
}

fn key(url: &Url) -> String {
    url.origin().ascii_serialization()
}

async fn speak<S>(stream: S) -> Result<SendRequest<Full<Bytes>>, Failure>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|_| Failure::Protocol)?;
    // It ends when the other side ends it, or when nobody sends any more.
    tokio::spawn(connection);
    Ok(sender)
}

/// Why a handshake failed.
fn distrust(error: &std::io::Error) -> Failure {
    let inner = error.get_ref().map(|inner| inner as &(dyn Error + 'static));
    let Some(broken) = inner.and_then(|inner| inner.downcast_ref::<rustls::Error>()) else { return Failure::Reset };
    Failure::Tls(match broken {
        rustls::Error::InvalidCertificate(wrong) => match wrong {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => TlsFailure::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => TlsFailure::NotYetValid,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                TlsFailure::WrongName
            }
            CertificateError::UnknownIssuer => TlsFailure::UnknownIssuer,
            other => TlsFailure::Other(other.to_string()),
        },
        other => TlsFailure::Other(other.to_string()),
    })
}
