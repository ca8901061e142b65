//! Inquiries, and what must be true of one that is answered.

use std::collections::BTreeSet;

use tallystick::digest::TransactionId;
use tallystick::model::inquiry::{InquiryPerson, InquiryRequest, Role};
use tallystick::node::{Inquired, Node, SignedAnswer, open_answer};

use crate::answers::{Asked, check};
use crate::dice::Dice;
use crate::model::{Consent, Inquiry};
use crate::op::Place;
use crate::person;
use crate::plan::PERSONS;
use crate::world::{World, member};

/// What was so before the inquiry was sent.
struct Before {
    /// Places of consents of which so many holders know the withdrawal that nothing may open under them.
    withdrawn: BTreeSet<usize>,
    erased: BTreeSet<usize>,
    books: usize,
}

impl World {
    /// Asks under one or two of the lender's consents.
    pub(crate) async fn inquire(&self, at: Place, node: &Node, detail: u64, persons: usize) -> String {
        let mut dice = Dice::new(detail);
        let count = self.model.borrow().consents_at(at).len();
        // As at a counter: first the signature, then the question.
        if count < persons || dice.chance(60) {
            for _ in 0..persons {
                let person = u32::try_from(dice.below(u64::from(PERSONS))).unwrap();
                let uses = u16::try_from(1 + dice.below(3)).unwrap();
                self.consent(at, node, person, uses).await;
            }
        }
        let mut own = self.model.borrow().consents_at(at);
        // Mostly the newest: the older ones are used up.
        if dice.chance(70) {
            own = own.split_off(own.len().saturating_sub(persons + 1));
        }
        let mut chosen: Vec<usize> = Vec::new();
        while chosen.len() < persons && chosen.len() < own.len() {
            let place = *dice.pick(&own);
            if !chosen.contains(&place) {
                chosen.push(place);
            }
        }
        if chosen.len() < persons {
            return "no consents".to_owned();
        }
        let consents: Vec<Consent> =
            chosen.iter().map(|place| self.model.borrow().consents[*place].clone()).collect();
        let mut request = person::question(&consents[0].id.to_string());
        if let Some(second) = consents.get(1) {
            let consent = second.id.to_string();
            request.persons.push(InquiryPerson { role: Role::Spouse, consent });
        }
        let transaction = Self::transaction(dice.next());
        let inquiry = Inquiry { at, request: request.clone(), consents: chosen, answer: None };
        self.model.borrow_mut().inquiries.insert(transaction, inquiry);
        self.ask(at, node, &request, transaction).await
    }

    /// Asks once more what was asked before.
    pub(crate) async fn again(&self, at: Place, node: &Node, detail: u64) -> String {
        let asked: Vec<TransactionId> = {
            let model = self.model.borrow();
            model.inquiries.iter().filter(|(_, inquiry)| inquiry.at == at).map(|(id, _)| *id).collect()
        };
        if asked.is_empty() {
            return "nothing was asked".to_owned();
        }
        let transaction = *Dice::new(detail).pick(&asked);
        let request = self.model.borrow().inquiries[&transaction].request.clone();
        self.ask(at, node, &request, transaction).await
    }

    pub(crate) async fn ask(
        &self,
        at: Place,
        node: &Node,
        request: &InquiryRequest,
        transaction: TransactionId,
    ) -> String {
        let before = self.before(at);
        let was_open = !self.logs.borrow().openings_of(node.me(), transaction).is_empty();
        match node.inquire(request, Some(transaction)).await {
            Ok(Inquired::Answered(signed)) => {
                if was_open && self.model.borrow().inquiries[&transaction].answer.is_none() {
                    self.count("inquiry: finished after a break");
                }
                self.answered(at, node, transaction, &signed, &before);
                "answered".to_owned()
            }
            Ok(Inquired::Refused(refused)) => {
                self.counts.borrow_mut().refusal(refused.reason);
                format!("{:?}", refused.reason)
            }
            Err(error) => {
                self.count("inquiry: no answer");
                error.to_string()
            }
        }
    }

    fn before(&self, at: Place) -> Before {
        let (model, logs) = (self.model.borrow(), self.logs.borrow());
        let enough = usize::from(self.holders - self.threshold) + 1;
        let is_withdrawn = |consent: &Consent| {
            let code = consent.code.hash();
            let knows = |place: &Place| logs.knows_withdrawal(&member(*place), &code);
            let by_lender = logs.is_withdrawn_by_lender(&member(consent.at), consent.leaf.index);
            (0..self.holders).filter(knows).count() >= enough || by_lender || knows(&consent.at)
        };
        let places = |of: &dyn Fn(&Consent) -> bool| {
            (0..model.consents.len()).filter(|place| of(&model.consents[*place])).collect()
        };
        Before {
            withdrawn: places(&is_withdrawn),
            erased: places(&|consent| consent.is_erased),
            books: model.lenders[usize::from(at)].books.len() - 1,
        }
    }

    /// An answer was released: everything that must stand behind it is there, and what it says is true.
    fn answered(
        &self,
        at: Place,
        node: &Node,
        asked_under: TransactionId,
        signed: &SignedAnswer,
        before: &Before,
    ) {
        let key = node.roster().member(node.me()).unwrap().answer_key;
        let answer = open_answer(signed, &key).expect("it signs its answers");
        // The same question again is the same inquiry, whatever its transaction.
        let transaction: TransactionId = answer.transaction.parse().unwrap();
        let was_answered = self.logs.borrow().is_answered(node.me(), transaction);
        self.pull();
        assert!(self.logs.borrow().is_answered(node.me(), transaction), "{}: not logged", node.me());
        let mut model = self.model.borrow_mut();
        let known = model.inquiries.get(&asked_under).unwrap().clone();
        if let Some(earlier) = model.inquiries.get(&transaction).and_then(|one| one.answer.as_ref()) {
            assert!(earlier == signed.bytes(), "{}: another answer to the same inquiry", node.me());
            drop(model);
            self.count("inquiry: answered again");
            return;
        }
        for at in [asked_under, transaction] {
            if let Some(inquiry) = model.inquiries.get_mut(&at) {
                inquiry.answer = Some(signed.bytes().to_vec());
            }
        }
        drop(model);
        let model = self.model.borrow();
        let openings: Vec<_> =
            self.logs.borrow().openings_of(node.me(), transaction).into_iter().cloned().collect();
        assert_eq!(openings.len(), known.consents.len(), "{}: one opening for each person", node.me());
        for place in &known.consents {
            let consent = &model.consents[*place];
            let opened = openings.iter().any(|opening| opening.consent == consent.leaf);
            assert!(opened, "{}: answered without an opening under the consent", node.me());
            assert!(!before.erased.contains(place), "{}: answered about what was erased", node.me());
            assert!(
                was_answered || !before.withdrawn.contains(place),
                "{}: opened under a consent that was withdrawn",
                node.me()
            );
        }
        assert!(answer.witnessed.len() + 1 >= usize::from(self.threshold), "fewer witnesses than holders");
        let now = model.lenders[usize::from(at)].books.len() - 1;
        let persons = known.consents.iter().map(|place| model.consents[*place].person).collect();
        let asked =
            Asked { at, persons, window: &model.windows[&(at, transaction)], own_books: before.books..=now };
        // An answer that was made before a crash is judged by its own time: the book was another then.
        if !was_answered {
            check(&model, &asked, &answer);
        }
        drop(model);
        self.count("inquiry: answered");
        if !answer.complete {
            self.count("inquiry: answered incomplete");
        }
    }
}
