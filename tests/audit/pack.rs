//! The evidence pack: figures that equal what was done, each with its leaves, and the gaps beside them.

use tallystick::audit::pack::{Figure, Section};
use tallystick::audit::{Export, Options, Pack, verify_for_pack};
use tallystick::clock::UnixTime;
use tallystick::digest::Digest;
use tallystick::model::leaf::{DisputeOutcome, LeafBody, LeafReference};
use tallystick::secret::SeededEntropy;
use tallystick::words::pack_page;

use crate::honest::busy;
use crate::world::{BEGIN, DAY, World, id};

fn pack_of(world: &World, options: &Options) -> Pack {
    let exports = world.export_all();
    let exports: Vec<Export<'_>> = exports.iter().map(|(name, folder)| Export { name, folder }).collect();
    verify_for_pack(&exports, options, &SeededEntropy::new(5)).1
}

fn section<'p>(pack: &'p Pack, standard: &str) -> &'p Section {
    pack.sections.iter().find(|section| section.standard == standard).unwrap()
}

fn figure<'p>(pack: &'p Pack, standard: &str, name: &str) -> &'p Figure {
    let found = section(pack, standard).figures.iter().find(|figure| figure.name == name);
    found.unwrap_or_else(|| panic!("{standard} has no {name}: {:#?}", section(pack, standard)))
}

fn value<'p>(pack: &'p Pack, standard: &str, name: &str) -> &'p str {
    &figure(pack, standard, name).value
}

#[test]
fn figures_equal_what_was_done_and_name_their_leaves() {
    let world = busy();
    let pack = pack_of(&world, &Options::default());
    assert_eq!(pack.findings, []);
    let looked = "Persons looked up, by purpose: loan-application";
    assert_eq!(value(&pack, "4.A", looked), "40");
    assert_eq!(
        value(&pack, "4.A", "Inquiries that were answered; one may be about several persons of a household"),
        "40"
    );
    assert_eq!(value(&pack, "4.A", "Inquiries that were refused, by reason: used-up"), "8");
    assert_eq!(value(&pack, "4.A", "Inquiries that were refused, by reason: withdrawn"), "3");
    assert_eq!(value(&pack, "4.B", "Consents by purpose: loan-application"), "60");
    assert_eq!(value(&pack, "4.B", "Other lawful grounds recorded in place of consent"), "0");
    let withdrawn = "Withdrawals by a client's code, where they were presented or arrived";
    assert_eq!(value(&pack, "4.D", withdrawn), "15");
    assert_eq!(
        value(&pack, "4.D", "Longest time from a client's withdrawal to the last of these logs"),
        "0 seconds"
    );
    // Each figure's leaves are really of that kind, and as many as it says.
    let opened = figure(&pack, "4.A", looked);
    for of in &opened.institutions {
        let leaves = &world.logs[&of.institution];
        let named: Vec<u64> = of.leaves.runs.iter().flat_map(|(first, last)| *first..=*last).collect();
        assert_eq!((named.len().to_string(), of.leaves.more), (of.value.clone(), 0));
        for leaf in named {
            let text = String::from_utf8_lossy(&leaves[usize::try_from(leaf).unwrap()]).into_owned();
            assert!(text.contains(r#""kind":"inquiry-opened""#), "{text}");
        }
    }
    // What is not there is said.
    assert!(section(&pack, "4.E").gaps.iter().any(|gap| gap.starts_with("No dispute stands")));
    assert!(section(&pack, "4.D").gaps.iter().any(|gap| gap.starts_with("No sample was explained")));
    assert!(section(&pack, "4.A").gaps.iter().any(|gap| gap.contains("whether a loan was made")));
}

#[test]
fn a_period_and_disputes() {
    let mut world = busy();
    let dispute = Digest([7; 32]);
    world.pass(DAY);
    let from = world.now;
    let leaf = LeafReference { index: 4, hash: Digest([8; 32]) };
    let opened = LeafBody::DisputeOpened { dispute, lender: id("lender-a"), consent: leaf };
    world.append("lender-d", opened);
    world.append("lender-a", LeafBody::DisputeReceived { dispute, opener: id("lender-d"), leaf });
    world.pass(3 * DAY);
    for end in ["lender-a", "lender-d"] {
        world.append(end, LeafBody::DisputeResolved { dispute, outcome: DisputeOutcome::Corrected });
    }
    let options = Options { from: Some(UnixTime(from)), ..Options::default() };
    let pack = pack_of(&world, &options);
    assert_eq!(
        value(&pack, "4.A", "Inquiries that were answered; one may be about several persons of a household"),
        "0",
        "before the period"
    );
    assert_eq!(value(&pack, "4.E", "Disputes that clients opened"), "1");
    assert_eq!(value(&pack, "4.E", "Disputes about their reports that lenders saw closed"), "1");
    assert_eq!(value(&pack, "4.E", "Time to the close, at worst"), "3 days");
    assert!(!section(&pack, "4.E").gaps.iter().any(|gap| gap.starts_with("No dispute stands")));
}

#[test]
fn the_page_says_it_all_and_nothing_runs_in_it() {
    let pack = pack_of(&busy(), &Options::default());
    let folders = ["<lender-a>".to_owned()];
    let page = pack_page(&pack, "ab-cd", &folders, UnixTime(BEGIN));
    for words in ["4.A", "4.B", "4.D", "4.E", "What the logs do not show", "ab-cd", "&lt;lender-a&gt;"] {
        assert!(page.contains(words), "{words}");
    }
    assert!(page.contains(&pack.logs[0].root.unwrap().to_string()));
    assert!(!page.contains("<script") && !page.contains("http"), "one file, without parts from elsewhere");
    let again: Pack = serde_json::from_str(&serde_json::to_string(&pack).unwrap()).unwrap();
    assert_eq!(again, pack);
}
