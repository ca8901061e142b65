//! What is left of a request's body when its reply is ready.
//!
//! A request that is refused early, for its token or a parameter, has not been read to its end. Whoever still sends hears
//! no reply: a connection that is closed before everything was read is reset. So the rest is read, as far as it is short.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Bytes;
use http_body_util::{BodyExt as _, Limited};
use hyper::body::{Body, Frame, SizeHint};
use tokio::sync::oneshot;

use crate::limits::{UNREAD_BYTES_MAX, UNREAD_SECONDS_MAX};

/// A body that hands itself on when it is dropped before its end.
pub(super) struct Watched<B: Body + Unpin> {
    /// None once it was read to its end.
    body: Option<B>,
    rest: Option<oneshot::Sender<B>>,
}

/// The rest of a [`Watched`] body, once its reader has let it go.
pub(super) struct Rest<B>(oneshot::Receiver<B>);

/// A body to be read, and what is left of it afterwards.
pub(super) fn watched<B: Body + Unpin>(body: B) -> (Watched<B>, Rest<B>) {
    let (sender, receiver) = oneshot::channel();
    (Watched { body: Some(body), rest: Some(sender) }, Rest(receiver))
}

impl<B: Body<Data = Bytes> + Unpin> Rest<B> {
    /// Reads what its reader has left, within bounds of size and time. What somebody still reads is left to him.
    pub(super) async fn read(mut self)
    where
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let Ok(rest) = self.0.try_recv() else { return };
        let mut rest = Limited::new(rest, UNREAD_BYTES_MAX);
        let all = async { while let Some(Ok(_)) = rest.frame().await {} };
        // Whoever sends more has to live without the reply.
        let _ = tokio::time::timeout(Duration::from_secs(UNREAD_SECONDS_MAX), all).await;
    }
}

impl<B: Body + Unpin> Body for Watched<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let Some(body) = self.body.as_mut() else { return Poll::Ready(None) };
        let polled = Pin::new(body).poll_frame(context);
        if matches!(polled, Poll::Ready(None | Some(Err(_)))) {
            self.body = None;
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or_else(|| SizeHint::with_exact(0), Body::size_hint)
    }
}

impl<B: Body + Unpin> Drop for Watched<B> {
    fn drop(&mut self) {
        if let (Some(body), Some(rest)) = (self.body.take(), self.rest.take())
            && !body.is_end_stream()
        {
            // Nobody waits for it where the connection is gone.
            let _ = rest.send(body);
        }
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::Full;

    use super::*;

    #[tokio::test]
    async fn what_is_let_go_early_is_read_to_its_end() {
        let body = || Full::new(Bytes::from_static(b"abc"));
        let (watched_body, mut rest) = watched(body());
        drop(watched_body);
        let left = rest.0.try_recv().unwrap();
        assert_eq!(left.collect().await.unwrap().to_bytes(), "abc");
        // Of what was read to its end nothing is left, and of what is still read nothing yet.
        let (watched_body, mut rest) = watched(body());
        assert!(rest.0.try_recv().is_err());
        assert_eq!(watched_body.collect().await.unwrap().to_bytes(), "abc");
        assert!(rest.0.try_recv().is_err());
    }
}
