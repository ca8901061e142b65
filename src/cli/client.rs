//! The client of a node's interface: HTTP over the Unix socket in its data folder or, where no node runs and none is
//! needed, the same handlers in this process.

use std::fmt::Display;
use std::future::Future;
use std::path::{Path, PathBuf};

use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Body, Bytes};
use hyper::header::{CONTENT_TYPE, HOST};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::net::UnixStream;

use super::exit::Exit;
use crate::api::{InProcess, Problem};
use crate::digest::{Digest, Sha256};
use crate::limits::API_REPLY_BYTES_MAX;

/// Name of the socket in the data folder.
pub(super) const SOCKET: &str = "tally.sock";

/// Why the node gave no success.
#[derive(Debug, thiserror::Error)]
pub(super) enum ClientError {
    /// Nobody listens on the socket.
    #[error("no node runs here ({}); start it with: tally node --config {}", socket.display(), config.display())]
    NotRunning {
        /// The socket.
        socket: PathBuf,
        /// The configuration.
        config: PathBuf,
    },
    /// The socket is there, and this user may not use it, or the path is too long for one.
    #[error("the node's socket {} cannot be used: {source}", socket.display())]
    Socket {
        /// The socket.
        socket: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The connection broke.
    #[error("the connection to the node broke: {0}")]
    Broken(String),
    /// The node refuses or fails.
    #[error("{detail} ({code})", detail = .0.detail, code = .0.code)]
    Problem(Box<Problem>),
    /// A reply that this program does not know: another version of the program runs.
    #[error("the node's reply is not of the known form ({0}): does another version of the program run?")]
    Form(String),
}

impl ClientError {
    /// Whether the node may have done a part of what it was asked.
    pub(super) fn may_have_begun(&self) -> bool {
        match self {
            Self::Broken(_) | Self::Form(_) => true,
            Self::Problem(problem) => problem.status >= 500,
            Self::NotRunning { .. } | Self::Socket { .. } => false,
        }
    }

    /// The exit code of a command that ends with it.
    pub(super) fn exit(&self) -> Exit {
        match self {
            Self::Problem(problem) => match problem.status {
                409 => Exit::Refused,
                400..=499 => Exit::Usage,
                _ => Exit::Fault,
            },
            _ => Exit::Fault,
        }
    }
}

/// A client of one node.
#[derive(Clone, Debug)]
pub(super) struct Client {
    way: Way,
}

/// How the node is reached.
#[derive(Clone, Debug)]
enum Way {
    /// It runs. A connection for each request: they are local, and few.
    Socket { socket: PathBuf, config: PathBuf },
    /// Its store was opened here.
    Here(InProcess),
}

impl Client {
    /// Of the node whose socket this is.
    pub(super) fn new(socket: PathBuf, config: PathBuf) -> Self {
        Self { way: Way::Socket { socket, config } }
    }

    /// Of a node in this process.
    pub(super) fn here(interface: InProcess) -> Self {
        Self { way: Way::Here(interface) }
    }

    /// Whether the node is in this process, for none runs.
    pub(super) fn is_here(&self) -> bool {
        matches!(self.way, Way::Here(_))
    }

    /// Whether a node listens.
    pub(super) fn is_listened_to(&self) -> Result<bool, ClientError> {
        let Way::Socket { socket, config } = &self.way else { return Ok(true) };
        match std::os::unix::net::UnixStream::connect(socket) {
            Ok(_) => Ok(true),
            Err(source) => match unconnected(source, socket, config) {
                ClientError::NotRunning { .. } => Ok(false),
                error => Err(error),
            },
        }
    }

    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ClientError> {
        self.send(Method::GET, path, Bytes::new()).await
    }

    /// The body of a reply, as it is.
    pub(super) async fn get_bytes(&self, path: &str) -> Result<Vec<u8>, ClientError> {
        let bytes = self.exchange(Method::GET, path, Bytes::new(), API_REPLY_BYTES_MAX).await?;
        Ok(bytes.into())
    }

    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, ClientError> {
        self.send(Method::POST, path, json(body)?).await
    }

    async fn send<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Bytes,
    ) -> Result<T, ClientError> {
        let bytes = self.exchange(method, path, body, API_REPLY_BYTES_MAX).await?;
        serde_json::from_slice(&bytes).map_err(|error| ClientError::Form(place(&error)))
    }

    /// Sends a request whose reply is taken as it comes, at most `bytes_max` of it.
    pub(super) async fn post_for_bytes(
        &self,
        path: &str,
        body: &impl Serialize,
        bytes_max: usize,
    ) -> Result<Bytes, ClientError> {
        self.exchange(Method::POST, path, json(body)?, bytes_max).await
    }

    /// Sends a request whose reply is one JSON object a line, and gives each line as it comes.
    pub(super) async fn post_lines(
        &self,
        path: &str,
        body: &impl Serialize,
        mut line: impl FnMut(serde_json::Value),
    ) -> Result<(), ClientError> {
        let request = request(Method::POST, path, json(body)?)?;
        self.ask(request, async |response| read_lines(response, &mut line).await).await
    }

    /// Gives each piece of a reply as it comes, whatever its length. A reply that breaks off is an error.
    pub(super) async fn get_pieces<E: From<ClientError>>(
        &self,
        path: &str,
        mut piece: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let request = request(Method::GET, path, Bytes::new())?;
        self.ask(request, async |response| Ok(read_pieces(response, &mut piece).await)).await?
    }

    /// The body of a success.
    async fn exchange(
        &self,
        method: Method,
        path: &str,
        body: Bytes,
        bytes_max: usize,
    ) -> Result<Bytes, ClientError> {
        let request = request(method, path, body)?;
        let read = self.ask(request, async |response| read_whole(response, bytes_max).await);
        let (status, bytes) = read.await?;
        if status.is_success() { Ok(bytes) } else { Err(refused(status, &bytes)) }
    }

    /// Sends a request to where the interface is, and reads its reply.
    async fn ask<T>(
        &self,
        request: Request<Full<Bytes>>,
        read: impl AsyncFnOnce(Response<Reply>) -> Result<T, ClientError>,
    ) -> Result<T, ClientError> {
        match &self.way {
            Way::Here(interface) => read(of_any(interface.call(request).await)).await,
            Way::Socket { socket, config } => {
                let stream = connect(socket, config).await?;
                let (mut sender, connection) =
                    hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
                let replied = async {
                    let response = sender.send_request(request).await.map_err(broken)?;
                    read(of_any(response)).await
                };
                drive(replied, connection).await
            }
        }
    }
}

/// The body of a reply, whichever way it came.
type Reply = UnsyncBoxBody<Bytes, Box<dyn std::error::Error + Send + Sync>>;

fn of_any<B>(response: Response<B>) -> Response<Reply>
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    response.map(|body| body.map_err(Into::into).boxed_unsync())
}

fn broken(error: impl Display) -> ClientError {
    ClientError::Broken(error.to_string())
}

async fn connect(socket: &Path, config: &Path) -> Result<UnixStream, ClientError> {
    UnixStream::connect(socket).await.map_err(|source| unconnected(source, socket, config))
}

/// Why a socket gives no connection.
fn unconnected(source: std::io::Error, socket: &Path, config: &Path) -> ClientError {
    let socket = socket.to_owned();
    match source.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::ConnectionRefused => {
            ClientError::NotRunning { socket, config: config.to_owned() }
        }
        _ => ClientError::Socket { socket, source },
    }
}

async fn read_whole(response: Response<Reply>, bytes_max: usize) -> Result<(StatusCode, Bytes), ClientError> {
    let status = response.status();
    let body = Limited::new(response.into_body(), bytes_max).collect().await.map_err(broken)?;
    Ok((status, body.to_bytes()))
}

/// Gives each piece of the body of a success as it comes.
async fn read_pieces<E: From<ClientError>>(
    response: Response<Reply>,
    piece: &mut impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    if !response.status().is_success() {
        let (status, bytes) = read_whole(response, API_REPLY_BYTES_MAX).await?;
        return Err(refused(status, &bytes).into());
    }
    let mut body = std::pin::pin!(response.into_body());
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame.map_err(broken)?.into_data() {
            piece(&data)?;
        }
    }
    Ok(())
}

/// Gives each line of the body of a success as it comes.
async fn read_lines(
    response: Response<Reply>,
    line: &mut impl FnMut(serde_json::Value),
) -> Result<(), ClientError> {
    let status = response.status();
    let mut body = std::pin::pin!(response.into_body());
    let mut waiting = Vec::new();
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame.map_err(broken)?.into_data() {
            waiting.extend_from_slice(&data);
        }
        if waiting.len() > API_REPLY_BYTES_MAX {
            return Err(ClientError::Form("a line without end".to_owned()));
        }
        while status.is_success()
            && let Some(end) = waiting.iter().position(|byte| *byte == b'\n')
        {
            let rest = waiting.split_off(end + 1);
            let whole = std::mem::replace(&mut waiting, rest);
            line(serde_json::from_slice(&whole).map_err(|error| ClientError::Form(place(&error)))?);
        }
    }
    if status.is_success() { Ok(()) } else { Err(refused(status, &waiting)) }
}

/// Waits for a reply while its connection is driven: it moves only while it is polled. That the node closes it after
/// its reply is no fault.
async fn drive<T>(
    replied: impl Future<Output = Result<T, ClientError>>,
    connection: impl Future<Output = hyper::Result<()>>,
) -> Result<T, ClientError> {
    let mut replied = std::pin::pin!(replied);
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        biased;
        replied = replied.as_mut() => replied,
        ended = connection.as_mut() => match ended {
            Ok(()) => replied.await,
            Err(error) => Err(ClientError::Broken(error.to_string())),
        },
    }
}

/// What a reply that is no success says.
fn refused(status: StatusCode, body: &[u8]) -> ClientError {
    match serde_json::from_slice::<Problem>(body) {
        Ok(problem) => ClientError::Problem(Box::new(problem)),
        Err(_) => ClientError::Form(format!("status {status}")),
    }
}

fn json(body: &impl Serialize) -> Result<Bytes, ClientError> {
    serde_json::to_vec(body).map(Bytes::from).map_err(|error| ClientError::Form(error.to_string()))
}

fn request(method: Method, path: &str, body: Bytes) -> Result<Request<Full<Bytes>>, ClientError> {
    Request::builder()
        .method(method)
        .uri(path)
        .header(HOST, "localhost")
        .header(CONTENT_TYPE, "application/json")
        .body(Full::new(body))
        .map_err(|error| ClientError::Form(error.to_string()))
}

/// Where JSON is wrong, without what it says.
fn place(error: &serde_json::Error) -> String {
    format!("line {} column {}", error.line(), error.column())
}

/// Runs what waits for the node.
pub(super) fn wait<T>(work: impl Future<Output = T>) -> std::io::Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
    Ok(runtime.block_on(work))
}

/// SHA-256 of a file of any size.
pub(super) fn sha256_of(path: &Path) -> std::io::Result<Digest> {
    let mut sum = Sha256::default();
    std::io::copy(&mut std::fs::File::open(path)?, &mut sum)?;
    Ok(sum.finish())
}
