//! What a token's scope opens, and what it does not: another scope's operations, another branch's clients.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::support::{NOW, Served, consent};
use crate::api::operation::{Need, Operation};
use crate::api::operations::OPERATIONS;
use crate::limits::LISTED_PER_PAGE;
use crate::model::leaf::{Access, Leaf, LeafBody};
use crate::model::user::{Caller, RIGHTS, Right, Role};
use crate::people::{NewToken, NewUser, PeopleError};
use crate::secret::SecretVec;

pub(super) fn token(served: &Served, scope: &[Right], branch: Option<&str>) -> String {
    let new = NewToken {
        name: "a system".to_owned(),
        scope: scope.iter().copied().collect(),
        branch: branch.map(str::to_owned),
        expires: NOW.plus_seconds(86_400),
    };
    let issued = served.node.issue_token(&Caller::local(), &new).unwrap();
    String::from_utf8(issued.secret.expose().to_vec()).unwrap()
}

pub(super) async fn call(
    served: &Served,
    token: Option<&str>,
    method: &str,
    path: &str,
    body: &Value,
) -> super::support::Reply {
    let authorization = token.map_or_else(String::new, |token| format!("authorization: Bearer {token}\r\n"));
    let body = if method == "GET" { String::new() } else { body.to_string() };
    served
        .raw(&format!(
            "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n\
             {authorization}content-length: {}\r\n\r\n{body}",
            body.len()
        ))
        .await
}

#[tokio::test]
async fn nothing_is_there_for_a_stranger() {
    let served = Served::on_network(1);
    let paths = OPERATIONS.iter().map(|of| (of.method, of.path)).chain([("GET", "/v1/nothing")]);
    for (method, path) in paths {
        for token in [None, Some("tally_0000"), Some("")] {
            let reply = call(&served, token, method, path, &json!({})).await;
            assert_eq!(reply.status, 401, "{method} {path}");
            assert_eq!(reply.code(), "unknown-caller");
            assert!(reply.header("www-authenticate").is_some_and(|value| value.starts_with("Bearer")));
        }
    }
}

#[tokio::test]
async fn a_scope_opens_its_own_operations_and_no_other() {
    let served = Served::on_network(1);
    for right in RIGHTS {
        let branch = if right == Right::EveryBranch { None } else { Some("north") };
        let token = token(&served, &[right], branch);
        for Operation { method, path, need, .. } in OPERATIONS {
            let path = path.replace("{*path}", "x").replace(['{', '}'], "");
            let reply = call(&served, Some(&token), method, &path, &json!({})).await;
            let may = match need {
                Need::Right(needed) => *needed == right,
                Need::Anyone => true,
                Need::Socket => false,
            };
            assert_eq!(reply.status != 403 || reply.code() != "forbidden", may, "{right}: {method} {path}");
        }
    }
}

#[tokio::test]
async fn a_branch_does_not_see_another_branchs_clients() {
    let served = Served::on_network(1);
    let rights = [Right::Consent, Right::Inquire, Right::SubjectReport, Right::Dispute];
    let (north, south) = (token(&served, &rights, Some("north")), token(&served, &rights, Some("south")));
    let head = token(&served, &[&rights[..], &[Right::EveryBranch]].concat(), None);
    let recorded = call(&served, Some(&north), "POST", "/v1/consents", &consent(json!({}))).await;
    assert_eq!(recorded.status, 201, "{}", recorded.body);
    let id = recorded.body["consent"].as_str().unwrap().to_owned();
    let one = format!("/v1/consents/{id}");
    for (who, status, listed) in [(&north, 200, 1), (&south, 404, 0), (&head, 200, 1)] {
        assert_eq!(call(&served, Some(who), "GET", &one, &Value::Null).await.status, status);
        let list = call(&served, Some(who), "GET", "/v1/consents", &Value::Null).await;
        assert_eq!(list.body["consents"].as_array().unwrap().len(), listed);
    }
    let question = |transaction: &str| {
        json!({"purpose": "loan-application", "transaction": transaction,
            "persons": [{"role": "applicant", "consent": id}]})
    };
    let stolen = call(&served, Some(&south), "POST", "/v1/inquiries", &question(&"5".repeat(32))).await;
    assert_eq!((stolen.status, stolen.code()), (404, "unknown-consent"));
    let transaction = "7".repeat(32);
    let answered = call(&served, Some(&north), "POST", "/v1/inquiries", &question(&transaction)).await;
    assert_eq!(answered.status, 200, "{}", answered.body);
    let answer = format!("/v1/inquiries/{transaction}");
    for (who, status, listed) in [(&north, 200, 1), (&south, 404, 0), (&head, 200, 1)] {
        assert_eq!(call(&served, Some(who), "GET", &answer, &Value::Null).await.status, status);
        let page = format!("{answer}/page");
        assert_eq!(call(&served, Some(who), "GET", &page, &Value::Null).await.status, status);
        let list = call(&served, Some(who), "GET", "/v1/inquiries", &Value::Null).await;
        assert_eq!(list.body["inquiries"].as_array().unwrap().len(), listed, "{}", list.body);
    }
    let withdrawn = call(&served, Some(&south), "POST", &format!("{one}/withdraw"), &json!({})).await;
    assert_eq!(withdrawn.status, 404);
    let open = json!({"consent": id, "lender": "lender-a", "record": "0".repeat(32),
        "reason": "not-mine", "text": "a", "by": "b"});
    assert_eq!(call(&served, Some(&south), "POST", "/v1/disputes", &open).await.status, 404);
}

#[tokio::test]
async fn a_page_of_consents_is_full_and_names_no_other_branchs() {
    let served = Served::on_network(1);
    let (north, south) =
        (token(&served, &[Right::Consent], Some("north")), token(&served, &[Right::Consent], Some("south")));
    let mut ids = std::collections::BTreeSet::new();
    for place in 0..12 {
        let who = if place % 3 == 0 { &north } else { &south };
        let recorded = call(&served, Some(who), "POST", "/v1/consents", &consent(json!({}))).await;
        if place % 3 == 0 {
            ids.insert(recorded.body["consent"].as_str().unwrap().to_owned());
        }
    }
    let caller = served.node.people().token_caller(&north, NOW).unwrap().unwrap();
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let (page, next) = served.node.for_caller(&caller).consents(after.as_ref(), 2).unwrap();
        seen.extend(page.iter().map(|view| view.terms.consent.to_string()));
        let Some(next) = next else { break };
        assert_eq!(page.len(), 2);
        assert!(ids.contains(&next.to_string()));
        after = Some(next);
    }
    assert_eq!(seen, ids.into_iter().collect::<Vec<_>>());
}

#[tokio::test]
async fn naming_a_transaction_does_not_take_its_answer_over() {
    let served = Served::on_network(1);
    let head = [Right::Consent, Right::SubjectReport, Right::EveryBranch];
    let (head, south) =
        (token(&served, &head, None), token(&served, &[Right::Consent, Right::Inquire], Some("south")));
    let request = consent(json!({"purpose": "subject-access"}));
    let recorded = call(&served, Some(&head), "POST", "/v1/consents", &request).await;
    let report = json!({"consent": recorded.body["consent"]});
    let report = call(&served, Some(&head), "POST", "/v1/subjects/report", &report).await;
    assert_eq!(report.status, 200, "{}", report.body);
    // A report belongs to no branch; its transaction stands in the log.
    let transaction = report.body["answer"]["transaction"].as_str().unwrap().to_owned();
    let own = call(&served, Some(&south), "POST", "/v1/consents", &consent(json!({}))).await;
    for consent in [own.body["consent"].as_str().unwrap(), "x"] {
        let question = json!({"purpose": "loan-application", "transaction": transaction,
            "persons": [{"role": "applicant", "consent": consent}]});
        let claimed = call(&served, Some(&south), "POST", "/v1/inquiries", &question).await;
        assert_eq!((claimed.status, claimed.code()), (409, "transaction-used"));
        let answer = format!("/v1/inquiries/{transaction}");
        assert_eq!(call(&served, Some(&south), "GET", &answer, &Value::Null).await.status, 404);
    }
}

#[tokio::test]
async fn who_reads_of_a_client_stands_in_the_log() {
    let served = Served::on_network(1);
    let north = token(&served, &[Right::Consent, Right::Inquire], Some("north"));
    let by = served.node.people().tokens().unwrap()[0].token;
    let recorded = call(&served, Some(&north), "POST", "/v1/consents", &consent(json!({}))).await;
    let id = recorded.body["consent"].as_str().unwrap().to_owned();
    let question = json!({"purpose": "loan-application", "persons": [{"role": "applicant", "consent": id}]});
    let answered = call(&served, Some(&north), "POST", "/v1/inquiries", &question).await;
    let transaction = answered.body["answer"]["transaction"].as_str().unwrap().to_owned();
    call(&served, Some(&north), "GET", &format!("/v1/inquiries/{transaction}"), &Value::Null).await;
    let leaves = served.node.log().leaves(0, 100).unwrap();
    let leaves: Vec<Leaf> = leaves.iter().map(|bytes| Leaf::from_bytes(bytes).unwrap()).collect();
    let accesses: Vec<(Access, String)> = leaves
        .iter()
        .filter_map(|leaf| match leaf.body {
            LeafBody::Accessed { by: who, access, .. } => {
                assert_eq!(who, by);
                Some((access, leaf.transaction.to_string()))
            }
            _ => None,
        })
        .collect();
    let kinds: Vec<Access> = accesses.iter().map(|(access, _)| *access).collect();
    assert_eq!(kinds, [Access::ConsentRecorded, Access::Inquiry, Access::AnswerRead]);
    assert!(accesses[1..].iter().all(|(_, joined)| *joined == transaction));
    let place = |found: fn(&LeafBody) -> bool| leaves.iter().position(|leaf| found(&leaf.body)).unwrap();
    let asked = place(|body| matches!(body, LeafBody::Accessed { access: Access::Inquiry, .. }));
    let opened = place(|body| matches!(body, LeafBody::InquiryOpened { .. }));
    assert!(asked < opened, "who asks is logged before anything is opened");
}

#[tokio::test]
async fn tokens_and_users_are_given_out_and_taken_back() {
    let served = Served::new(1);
    let user = json!({"name": "Sok Dara", "roles": ["loan-officer"], "branch": "north", "password": "seven green bottles"});
    let added = served.post("/v1/users", &user).await;
    assert_eq!(added.status, 201, "{}", added.body);
    assert!(!added.text.contains("bottles"));
    assert_eq!(served.post("/v1/users", &user).await.code(), "name-taken");
    let id = added.body["user"].as_str().unwrap();
    let changed = served.post(&format!("/v1/users/{id}"), &json!({"enabled": false})).await;
    assert_eq!(changed.body["enabled"], false);
    assert_eq!(served.post("/v1/users/0000000000000000", &json!({})).await.code(), "unknown-user");
    let weak = served.post(&format!("/v1/users/{id}"), &json!({"password": "short"})).await;
    assert_eq!((weak.status, &weak.body["field"]), (422, &json!("password")));
    let wanted = json!({"name": "core", "scope": ["load"], "until": "2027-01-31"});
    let issued = served.post("/v1/tokens", &wanted).await;
    assert_eq!(issued.status, 201, "{}", issued.body);
    let secret = issued.body["secret"].as_str().unwrap();
    assert!(served.node.people().token_caller(secret, NOW).unwrap().is_some());
    let number = issued.body["token"].as_str().unwrap();
    served.post(&format!("/v1/tokens/{number}/revoke"), &json!({})).await;
    assert!(served.node.people().token_caller(secret, NOW).unwrap().is_none());
    assert!(!served.get("/v1/tokens").await.text.contains(secret));
    let long = json!({"name": "core", "scope": ["load"], "until": "2029-01-31"});
    assert_eq!(served.post("/v1/tokens", &long).await.body["field"], "expires");
}

#[tokio::test]
async fn lists_come_in_pages() {
    let served = Served::new(1);
    let people = served.node.people();
    for number in 0..=LISTED_PER_PAGE {
        let new = NewToken {
            name: format!("system {number}"),
            scope: [Right::Load].into(),
            branch: None,
            expires: NOW.plus_seconds(86_400),
        };
        people.issue_token::<PeopleError>(&new, None, NOW, |_| Ok(())).unwrap();
    }
    let first = served.get("/v1/tokens").await.body;
    let numbers = |page: &Value| -> Vec<String> {
        let tokens = page["tokens"].as_array().unwrap();
        tokens.iter().map(|token| token["token"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(numbers(&first).len(), LISTED_PER_PAGE);
    assert_eq!(first["next"].as_str(), numbers(&first).last().map(String::as_str));
    let rest = served.get(&format!("/v1/tokens?after={}", first["next"].as_str().unwrap())).await.body;
    assert_eq!((numbers(&rest).len(), &rest["next"]), (1, &Value::Null));
    let mut all = [numbers(&first), numbers(&rest)].concat();
    assert!(all.is_sorted());
    all.dedup();
    assert_eq!(all.len(), LISTED_PER_PAGE + 1);
    for list in ["users", "tokens", "imports"] {
        let wrong = served.get(&format!("/v1/{list}?after=x")).await;
        assert_eq!((wrong.code(), &wrong.body["field"]), ("invalid-value", &json!("after")), "{list}");
        assert_eq!(served.get(&format!("/v1/{list}?before=1")).await.status, 422, "{list}");
    }
    let after = NewUser {
        name: "Sok Dara".to_owned(),
        roles: [Role::Auditor].into(),
        branch: None,
        password: SecretVec::new(b"seven green bottles".to_vec()),
        own_password: false,
    };
    let user = served.node.admit_user(&Caller::local(), &after).unwrap().user;
    assert_eq!(people.users_page(None, 1).unwrap().1, Some(user), "a page that is full may not be the last");
    assert_eq!(people.users_page(Some(user), 1).unwrap(), (Vec::new(), None));
}

#[tokio::test]
async fn loads_come_in_pages() {
    let served = Served::new(1);
    for number in 1..=3 {
        let loan = json!({"account": format!("A-{number}"), "client": "C-1", "status": "active", "currency": "USD",
            "outstanding": "1.00", "kh-nid": "901234567", "as_of": "2026-11-21", "branch": "north"});
        assert_eq!(served.post("/v1/loans", &json!({"loans": [loan]})).await.status, 200);
    }
    let list = served.get("/v1/imports?after=1").await.body;
    let numbers: Vec<&Value> =
        list["imports"].as_array().unwrap().iter().map(|load| &load["number"]).collect();
    assert_eq!((numbers, &list["next"]), (vec![&json!(2), &json!(3)], &Value::Null));
    let (page, next) = served.node.loads_page(None, 2).unwrap();
    assert_eq!((page.len(), page[1].number, next), (2, 2, Some(2)));
}

#[tokio::test]
async fn who_changes_accounts_stands_in_the_log() {
    let served = Served::on_network(1);
    let admin = token(&served, &[Right::Users], None);
    let by = served.node.people().tokens().unwrap()[0].token;
    let before = served.node.log().head().size;
    let post = async |path: &str, body: Value| {
        let reply = call(&served, Some(&admin), "POST", path, &body).await;
        assert!(reply.status < 300, "{path}: {}", reply.text);
        reply.body
    };
    let new = json!({"name": "Sok Dara", "roles": ["data-clerk"], "password": "seven green bottles"});
    let hers = post("/v1/users", new.clone()).await["user"].as_str().unwrap().to_owned();
    let path = format!("/v1/users/{hers}");
    post(&path, json!({"roles": ["operator"]})).await;
    post(&path, json!({"password": "eight green bottles"})).await;
    let wanted = json!({"name": "core", "scope": ["load"], "until": "2027-01-31"});
    let system = post("/v1/tokens", wanted).await["token"].as_str().unwrap().to_owned();
    for _ in 0..2 {
        post(&format!("/v1/tokens/{system}/revoke"), json!({})).await;
    }
    // What is refused is not logged, and nobody says from afar that a password was typed by its owner.
    let weak = call(&served, Some(&admin), "POST", &path, &json!({"password": "short"})).await;
    assert_eq!(weak.status, 422);
    let mut own = new;
    own["own_password"] = json!(true);
    let own = call(&served, Some(&admin), "POST", "/v1/users", &own).await;
    assert_eq!((own.status, &own.body["field"]), (422, &json!("own_password")));
    let bytes = served.node.log().leaves(before, 100).unwrap();
    let said: Vec<(Access, String)> = bytes
        .iter()
        .map(|bytes| match Leaf::from_bytes(bytes).unwrap().body {
            LeafBody::Accessed { by: who, access, request: Some(_), of: None, user: Some(user) } => {
                assert_eq!(who, by);
                (access, user.to_string())
            }
            other => panic!("{other:?}"),
        })
        .collect();
    let expected = [
        (Access::UserAdmitted, &hers),
        (Access::UserChanged, &hers),
        (Access::SignInReset, &hers),
        (Access::TokenIssued, &system),
        (Access::TokenRevoked, &system),
    ];
    assert_eq!(said, expected.map(|(access, user)| (access, user.clone())));
    let text = bytes.concat();
    assert!(!String::from_utf8(text).unwrap().contains("Dara"), "no names in leaves");
}

#[tokio::test]
async fn loans_come_as_json_and_as_a_body() {
    let served = Served::new(1);
    let loan = json!({"account": "A-1", "client": "C-1", "status": "active", "currency": "USD", "outstanding": "100.00",
        "kh-nid": "901234567", "as_of": "2026-11-21", "branch": "north"});
    let good = served.post("/v1/loans", &json!({"loans": [loan]})).await;
    assert_eq!(good.status, 200, "{}", good.body);
    assert_eq!(good.body["load"]["good"], 1, "{}", good.body);
    let bad = served
        .post(
            "/v1/loans",
            &json!({"loans": [{"account": "A-2", "client": "C-1", "status": "odd", "currency": "USD", "kh-nid": "901234567"}]}),
        )
        .await;
    assert_eq!(bad.body["load"]["rejected"], 1, "{}", bad.body);
    assert_eq!(served.post("/v1/loans", &json!({"loans": []})).await.body["field"], "loans");
    let file = "account,client,status,currency,kh-nid\nA-3,C-3,odd,USD,901234567\n";
    let reply = served
        .raw(&format!(
            "POST /v1/portfolio?format=csv&name=book.csv&as_of=2026-11-21 HTTP/1.0\r\nhost: x\r\ncontent-length: {}\r\n\r\n{file}",
            file.len()
        ))
        .await;
    assert!(reply.text.contains("\"outcome\"") && reply.text.contains("book.csv"), "{}", reply.text);
    // A body that ends early is no file that ends there.
    let mut stream = served.connect().await;
    let head = "POST /v1/portfolio?format=csv&as_of=2026-11-21 HTTP/1.0\r\nhost: x\r\ncontent-length";
    let text = format!("{head}: {}\r\n\r\n{file}", file.len() + 10);
    stream.write_all(text.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut broken = String::new();
    let _ = stream.read_to_string(&mut broken).await;
    assert!(!broken.contains("\"outcome\""), "{broken}");
    let loads = served.get("/v1/imports").await;
    assert_eq!(loads.body["imports"].as_array().unwrap().len(), 3, "{}", loads.body);
}
