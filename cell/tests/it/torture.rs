//! Reports that are almost right: none is believed whose figures are others than those in it.

use std::io::BufRead;
use std::sync::Arc;

use cell::config::Dv360 as Settings;
use cell::ingestion::connector::{Connector, FileError, ReadSummary, ReportRequest};
use cell::ingestion::connectors::dv360::Dv360;
use cell::ingestion::pipelines::{Spec, find_built_in};
use chrono::NaiveDate;
use serde_json::json;

use self::oracle::{Dice, REPORT};

mod hostile;

mod oracle;

/// How many spoiled files are tried on every run; `cargo x bench fuzz` tries ten millions.
const FILES: u64 = 20_000;

struct Reader {
    connector: Arc<dyn Connector>,
    spec: Spec,
    request: ReportRequest,
}

impl Reader {
    fn new() -> Self {
        let settings: Settings = serde_json::from_value(json!({
            "authorize_url": "http://127.0.0.1:1/",
            "token_url": "http://127.0.0.1:1/",
            "revoke_url": "http://127.0.0.1:1/",
            "bid_manager_url": "http://127.0.0.1:1/",
            "display_video_url": "http://127.0.0.1:1/",
            "client_id": "",
            "client_secret": "",
            "download_hosts": "127.0.0.1",
            "redirect_url": "http://127.0.0.1:1/",
        }))
        .unwrap();
        let day = |day| NaiveDate::from_ymd_opt(2026, 10, day).unwrap();
        Self {
            connector: Arc::new(Dv360::new(settings).unwrap()),
            spec: find_built_in("dv360_line_item_days").unwrap(),
            request: ReportRequest {
                partner_id: "995544".into(),
                advertiser_ids: vec!["630317194".into(), "630317195".into()],
                start: day(1),
                end: day(2),
            },
        }
    }

    fn read(&self, bytes: &[u8], announced: Option<u64>) -> Result<ReadSummary, FileError> {
        let mut input = bytes;
        self.read_from(&mut input, announced)
    }

    fn read_from(
        &self,
        input: &mut (dyn BufRead + Send),
        announced: Option<u64>,
    ) -> Result<ReadSummary, FileError> {
        let (spec, request) = (&self.spec, &self.request);
        self.connector
            .read_report(input, spec, request, announced, &mut |_| Ok(()))
    }
}

fn check(reader: &Reader, bytes: &[u8]) -> bool {
    let Ok(summary) = reader.read(bytes, None) else {
        return false;
    };
    let text = || String::from_utf8_lossy(bytes);
    let figures = oracle::read(bytes).unwrap_or_else(|| panic!("no figures in {}", text()));
    assert_eq!(summary.rows, figures.rows, "{}", text());
    assert_eq!(
        summary
            .sums
            .into_iter()
            .collect::<std::collections::BTreeMap<_, _>>(),
        figures.sums,
        "{}",
        text()
    );
    true
}

#[test]
fn the_whole_file_is_read_as_the_oracle_reads_it() {
    let reader = Reader::new();
    assert!(check(&reader, REPORT.as_bytes()));
    assert!(check(&reader, REPORT.replace('\n', "\r\n").as_bytes()));
    let summary = reader.read(REPORT.as_bytes(), None).unwrap();
    assert!(summary.control_total);
    assert_eq!((summary.rows, summary.nulls), (4, 3));
}

#[test]
fn a_file_cut_off_at_any_byte_is_refused() {
    let reader = Reader::new();
    for length in 0..REPORT.len() {
        let cut = &REPORT.as_bytes()[..length];
        assert!(reader.read(cut, None).is_err(), "accepted {length} bytes");
        let announced = Some(REPORT.len() as u64);
        let refused = reader.read(cut, announced).unwrap_err();
        assert!(refused.download_again, "{length} bytes: {refused}");
    }
}

#[test]
fn no_spoiled_file_is_believed_with_other_figures() {
    let reader = Reader::new();
    let mut believed = 0;
    for seed in 0..FILES {
        let mut bytes = REPORT.as_bytes().to_vec();
        oracle::spoil(&mut bytes, &mut Dice::new(seed));
        believed += u64::from(check(&reader, &bytes));
    }
    assert!(believed > FILES / 1000, "only {believed} are still right");
}
