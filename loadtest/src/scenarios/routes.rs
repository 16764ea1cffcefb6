//! Claim: a million orgs with two million hosts cost a request no more than a thousand orgs, fit in
//! little memory, change without a pause, and are back from disk in a second.

use std::hint::black_box;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use contracts::routes::{
    CellRoute, OrgRoute, RouteEntry, SNAPSHOT_FORMAT, SnapshotHeader, signed_text,
};
use contracts::{CellId, Epoch, OrgId};
use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use rand::{Rng as _, SeedableRng as _};
use router::decide::{Decision, RequestParts, decide};
use router::route_table::{EdgeKeys, RouteTable};
use router::snapshot;
use service_kit::config::HexKey;
use service_kit::tokens::{SigningKey, VerifyingKeys};
use uuid::Uuid;

use crate::core_time::core_time;
use crate::report::{Report, Row};

const ROUNDS: usize = 7;
const CELLS: usize = 64;
const DOMAIN: &str = "cellplane.example";

pub(crate) async fn run(quick: bool) -> Result<Report> {
    tokio::task::spawn_blocking(move || measure(quick))
        .await
        .context("a measurement panicked")?
}

fn measure(quick: bool) -> Result<Report> {
    let orgs = if quick { 50_000 } else { 1_000_000 };
    let keys = EdgeKeys::new([1; 32]);
    let few = RouteTable::build(1, &entries(1_000), &keys);
    let all = entries(orgs);
    let many = RouteTable::build(1, &all, &keys);
    check(&many, orgs)?;

    let mut rows = look_ups(&few, &many, orgs)?;
    let bytes = many.bytes() as f64 / (2 * orgs) as f64;
    rows.push(Row::at_most("memory a host", "B", &[bytes], 64.0));
    rows.extend(changes(&many, orgs, &keys)?);
    rows.extend(start_from_disk(&all, orgs, &keys)?);
    Ok(Report::new("routes", quick, rows))
}

/// Org number `number` has a host of the platform's and one that it brought.
fn entries(orgs: usize) -> Vec<RouteEntry> {
    let cells = (0..CELLS).map(|number| {
        RouteEntry::Cell(CellRoute {
            cell: cell_id(number),
            name: format!("cell-{number}"),
            addr: ([127, 0, 0, 1], 4000).into(),
        })
    });
    cells.chain((0..orgs).map(|org| route(org, 1))).collect()
}

fn route(number: usize, epoch: i64) -> RouteEntry {
    RouteEntry::Org(OrgRoute {
        org: org_id(number),
        slug: slug(number).parse().expect("a valid slug"),
        hosts: vec![custom_host(number).parse().expect("a valid host")],
        cell: cell_id((number + epoch as usize) % CELLS),
        epoch: Epoch(epoch),
        held: false,
    })
}

fn slug(number: usize) -> String {
    format!("agency-{number}")
}

fn custom_host(number: usize) -> String {
    format!("ads.agency-{number}.example")
}

/// As random as real ids are.
fn org_id(number: usize) -> OrgId {
    let spread = (number as u128 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
    OrgId::from_uuid(Uuid::from_u128(spread))
}

fn cell_id(number: usize) -> CellId {
    CellId::from_uuid(Uuid::from_u128(number as u128 + 1))
}

fn check(table: &RouteTable, orgs: usize) -> Result<()> {
    ensure!(table.org_count() == orgs, "{} orgs", table.org_count());
    for number in (0..orgs).step_by(97) {
        let found = (
            table.find_host(&slug(number)),
            table.find_host(&custom_host(number)),
        );
        let (Some(one), Some(other)) = found else {
            anyhow::bail!("org {number} is not found");
        };
        ensure!(
            one == other && one.org == org_id(number),
            "org {number} is mistaken"
        );
        ensure!(
            table.find_host(&slug(number + orgs)).is_none(),
            "found what is not there"
        );
    }
    Ok(())
}

/// The table's own look-up, and the whole decision with reading the `Host` header before it.
fn look_ups(few: &RouteTable, many: &RouteTable, orgs: usize) -> Result<Vec<Row>> {
    let mut dice = StdRng::seed_from_u64(7);
    let asked = 1_000_000.min(orgs * 4);
    let mut hosts = |of: usize, from: usize| -> Vec<String> {
        (0..asked)
            .map(|turn| match from + dice.random_range(0..of) {
                org if turn % 2 == 0 => slug(org),
                org => custom_host(org),
            })
            .collect()
    };
    let (of_few, of_many, of_none) = (hosts(1_000, 0), hosts(orgs, 0), hosts(orgs, orgs));
    let full = |names: &[String]| -> Vec<String> {
        let full = |name: &String| match name.contains('.') {
            true => name.clone(),
            false => format!("{name}.{DOMAIN}"),
        };
        names.iter().map(full).collect()
    };
    let (full_few, full_many, full_none) = (full(&of_few), full(&of_many), full(&of_none));
    let mut took: [Vec<f64>; 6] = Default::default();
    for _ in 0..ROUNDS {
        took[0].push(find_all(few, &of_few, asked)?);
        took[1].push(find_all(many, &of_many, asked)?);
        took[2].push(find_all(many, &of_none, 0)?);
        took[3].push(decide_all(few, &full_few, asked)?);
        took[4].push(decide_all(many, &full_many, asked)?);
        took[5].push(decide_all(many, &full_none, 0)?);
    }
    let [few, many, none, decided_few, decided_many, decided_none] = took;
    Ok(vec![
        Row::shown("look-up, 1,000 orgs, random hosts", "ns", &few),
        Row::at_most("look-up, all orgs, random hosts", "ns", &many, 500.0),
        Row::shown("  hosts that nobody has", "ns", &none),
        Row::shown("whole decision, 1,000 orgs", "ns", &decided_few),
        Row::shown("whole decision, all orgs", "ns", &decided_many),
        Row::shown("  hosts that nobody has", "ns", &decided_none),
    ])
}

/// Nanoseconds each, by this thread's own time on a core.
fn find_all(table: &RouteTable, hosts: &[String], expected: usize) -> Result<f64> {
    let began = core_time()?;
    let found = hosts
        .iter()
        .filter(|host| black_box(table.find_host(black_box(host))).is_some())
        .count();
    let took = core_time()? - began;
    ensure!(found == expected, "found {found} of {expected}");
    Ok(took.as_secs_f64() * 1e9 / hosts.len() as f64)
}

fn decide_all(table: &RouteTable, hosts: &[String], expected: usize) -> Result<f64> {
    let began = core_time()?;
    let mut forwarded = 0;
    for host in hosts {
        let request = RequestParts {
            host: Some(black_box(host)),
            path_and_query: "/api/v1/pacing",
            content_length: None,
        };
        let decision = black_box(decide(table, DOMAIN, request));
        forwarded += usize::from(matches!(decision, Decision::Forward(_)));
    }
    let took = core_time()? - began;
    ensure!(forwarded == expected, "forwarded {forwarded} of {expected}");
    Ok(took.as_secs_f64() * 1e9 / hosts.len() as f64)
}

/// Moves one org after another, enough to fold the changes into a new base several times.
fn changes(table: &RouteTable, orgs: usize, keys: &EdgeKeys) -> Result<Vec<Row>> {
    let mut order: Vec<usize> = (0..orgs).collect();
    order.shuffle(&mut StdRng::seed_from_u64(11));
    let mut table = table.clone();
    let mut took = Vec::new();
    for (turn, number) in order.into_iter().take(15_000).enumerate() {
        let entry = route(number, 2);
        let began = Instant::now();
        table = table.with(turn as i64 + 2, [&entry], keys);
        took.push(began.elapsed().as_secs_f64() * 1e3);
        let found = table.find_host(&slug(number));
        ensure!(
            found.is_some_and(|found| found.epoch == Epoch(2)),
            "a change was lost"
        );
    }
    Ok(vec![
        Row::shown("one org changed", "ms", &took),
        Row::quantile_at_most("  99 of 100 within", "ms", &took, 0.99, 5.0),
    ])
}

fn start_from_disk(entries: &[RouteEntry], orgs: usize, keys: &EdgeKeys) -> Result<Vec<Row>> {
    let signer = SigningKey::from_seed(&HexKey::new([9; 32]));
    let trusted = VerifyingKeys::new(vec![signer.public_key()]);
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("routes.snapshot");
    snapshot::store(&path, &signed(entries, &signer)?)?;
    let size = std::fs::metadata(&path)?.len() as f64 / 1e6;
    let mut took = Vec::new();
    for _ in 0..5 {
        let began = Instant::now();
        let read = |found: &snapshot::Snapshot<'_>| RouteTable::read(found, keys);
        let table = snapshot::load(&path, &trusted, read).context("read the snapshot")?;
        took.push(began.elapsed().as_secs_f64());
        check(&table, orgs)?;
    }
    Ok(vec![
        Row::shown("snapshot on disk", "MB", &[size]),
        Row::at_most("table from the snapshot on disk", "s", &took, 1.0),
    ])
}

fn signed(entries: &[RouteEntry], signer: &SigningKey) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    for entry in entries {
        serde_json::to_writer(&mut body, entry)?;
        body.push(b'\n');
    }
    let sha256 = hex::encode(ring::digest::digest(&ring::digest::SHA256, &body));
    let count = entries.len() as u64;
    let header = SnapshotHeader {
        format: SNAPSHOT_FORMAT,
        seq: 1,
        entries: count,
        signature: signer.sign_bytes(signed_text(SNAPSHOT_FORMAT, 1, count, &sha256).as_bytes()),
        sha256,
    };
    let mut bytes = serde_json::to_vec(&header)?;
    bytes.push(b'\n');
    bytes.extend_from_slice(&body);
    Ok(bytes)
}
