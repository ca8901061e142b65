//! A binding that was changed on the way, or made for another sample, is never clean.

use serde_json::Value;
use tallystick::audit::binding::{Binding, Rule};
use tallystick::audit::sample::Sample;
use tallystick::digest::Digest;

use crate::scene::{With, clean, rules};
use crate::world::World;

const LENDER: &str = "lender-c";

/// A world in which one binding has lines of every kind.
async fn bound() -> (World, Sample, Binding) {
    let world = World::with_loans().await;
    let today = world.today();
    world.load(LENDER, vec![crate::scene::loan("C-1", "5", &["kh-nid:555666777"], today)]);
    world.settle().await;
    let consent = world.consent(LENDER, &["kh-nid:010203040"]).await;
    world.inquire(LENDER, &[&consent]).await;
    let sample = world.sample(LENDER);
    let binding = world.node(LENDER).make_binding(&sample).unwrap();
    (world, sample, binding)
}

/// Every place of a JSON value that holds no other values.
fn places(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            map.iter().for_each(|(key, value)| places(value, &format!("{path}/{key}"), found));
        }
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(at, value)| places(value, &format!("{path}/{at}"), found));
        }
        _ => found.push(path.to_owned()),
    }
}

/// The value with one place changed: a digit of a number in hexadecimal, another number, the other truth.
fn changed(value: &Value, path: &str) -> Value {
    let mut changed = value.clone();
    let place = changed.pointer_mut(path).unwrap();
    *place = match &*place {
        Value::Bool(truth) => Value::Bool(!truth),
        Value::Number(number) => Value::from(number.as_u64().unwrap() + 1),
        Value::String(text) => {
            let mut characters: Vec<char> = text.chars().collect();
            let last = characters.last_mut().unwrap();
            *last = if *last == '1' { '2' } else { '1' };
            Value::String(characters.into_iter().collect())
        }
        other => panic!("{path}: {other}"),
    };
    changed
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_field_can_be_changed() {
    let (world, sample, binding) = bound().await;
    let lines = binding.to_lines();
    let lines: Vec<Value> =
        String::from_utf8(lines).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let loans = [crate::scene::source("C-1", crate::world::identifier("kh-nid:555666777"))];
    let with = With { sample: Some(&sample), forms: &[], loans: Some(&loans) };
    clean(&world.check(&binding, &with));
    let mut tried = 0;
    for (number, line) in lines.iter().enumerate() {
        let mut found = Vec::new();
        places(line, "", &mut found);
        // Of long lists of alike entries the first and the last are enough.
        let mut seen = std::collections::BTreeMap::<String, usize>::new();
        for path in found {
            let class: String =
                path.split('/').map(|part| if part.parse::<u64>().is_ok() { "*/" } else { part }).collect();
            let count = seen.entry(class).or_default();
            *count += 1;
            if *count > 3 {
                continue;
            }
            let mut text = Vec::new();
            for (at, line) in lines.iter().enumerate() {
                let line = if at == number { changed(line, &path) } else { line.clone() };
                text.extend(serde_json::to_vec(&line).unwrap());
                text.push(b'\n');
            }
            tried += 1;
            let Ok(tampered) = Binding::from_lines(&text) else { continue };
            assert!(tampered != binding, "line {number}{path} was not changed");
            let Ok(report) = world.try_check(&tampered, &with) else { continue };
            // A later leaf is one that the next export has to show, which the report says.
            let is_found = !report.findings.is_empty() || !report.made_leaf_seen;
            assert!(is_found, "line {number}{path} can be changed");
        }
    }
    assert!(tried > 100, "{tried}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_sample_is_found() {
    let (world, sample, mut binding) = bound().await;
    // A line is left out.
    let left_out = binding.leaves.remove(0);
    let found = rules(&world.check(&binding, &With::default()));
    assert!(found.contains(&(Rule::LeafNotBound, Some(left_out.leaf().index))), "{found:?}");
    // And from the sample too.
    binding.head.sample.leaves.remove(0);
    let found = rules(&world.check(&binding, &With::default()));
    assert!(found.contains(&(Rule::SampleDiffers, None)), "{found:?}");
    assert!(found.contains(&(Rule::LeafNotBound, Some(left_out.leaf().index))), "{found:?}");
    // A line stands twice.
    let mut twice = world.node(LENDER).make_binding(&sample).unwrap();
    let again = world.node(LENDER).make_binding(&sample).unwrap().leaves.remove(0);
    twice.leaves.push(again);
    let found = rules(&world.check(&twice, &With::default()));
    assert_eq!(found, [(Rule::WrongLeaf, Some(left_out.leaf().index))]);
    // The institution drew the sample itself.
    let own = Sample { seed: Digest([8; 32]), ..sample.clone() };
    let binding = world.node(LENDER).make_binding(&own).unwrap();
    let found = rules(&world.check(&binding, &With { sample: Some(&sample), ..With::default() }));
    assert_eq!(found, [(Rule::SampleDiffers, None)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_explains_its_own_log_alone() {
    let (world, sample, _) = bound().await;
    let node = world.node(LENDER);
    let before = node.log().head().size;
    let other = world.node("lender-a").make_binding(&sample).unwrap_err().to_string();
    assert!(other.contains("not one of this node's log"), "{other}");
    let mut wrong = sample.clone();
    wrong.checkpoint.root = Digest([1; 32]);
    assert!(node.make_binding(&wrong).unwrap_err().to_string().contains("never had"));
    let mut wrong = sample.clone();
    wrong.checkpoint.size = 1_000;
    assert!(node.make_binding(&wrong).unwrap_err().to_string().contains("never had"));
    for index in [0, 999] {
        let mut wrong = sample.clone();
        wrong.leaves[0].index = index;
        assert!(node.make_binding(&wrong).unwrap_err().to_string().contains(&format!("leaf {index} ")));
    }
    assert_eq!(node.log().head().size, before, "nothing is logged for a sample that is refused");
}
