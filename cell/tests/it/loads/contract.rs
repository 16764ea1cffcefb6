//! Each kind of drift under each answer of the contract.

use cell::ingestion::pipelines::find_built_in;
use cell::ingestion::pipelines::spec::{Drift, Spec};
use cell::ingestion::reading::Change;
use serde_json::{Value, json};

use super::Loads;
use super::file::{Cells, Sheet};

const ALL: [Drift; 3] = [Drift::Evolve, Drift::Freeze, Drift::Quarantine];
const ROWS: [Cells<'static>; 2] = [
    &[
        ("date", "2026/10/01"),
        ("clicks", "3"),
        ("conversions", "1.5"),
    ],
    &[
        ("date", "2026/10/02"),
        ("clicks", "4"),
        ("conversions", "2"),
    ],
];
/// Of the second day.
const FIGURES: &str = "select clicks, conversions_micros as conversions, extra
                         from tenant.line_item_days where date = '2026-10-02'";

fn spec(drift: impl Fn(&mut Spec)) -> Spec {
    let mut spec = find_built_in("dv360_line_item_days").unwrap();
    drift(&mut spec);
    spec
}

/// What the second day has then, and the drift that was noted of it.
async fn loaded(loads: &Loads, sheet: &Sheet) -> (Value, Change) {
    let landed = loads.load(sheet).await.unwrap();
    assert!(landed.summary.control_total);
    assert_eq!(
        landed.summary.drifts.len(),
        1,
        "{:?}",
        landed.summary.drifts
    );
    let noted = "select notes->'drifts' as drifts from tenant.load_ledger";
    let noted = &loads.told(noted).await[0]["drifts"];
    assert_eq!(*noted, json!(landed.summary.drifts));
    let figures = loads.told(FIGURES).await[0].clone();
    (figures, landed.summary.drifts[0].change.clone())
}

#[tokio::test]
async fn a_new_column_is_kept_left_out_or_keeps_the_file_out() {
    for action in ALL {
        let loads = Loads::start_with(spec(|spec| spec.contract.new_column = action)).await;
        let sheet = Sheet::new(&loads.spec, (1, 2), &ROWS).with("Engagements", "7");
        if action == Drift::Quarantine {
            let refused = loads.load(&sheet).await.unwrap_err();
            assert_eq!(refused.code, "schema_drift");
            assert_eq!(
                refused.message,
                "the header has the unknown column \"Engagements\""
            );
            assert_eq!(loads.told(FIGURES).await, json!([]));
            continue;
        }
        let (figures, change) = loaded(&loads, &sheet).await;
        let extra = match action {
            Drift::Evolve => json!({"Engagements": "7"}),
            _ => Value::Null,
        };
        assert_eq!(
            figures,
            json!({"clicks": 4, "conversions": 2_000_000, "extra": extra})
        );
        assert_eq!(change, Change::New);
    }
}

#[tokio::test]
async fn a_missing_column_is_null_or_keeps_the_file_out() {
    for (action, required) in ALL.into_iter().flat_map(|one| [(one, false), (one, true)]) {
        let loads = Loads::start_with(spec(|spec| {
            spec.contract.missing_column = action;
            let column = spec
                .columns
                .iter_mut()
                .find(|one| one.name == "conversions");
            column.unwrap().required = required;
        }))
        .await;
        let sheet = Sheet::new(&loads.spec, (1, 2), &ROWS).without("Total Conversions");
        if required || action == Drift::Quarantine {
            let refused = loads.load(&sheet).await.unwrap_err();
            assert_eq!(refused.code, "schema_drift", "{action:?} {required}");
            assert_eq!(
                refused.message,
                "the header lacks the column \"conversions\""
            );
            continue;
        }
        let (figures, change) = loaded(&loads, &sheet).await;
        assert_eq!(
            figures,
            json!({"clicks": 4, "conversions": null, "extra": null})
        );
        assert_eq!(change, Change::Missing);
    }
}

/// Whatever the contract says: two columns may have been exchanged, and only a person can tell.
#[tokio::test]
async fn a_column_that_may_have_a_new_name_always_waits_for_a_person() {
    for (new, missing) in ALL
        .into_iter()
        .flat_map(|new| ALL.map(|missing| (new, missing)))
    {
        let loads = Loads::start_with(spec(|spec| {
            spec.contract.new_column = new;
            spec.contract.missing_column = missing;
            for column in &mut spec.columns {
                column.required = false;
            }
        }))
        .await;
        let sheet =
            Sheet::new(&loads.spec, (1, 2), &ROWS).renamed("Total Conversions", "Conversions");
        let refused = loads.load(&sheet).await.unwrap_err();
        assert_eq!(refused.code, "schema_drift");
        let header = "Conversions".to_owned();
        assert_eq!(
            refused.drifts[0].change,
            Change::RenamedSuspected { header }
        );
        assert_eq!(loads.told(FIGURES).await, json!([]));
    }
}

#[tokio::test]
async fn a_cell_of_another_kind_is_text_null_or_keeps_the_file_out() {
    for action in ALL {
        let loads = Loads::start_with(spec(|spec| spec.contract.retyped_column = action)).await;
        let rows: [Cells<'_>; 2] = [
            ROWS[0],
            &[
                ("date", "2026/10/02"),
                ("clicks", "4"),
                ("conversions", "two"),
            ],
        ];
        let sheet = Sheet::new(&loads.spec, (1, 2), &rows);
        if action == Drift::Quarantine {
            let refused = loads.load(&sheet).await.unwrap_err();
            assert_eq!((refused.code, refused.line), ("file_refused", Some(3)));
            assert!(
                refused
                    .message
                    .contains("\"two\" in column \"Total Conversions\""),
                "{refused}"
            );
            continue;
        }
        let (figures, change) = loaded(&loads, &sheet).await;
        let extra = match action {
            Drift::Evolve => json!({"conversions": "two"}),
            _ => Value::Null,
        };
        assert_eq!(
            figures,
            json!({"clicks": 4, "conversions": null, "extra": extra})
        );
        let (cells, line, text) = (1, 3, "two".to_owned());
        assert_eq!(change, Change::Retyped { cells, line, text });
    }
}

/// Nothing can be counted without a day, whose it is, and in which currency.
#[tokio::test]
async fn what_names_a_row_is_never_taken_for_text() {
    for action in ALL {
        let loads = Loads::start_with(spec(|spec| spec.contract.retyped_column = action)).await;
        for (name, text) in [
            ("date", "1 October"),
            ("advertiser_id", "Acme"),
            ("currency", "€"),
        ] {
            let rows: [Cells<'_>; 1] = [&[(name, text)]];
            let refused = loads
                .load(&Sheet::new(&loads.spec, (1, 1), &rows))
                .await
                .unwrap_err();
            assert_eq!(
                (refused.code, refused.line),
                ("file_refused", Some(2)),
                "{name}"
            );
        }
    }
}
