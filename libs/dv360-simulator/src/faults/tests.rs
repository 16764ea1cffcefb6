//! Rates, wear and the draws behind them.

use std::sync::Arc;

use serde_json::json;

use super::{Call, FaultBook, FaultOrder, OrderError, Outcome, ReportFault};
use crate::journal::Journal;

fn book(order: serde_json::Value) -> FaultBook {
    let book = FaultBook::new(7, Arc::new(Journal::none()));
    let order: FaultOrder = serde_json::from_value(order).unwrap();
    book.apply(order).unwrap();
    book
}

#[test]
fn a_rate_is_kept_and_the_same_seed_draws_the_same() {
    let order = json!({"everyone": {"report": {"kind": "failed", "rate": 0.2}}});
    let draws = |book: &FaultBook| -> Vec<bool> {
        let drawn = (0..2_000).map(|_| book.draw_report(&[5]).is_some());
        drawn.collect()
    };
    let first = draws(&book(order.clone()));
    let struck = first.iter().filter(|one| **one).count();
    assert!((340..460).contains(&struck), "{struck} of 2000");
    assert_eq!(first, draws(&book(order)));
}

#[test]
fn the_first_that_strikes_counts_and_wears_out() {
    let book = book(json!({"advertiser_id": "5", "faults": {"report": [
        {"kind": "failed", "times": 1},
        {"kind": {"delay": {"ms": 5}}, "times": 1},
    ]}}));
    assert_eq!(book.draw_report(&[9]), None);
    assert_eq!(book.draw_report(&[9, 5]), Some(ReportFault::Failed));
    assert_eq!(book.draw_report(&[5]), Some(ReportFault::Delay { ms: 5 }));
    assert_eq!(book.draw_report(&[5]), None);
}

#[test]
fn a_fault_can_be_kept_to_some_calls() {
    let book = book(json!({"everyone": {"api": {"kind": "lost_answer", "on": ["run_query"]}}}));
    assert_eq!(book.check_api(Call::ListQueries, &[]), Ok(Outcome::Fine));
    assert_eq!(book.check_api(Call::RunQuery, &[]), Ok(Outcome::AnswerLost));
}

#[test]
fn an_order_that_means_nothing_is_refused() {
    let book = FaultBook::new(7, Arc::new(Journal::none()));
    let refused = |order| {
        book.apply(serde_json::from_value(order).unwrap())
            .unwrap_err()
    };
    let rate = json!({"everyone": {"file": {"kind": "bom", "rate": 1.5}}});
    assert_eq!(refused(rate), OrderError::Rate);
    let id = json!({"advertiser_id": "five", "faults": {}});
    assert_eq!(refused(id), OrderError::Id);
    let calls = json!({"everyone": {"file": {"kind": "bom", "on": ["run_query"]}}});
    assert_eq!(refused(calls), OrderError::Calls);
}
