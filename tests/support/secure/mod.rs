//! Sites on connections that stay, and sites with certificates of every kind.

use std::io::{BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// Answers every request of one connection by asking a site that closes each of its own.
pub(crate) fn relay(stream: TcpStream, site: &str) {
    let _ = stream.set_nodelay(true);
    let mut reader = BufReader::new(stream);
    loop {
        let Some(head) = head(&mut reader) else { return };
        let Ok(mut other) = TcpStream::connect(site) else { return };
        let mut answer = Vec::new();
        if other.write_all(head.as_bytes()).and_then(|()| other.read_to_end(&mut answer)).is_err() {
            return;
        }
        let text = String::from_utf8_lossy(&answer).replacen("connection: close\r\n", "", 1);
        if reader.get_mut().write_all(text.as_bytes()).is_err() {
            return;
        }
    }
}

/// The first lines of a request without a body.
fn head(reader: &mut impl std::io::BufRead) -> Option<String> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    Some(head)
}

/// An authority, and sites whose certificates it signed.
pub(crate) struct Town {
    folder: tempfile::TempDir,
    authority: CertifiedIssuer<'static, KeyPair>,
}

fn params(name: &str, days: (i64, i64)) -> CertificateParams {
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    let day = |days: i64| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
        let now = jiff::Timestamp::from_second(i64::try_from(now).unwrap()).unwrap();
        let date = now.to_zoned(jiff::tz::TimeZone::UTC).date();
        let date = date.checked_add(jiff::Span::new().days(days)).unwrap();
        date_time_ymd(i32::from(date.year()), date.month().unsigned_abs(), date.day().unsigned_abs())
    };
    (params.not_before, params.not_after) = (day(days.0), day(days.1));
    params
}

impl Town {
    pub(crate) fn new() -> Town {
        Town::of("authority.test")
    }

    fn of(name: &str) -> Town {
        let issuer = || {
            let mut params = params(name, (-100, 1_000));
            params.distinguished_name.push(DnType::CommonName, name);
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
        };
        let (folder, authority) = (tempfile::tempdir().unwrap(), issuer());
        std::fs::write(folder.path().join("authority.pem"), authority.pem()).unwrap();
        Town { folder, authority }
    }

    pub(crate) fn authority(&self) -> PathBuf {
        self.folder.path().join("authority.pem")
    }

    /// A site with a certificate of this kind; its address.
    pub(crate) fn serve(&self, kind: &str) -> String {
        let (name, days) = match kind {
            "soon" => ("localhost", (-1, 15)),
            "late" => ("localhost", (-1, 3)),
            "expired" => ("localhost", (-30, -1)),
            "other" => ("other.test", (-1, 100)),
            _ => ("localhost", (-1, 100)),
        };
        let key = KeyPair::generate().unwrap();
        let certificate = match kind {
            "stranger" => params(name, days).signed_by(&key, &Town::of("stranger.test").authority).unwrap(),
            _ => params(name, days).signed_by(&key, &self.authority).unwrap(),
        };
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::try_from(key.serialize_der()).unwrap());
        let config = Arc::new(config.unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let config = Arc::clone(&config);
                std::thread::spawn(move || answer(stream, config));
            }
        });
        format!("https://localhost:{port}")
    }
}

fn answer(stream: TcpStream, config: Arc<ServerConfig>) {
    let Ok(session) = ServerConnection::new(config) else { return };
    let mut reader = BufReader::new(StreamOwned::new(session, stream));
    while head(&mut reader).is_some() {
        let text = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 2\r\n\r\nhi";
        if reader.get_mut().write_all(text.as_bytes()).is_err() {
            return;
        }
    }
}
