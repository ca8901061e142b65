//! The officer's way: applicant, consent, question, answer; and what stands beside it.

use super::support::{Desk, HOSTILE, PHOTOGRAPH, QUESTION, TOKEN, officer, person, visitor};
use crate::limits::CONSOLE_CODE_TRIES_MAX;
use crate::model::leaf::{Access, Leaf, LeafBody};
use crate::model::user::Role;

#[tokio::test]
async fn from_applicant_to_answer_without_a_script() {
    let desk = Desk::new(1);
    let officer = officer();
    let blank = desk.get(&officer, "/officer/new?purpose=guarantee").await;
    assert!(blank.text.contains("<option value=\"guarantee\" selected>"), "{}", blank.text);
    let begun = desk.post(&officer, "/officer/new", &person("loan-application")).await;
    assert_eq!(begun.status, 303);
    let consent = begun.to.unwrap();
    let page = desk.get(&officer, &consent).await;
    assert!(page.text.contains("*******78") && !page.text.contains("012345678"), "masked: {}", page.text);
    let form = desk.get(&officer, &format!("{consent}/form")).await;
    assert!(form.text.contains("012345678") && form.text.contains("<svg"), "{}", form.text);

    let fields = [("csrf", TOKEN), ("kind", "thumbprint")];
    let empty = desk.upload(&officer, &format!("{consent}/evidence"), &fields, "", b"").await;
    assert_eq!(empty.status, 422);
    let other =
        desk.upload(&officer, &format!("{consent}/evidence"), &fields, "a.exe", b"MZ a program").await;
    assert!(other.status == 422 && other.text.contains("neither a picture nor a PDF"), "{}", other.text);
    let recorded = desk.upload(&officer, &format!("{consent}/evidence"), &fields, "a.jpg", PHOTOGRAPH).await;
    assert_eq!(recorded.to.as_deref(), Some(&*format!("{consent}/receipt")));
    let receipt = desk.get(&officer, &format!("{consent}/receipt")).await;
    assert_eq!(receipt.status, 200);
    assert_eq!(receipt.text.matches("<svg").count(), 2, "a code to withdraw and one to verify");
    let token = desk.get(&officer, &format!("{consent}/receipt.jws")).await;
    assert_eq!(token.text.split('.').count(), 3);
    let again = desk.upload(&officer, &format!("{consent}/evidence"), &fields, "a.jpg", PHOTOGRAPH).await;
    assert_eq!(again.status, 303, "sent twice, recorded once");
    assert_eq!(desk.node.consents(None, 10).unwrap().0.len(), 1);

    let (application, _) = consent.split_once("/persons").unwrap();
    let question = format!("{application}/question");
    assert_eq!(desk.get(&officer, &question).await.status, 200);
    let asked = desk.post(&officer, &question, &QUESTION).await;
    let answer = asked.to.unwrap_or_else(|| panic!("{}", asked.text));
    let shown = desk.get(&officer, &answer).await;
    assert_eq!(shown.status, 200);
    for said in ["class=\"light ", "Covers 0 of 1 lenders", "1,500.00", "of the household&#39;s income"] {
        assert!(shown.text.contains(said), "{said} in\n{}", shown.text);
    }
    for page in ["/officer", application] {
        let page = desk.get(&officer, page).await.text;
        assert!(page.contains(&format!("href=\"{answer}\"")), "{page}");
    }
    let repeated = desk.post(&officer, &question, &QUESTION).await;
    assert_eq!(repeated.to.as_deref(), Some(&*answer), "the same question is the same inquiry");
    let before = desk.node.log().head().size;
    let today = desk.get(&officer, "/officer/today").await;
    assert!(today.text.contains(&answer));
    let leaf = desk.node.log().leaves(before, 1).unwrap().pop().unwrap();
    let leaf = Leaf::from_bytes(&leaf).unwrap().body;
    let read = matches!(leaf, LeafBody::Accessed { access: Access::AnswerRead, .. });
    assert!(read, "whoever sees what came of inquiries stands in the log");

    // Who recorded, asked and read stands in the log.
    let leaves = desk.node.log().leaves(0, 100).unwrap();
    let accesses: Vec<Access> = leaves
        .iter()
        .filter_map(|bytes| match Leaf::from_bytes(bytes).unwrap().body {
            LeafBody::Accessed { by, access, .. } => {
                assert_eq!(Some(by), officer.caller.user);
                Some(access)
            }
            _ => None,
        })
        .collect();
    for access in [Access::ConsentRecorded, Access::Inquiry, Access::AnswerRead] {
        assert!(accesses.contains(&access), "{accesses:?}");
    }
}

#[tokio::test]
async fn what_was_typed_is_kept_when_a_form_is_wrong() {
    let desk = Desk::new(1);
    let officer = officer();
    let mut typed = person("loan-application");
    typed[1].1 = HOSTILE;
    typed[4].1 = "9999";
    let again = desk.post(&officer, "/officer/new", &typed).await;
    assert_eq!(again.status, 422);
    assert!(again.text.contains("012 345 678") && again.text.contains("value=\"9999\""), "{}", again.text);
    assert!(
        again.text.contains("&lt;script&gt;") || again.text.contains("&#60;script&#62;"),
        "{}",
        again.text
    );
    assert!(again.text.contains("aria-invalid=\"true\""));
    let none = desk.post(&officer, "/officer/new", &[("purpose", "loan-application")]).await;
    assert!(none.status == 422 && none.text.contains("at least one number"));

    let application = desk.consented(&officer, "loan-application").await;
    let question = format!("{application}/question");
    let mut typed = QUESTION;
    typed[0].1 = "";
    let empty = desk.post(&officer, &question, &typed).await;
    assert!(empty.status == 422 && empty.text.contains("Type the amount of the loan"), "{}", empty.text);
    let consent = desk.node.consents(None, 1).unwrap().0[0].terms.consent;
    assert_eq!(desk.node.consent(&consent).unwrap().uses_spent, 0);
    typed[0].1 = "1,500";
    typed[2].1 = "two";
    let again = desk.post(&officer, &question, &typed).await;
    assert_eq!(again.status, 422);
    assert!(again.text.contains("value=\"1,500\"") && again.text.contains("value=\"two\""), "{}", again.text);
    assert!(desk.get(&officer, &question).await.text.contains("150.50"), "and when she comes back");
}

#[tokio::test]
async fn a_refusal_says_why_and_what_to_do() {
    let desk = Desk::new(1);
    let officer = officer();
    let application = desk.consented(&officer, "loan-application").await;
    let question = format!("{application}/question");
    desk.clock.advance(40 * 86_400);
    let over = desk.post(&officer, &question, &QUESTION).await;
    assert_eq!(over.status, 404, "an application is forgotten after a day's work");
    let consent = desk.node.consents(None, 1).unwrap().0[0].terms.consent;
    let begun = desk.post(&officer, &format!("/officer/consents/{consent}/ask"), &[]).await;
    let refused = desk.post(&officer, &begun.to.unwrap(), &QUESTION).await;
    assert_eq!(refused.status, 409);
    assert!(
        refused.text.contains("The consent has ended") && refused.text.contains("150.50"),
        "{}",
        refused.text
    );
}

#[tokio::test]
async fn too_few_holders_are_named_and_nothing_is_lost() {
    let desk = Desk::new(2);
    let officer = officer();
    let application = desk.consented(&officer, "loan-application").await;
    let receipt = desk.get(&officer, &format!("{application}/persons/0/receipt")).await;
    assert!(receipt.text.contains("Too few key holders"), "{}", receipt.text);
    let asked = desk.post(&officer, &format!("{application}/question"), &QUESTION).await;
    assert_eq!(asked.status, 503);
    assert!(asked.text.contains("lender-b") && asked.text.contains("value=\"1 500\""), "{}", asked.text);
}

#[tokio::test]
async fn a_one_time_password_is_given_back() {
    let desk = Desk::new(1);
    let officer = officer();
    let begun = desk.post(&officer, "/officer/new", &person("loan-application")).await.to.unwrap();
    desk.post(&officer, &format!("{begun}/code"), &[]).await;
    let page = desk.get(&officer, &begun).await;
    let code = page.text.split(" is your password").next().unwrap();
    let code = &code[code.len() - 6..];
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let given = format!("{begun}/code/given");
    assert_eq!(desk.post(&officer, &given, &[("code", wrong)]).await.status, 422);
    let khmer: String =
        code.chars().map(|c| char::from_u32(0x17e0 + c.to_digit(10).unwrap()).unwrap()).collect();
    let recorded = desk.post(&officer, &given, &[("code", &khmer)]).await;
    assert_eq!(recorded.to.as_deref(), Some(&*format!("{begun}/receipt")), "{}", recorded.text);
    let evidence = desk.get(&officer, &format!("{begun}/evidence.txt")).await;
    assert!(evidence.text.contains(&format!("password {code}")) && evidence.text.contains("salt "));

    let other = desk.post(&officer, "/officer/new", &person("loan-application")).await.to.unwrap();
    desk.post(&officer, &format!("{other}/code"), &[]).await;
    let page = desk.get(&officer, &other).await;
    let code = page.text.split(" is your password").next().unwrap();
    let code = code[code.len() - 6..].to_owned();
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for _ in 0..CONSOLE_CODE_TRIES_MAX {
        assert_eq!(desk.post(&officer, &format!("{other}/code/given"), &[("code", wrong)]).await.status, 422);
    }
    let late = desk.post(&officer, &format!("{other}/code/given"), &[("code", &code)]).await;
    assert_eq!(late.status, 422, "its tries are over");
}

#[tokio::test]
async fn another_branch_sees_nothing_of_it() {
    let desk = Desk::new(1);
    let officer = officer();
    let south = visitor("Vann", 2, Some("south"), &[Role::LoanOfficer]);
    let everywhere = visitor("Chan", 3, None, &[Role::Supervisor]);
    let application = desk.consented(&officer, "loan-application").await;
    let answer = desk.post(&officer, &format!("{application}/question"), &QUESTION).await.to.unwrap();
    let consent = desk.node.consents(None, 1).unwrap().0[0].terms.consent;
    let consent = format!("/officer/consents/{consent}");
    for path in [&answer, &consent] {
        assert_eq!(desk.get(&south, path).await.status, 404, "{path}");
        assert_eq!(desk.get(&everywhere, path).await.status, 200, "{path}");
    }
    for path in [&application, &format!("{application}/persons/0/receipt")] {
        assert_eq!(desk.get(&south, path).await.status, 404, "{path}");
        assert_eq!(desk.get(&everywhere, path).await.status, 404, "an application is its officer's alone");
    }
    assert_eq!(desk.post(&south, &format!("{consent}/withdraw"), &[]).await.status, 404);
    assert_eq!(desk.post(&south, &format!("{consent}/ask"), &[]).await.status, 404);
    for (who, sees) in [(&south, false), (&everywhere, true)] {
        for list in ["/officer/today", "/officer/consents"] {
            let shown = desk.get(who, list).await.text;
            assert_eq!(shown.contains(&answer) || shown.contains(&consent), sees, "{list}");
        }
    }
}

#[tokio::test]
async fn a_form_without_its_token_does_nothing() {
    let desk = Desk::new(1);
    let officer = officer();
    let typed = person("loan-application");
    for token in ["", "wrong", "f0e1d2c3b4a59688"] {
        let fields = [&typed[..], &[("csrf", token)][..]].concat();
        assert_eq!(desk.post_bare(&officer, "/officer/new", &fields).await.status, 403, "{token:?}");
    }
    let begun = desk.post(&officer, "/officer/new", &typed).await.to.unwrap();
    let path = format!("{begun}/evidence");
    for fields in [&[("kind", "signed-form")][..], &[("csrf", "wrong"), ("kind", "signed-form")]] {
        assert_eq!(desk.upload(&officer, &path, fields, "a", b"photo").await.status, 403);
    }
    assert!(desk.node.consents(None, 10).unwrap().0.is_empty());
}

#[tokio::test]
async fn a_client_withdraws_and_gets_her_own_report() {
    let desk = Desk::new(1);
    let officer = officer();
    let application = desk.consented(&officer, "subject-access").await;
    let page = desk.get(&officer, &application).await;
    let consent = desk.node.consents(None, 1).unwrap().0[0].terms.consent;
    let report = format!("/officer/reports/{consent}");
    assert!(page.text.contains(&report));
    let before = desk.get(&officer, &report).await;
    assert!(before.text.contains("Make the report") && !before.text.contains("class=\"paper\""));
    assert_eq!(desk.node.consent(&consent).unwrap().uses_spent, 0, "looking spends nothing");
    assert_eq!(desk.post(&officer, &report, &[]).await.to.as_deref(), Some(&*report));
    let made = desk.get(&officer, &report).await;
    assert!(made.text.contains("class=\"paper\""), "{}", made.text);

    let application = desk.consented(&officer, "loan-application").await;
    let receipt = desk.get(&officer, &format!("{application}/persons/0/receipt")).await;
    let code = receipt.text.split("<p class=\"code\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let wrong = desk.post(&officer, "/officer/withdraw", &[("code", "12-34")]).await;
    assert!(wrong.status == 422 && wrong.text.contains("12-34"));
    let mistyped = "ab".repeat(16);
    for _ in 0..2 {
        let unknown = desk.post(&officer, "/officer/withdraw", &[("code", &mistyped)]).await;
        assert!(
            unknown.status == 200 && unknown.text.contains("No consent with this code"),
            "{}",
            unknown.text
        );
        assert!(!unknown.text.contains("withdrawn</h2>") && unknown.text.contains(&mistyped));
    }
    let taken = desk.post(&officer, "/officer/withdraw", &[("code", &code)]).await;
    assert!(taken.status == 200 && taken.text.contains("is withdrawn"), "{}", taken.text);
    assert!(!taken.text.contains("No consent with this code"));
    let asked = desk.post(&officer, &format!("{application}/question"), &QUESTION).await;
    assert!(asked.status == 409 && asked.text.contains("withdrawn her consent"), "{}", asked.text);
}

#[tokio::test]
async fn a_dispute_that_is_about_nothing_keeps_what_she_said() {
    let desk = Desk::new(1);
    let officer = officer();
    let text = format!("She says {HOSTILE}");
    let fields = [("reason", "already-paid"), ("text", text.as_str()), ("lender", "lender-b")];
    let again = desk.post(&officer, "/officer/disputes/new", &fields).await;
    assert_eq!(again.status, 422);
    assert!(
        again.text.contains("She says") && again.text.contains("<option value=\"already-paid\" selected>")
    );
    assert_eq!(desk.get(&officer, "/officer/disputes?all").await.status, 200);
}

#[tokio::test]
async fn what_cannot_be_asked_is_said_in_the_officers_language() {
    let desk = Desk::new(1);
    let mut officer = officer();
    let application = desk.consented(&officer, "loan-application").await;
    let mut question = QUESTION.to_vec();
    question.retain(|(name, _)| *name != "income");
    question.push(("income", "-5"));
    for (language, said) in [
        ("en", "Income: it cannot be less than zero."),
        ("km", "ចំណូល៖ មិនអាចតិចជាងសូន្យបានទេ។"),
        ("az", "Gəlir: sıfırdan az ola bilməz."),
        ("es", "Ingreso: no puede ser menos que cero."),
    ] {
        officer.language = language;
        let refused = desk.post(&officer, &format!("{application}/question"), &question).await;
        assert!(refused.status == 422 && refused.text.contains(said), "{language}\n{}", refused.text);
        assert!(!refused.text.contains("household_income"), "{language}");
    }
}
