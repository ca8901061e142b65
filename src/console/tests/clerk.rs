//! The clerk's way: a file in, what was rejected, what is decided.

use super::support::{Desk, HOSTILE, Seen, TOKEN, Visitor, visitor};
use crate::model::user::Role;

const BOOK: &str = "account,client,status,as_of,currency,outstanding,disbursed,opened,kh-nid\n\
    A1,c1,current,2026-11-21,USD,100.00,200.00,2026-01-05,012345678\n\
    A2,c2,current,2026-11-21,USD,<b>x</b>,200.00,2026-01-05,112345678\n\
    A3,c3,wrong-word,2026-11-21,USD,50.00,200.00,2026-01-05,212345678\n";

fn clerk() -> Visitor {
    visitor(HOSTILE, 4, None, &[Role::DataClerk])
}

async fn load(desk: &Desk, who: &Visitor, more: &[(&str, &str)], file: &str) -> Seen {
    let fields = [&[("csrf", TOKEN), ("format", "csv")][..], more].concat();
    let sent = desk.upload(who, "/clerk/upload", &fields, "book <1>.csv", file.as_bytes()).await;
    let Some(to) = sent.to.clone() else { return sent };
    for _ in 0..200 {
        let seen = desk.get(who, &to).await;
        if let Some(next) = &seen.to {
            return desk.get(who, next).await;
        }
        if !seen.text.contains("http-equiv=\"refresh\"") {
            return seen;
        }
        assert!(seen.text.contains("data-moving"));
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the load does not end");
}

#[tokio::test]
async fn a_file_goes_in_and_its_faults_are_shown() {
    let desk = Desk::new(1);
    let clerk = clerk();
    let looked = load(&desk, &clerk, &[("look", "yes")], BOOK).await;
    assert!(looked.text.contains("nothing written") && looked.text.contains("*******78"), "{}", looked.text);
    assert!(desk.node.loads().unwrap().is_empty());
    let loaded = load(&desk, &clerk, &[], BOOK).await;
    assert_eq!(loaded.status, 200);
    assert!(loaded.text.contains("in the book"), "{}", loaded.text);
    assert!(
        loaded.text.contains("<mark>status</mark>") && loaded.text.contains("<mark>wrong-word</mark>"),
        "{}",
        loaded.text
    );
    assert!(loaded.text.contains("<mark>&#60;b&#62;x&#60;/b&#62;</mark>"), "{}", loaded.text);
    assert!(!loaded.text.contains("/undo"), "a clerk decides nothing");
    assert_eq!(desk.node.loads().unwrap()[0].good, 1);
    let again = load(&desk, &clerk, &[], BOOK).await;
    assert!(again.text.contains("loaded before") && again.text.contains("/clerk/loads/1"), "{}", again.text);
    let history = desk.get(&clerk, "/clerk").await;
    assert!(
        history.text.contains("/clerk/loads/1") && history.text.contains("&#60;1&#62;.csv"),
        "{}",
        history.text
    );
}

#[tokio::test]
async fn what_cannot_be_read_is_said_and_what_was_chosen_kept() {
    let desk = Desk::new(1);
    let clerk = clerk();
    let wrong = load(&desk, &clerk, &[("mapping", "nonsense = ["), ("branch", HOSTILE)], BOOK).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text.contains("nonsense = [") && wrong.text.contains("cannot be used"), "{}", wrong.text);
    let empty = load(&desk, &clerk, &[], "").await;
    assert!(empty.status == 422 && empty.text.contains("not loaded"), "{}", empty.text);
    let unnamed = desk.upload(&clerk, "/clerk/upload", &[("csrf", TOKEN), ("format", "csv")], "", b"").await;
    assert!(unnamed.status == 422 && unnamed.text.contains("Choose the file"), "{}", unnamed.text);
    for fields in [&[("format", "csv")][..], &[("csrf", "wrong"), ("format", "csv")]] {
        let sent = desk.upload(&clerk, "/clerk/upload", fields, "a.csv", BOOK.as_bytes()).await;
        assert_eq!(sent.status, 403);
    }
    assert!(desk.node.loads().unwrap().is_empty());
}

#[tokio::test]
async fn what_stands_before_the_file_is_bounded_all_together() {
    let desk = Desk::new(1);
    let (large, empty) = ("x".repeat(40_000), String::new());
    for (value, times, status) in
        [(&large, 1, 303), (&large, 2, 400), (&empty, 100, 303), (&empty, 2_000, 400)]
    {
        let more = vec![("more", value.as_str()); times];
        let fields = [&[("csrf", TOKEN), ("format", "csv"), ("look", "yes")][..], &more].concat();
        let sent = desk.upload(&clerk(), "/clerk/upload", &fields, "a.csv", BOOK.as_bytes()).await;
        assert_eq!(sent.status, status, "{times} of {}", value.len());
    }
}

#[tokio::test(start_paused = true)]
async fn a_form_that_stays_away_is_not_waited_for() {
    use axum::body::{Body, Bytes};
    use axum::http::{Request, header};
    use futures_util::StreamExt as _;
    let desk = Desk::new(1);
    for (path, kind) in [
        ("/clerk/loads/1/undo", "application/x-www-form-urlencoded"),
        ("/clerk/upload", "multipart/form-data; boundary=edge"),
    ] {
        let begun = futures_util::stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"--edge"))]);
        let body = Body::from_stream(begun.chain(futures_util::stream::pending()));
        let request = Request::post(path).header(header::CONTENT_TYPE, kind).body(body).unwrap();
        assert_eq!(desk.send(&clerk(), request).await.status, 400, "{path}");
    }
}

#[tokio::test]
async fn a_supervisor_decides_and_a_clerk_does_not() {
    let desk = Desk::new(1);
    let (clerk, supervisor) = (clerk(), visitor("Chan", 3, None, &[Role::Supervisor]));
    load(&desk, &clerk, &[], BOOK).await;
    assert_eq!(desk.post(&clerk, "/clerk/loads/1/undo", &[]).await.status, 403);
    assert_eq!(desk.post_bare(&supervisor, "/clerk/loads/1/undo", &[]).await.status, 403, "no token");
    let wrong = desk.post(&supervisor, "/clerk/loads/1/release", &[]).await;
    assert!(wrong.status == 422 && wrong.text.contains("not in a state"), "{}", wrong.text);
    assert!(desk.get(&supervisor, "/clerk/loads/1").await.text.contains("/clerk/loads/1/undo"));
    assert_eq!(desk.post(&supervisor, "/clerk/loads/1/undo", &[]).await.status, 303);
    let undone = desk.get(&clerk, "/clerk/loads/1").await;
    assert!(undone.text.contains("undone") && undone.text.contains("decided by Chan"), "{}", undone.text);
    assert_eq!(desk.get(&clerk, "/clerk/loads/7").await.status, 404);
}

#[tokio::test]
async fn what_holds_a_load_and_what_stands_in_its_way_is_said_in_the_readers_language() {
    let desk = Desk::new(1);
    let (mut clerk, mut supervisor) = (clerk(), visitor("Chan", 3, None, &[Role::Supervisor]));
    load(&desk, &clerk, &[], BOOK).await;
    let larger = BOOK.replace("USD,100.00", "USD,1234567.50").replace("2026-11-21", "2026-11-22");
    load(&desk, &clerk, &[], &larger).await;
    let held = desk.node.loads().unwrap().pop().unwrap();
    assert_eq!(held.held_for.len(), 1, "{:?}", held.held_for);
    for (language, figure) in [("km", "1,234,567.50"), ("az", "1.234.567,50"), ("es", "1.234.567,50")] {
        (clerk.language, supervisor.language) = (language, language);
        let page = desk.get(&clerk, "/clerk/loads/2").await;
        assert!(page.text.contains(figure) && !page.text.contains("would"), "{language}\n{}", page.text);
        let empty = load(&desk, &clerk, &[], "").await;
        assert!(empty.status == 422 && !empty.text.contains("is empty"), "{language}\n{}", empty.text);
    }
    desk.post(&supervisor, "/clerk/loads/2/release", &[]).await;
    let later = desk.post(&supervisor, "/clerk/loads/1/undo", &[]).await;
    assert!(later.status == 422 && later.text.contains("carga posterior"), "{}", later.text);
}

#[tokio::test]
async fn the_fault_of_a_row_is_said_in_the_clerks_language() {
    let desk = Desk::new(1);
    let mut clerk = clerk();
    clerk.language = "az";
    let looked = load(&desk, &clerk, &[("look", "yes")], BOOK).await;
    let loaded = load(&desk, &clerk, &[], BOOK).await;
    for page in [&looked.text, &loaded.text] {
        assert!(
            page.contains("Bu vəziyyət burada tanınmır") && page.contains("formasında ədəd deyil"),
            "{page}"
        );
        assert!(!page.contains("is not a"), "{page}");
    }
    clerk.language = "en";
    let english = desk.get(&clerk, "/clerk/loads/1").await.text;
    assert!(english.contains("is not a status that is known here"), "{english}");
}
