//! Several interfaces under one address.

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use tower::ServiceExt as _;

/// Hands a request to the first of `parts` with whose beginning its path begins, or to `rest`. Each part sees the request
/// as it came.
pub fn by_path(parts: Vec<(&'static str, Router)>, rest: Router) -> Router {
    Router::new().fallback(move |request: Request| {
        let path = request.uri().path();
        let part = parts.iter().find(|(begin, _)| path.starts_with(begin)).map_or(&rest, |(_, part)| part);
        let part = part.clone();
        async move {
            let Ok(response) = part.oneshot(request).await;
            guarded(response)
        }
    })
}

/// What every reply to a browser says, whoever made it: it is what it says it is, stays out of frames, and leaks no path.
fn guarded(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
    ] {
        // A page that needs more has said so itself.
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::routing::get;

    use super::*;

    #[tokio::test]
    async fn every_part_is_guarded_and_may_say_more() {
        let part = Router::new().route("/part/a", get(|| async { "part" }));
        let rest = get(|| async { ([(header::REFERRER_POLICY, "same-origin")], "rest") });
        let router = by_path(vec![("/part/", part)], Router::new().route("/{*path}", rest));
        for (path, status, policy) in [
            ("/part/a", 200, "no-referrer"),
            ("/part/b", 404, "no-referrer"),
            ("/partly", 200, "same-origin"),
        ] {
            let request = Request::get(path).body(Body::empty()).unwrap();
            let reply = router.clone().oneshot(request).await.unwrap();
            let header = |name| reply.headers().get(name).unwrap();
            assert_eq!(reply.status(), status);
            assert_eq!(header(header::REFERRER_POLICY), policy);
            assert_eq!(header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
            assert_eq!(header(header::X_FRAME_OPTIONS), "DENY");
        }
    }
}
