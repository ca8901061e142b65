//! `/v1/market` and `/v1/market.csv`: what lenders logged, and nothing drawn anew.

use serde_json::json;

use super::support::Served;
use crate::digest::TransactionId;
use crate::market::MarketReport;
use crate::model::leaf::{Leaf, LeafBody};
use crate::node::MarketCount;

fn log(served: &Served, month: &str, clients: [i64; 4]) {
    let month = month.parse().unwrap();
    let body = LeafBody::MarketCounted { month, epsilon_thousandths: 500, covers: 1, of: 1, clients };
    let leaf = Leaf::new(served.node.clock().now(), TransactionId([9; 16]), body);
    served.node.log().append_one(leaf).unwrap();
}

#[tokio::test]
async fn the_figures_are_those_that_were_logged_whenever_they_are_asked_for() {
    let served = Served::new(1);
    let none = served.get("/v1/market").await.body;
    let budget =
        json!({"epsilon_thousandths": 500, "epsilon_yearly_thousandths": 6000, "spent_thousandths": 0});
    assert_eq!(none, json!({"months": [], "budget": budget}));
    log(&served, "2026-10", [700, 200, 90, 10]);
    log(&served, "2026-11", [690, 230, 80, 3]);
    // A month to come, and one of long ago, are nobody's.
    log(&served, "2026-12", [1; 4]);
    log(&served, "2020-01", [1; 4]);
    let shown = served.get("/v1/market").await.body;
    assert_eq!(shown, served.get("/v1/market").await.body);
    let report: MarketReport = serde_json::from_value(shown).unwrap();
    let months: Vec<String> = report.months.iter().map(|month| month.month.to_string()).collect();
    assert_eq!((months, report.budget.spent_thousandths), (vec!["2026-11".into(), "2026-10".into()], 1_000));
    let per_mille = |month: usize| -> Vec<_> {
        report.months[month].classes.iter().map(|class| class.per_mille).collect()
    };
    assert_eq!(per_mille(1), [Some(700), Some(200), Some(90), Some(10)]);
    assert_eq!(per_mille(0), [Some(688), Some(229), None, None]);
    // This lender's own count of the month is there.
    assert_eq!(served.node.count_for_market().unwrap(), MarketCount::Done);
    let csv = served.get("/v1/market.csv").await.text;
    let lines: Vec<&str> = csv.split("\r\n").collect();
    assert_eq!(lines.len(), 1 + 2 * 4 + 1, "{csv}");
    assert_eq!(lines[3], "2026-11,3,false,,,38,1,true,500");
    assert_eq!(lines[8], "2026-10,4,true,10,10,38,1,true,500");
}
