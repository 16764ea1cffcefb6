//! What must hold for every fleet, and a few choices spelled out.

use std::collections::HashMap;

use contracts::provisioning::CellState;
use contracts::{CellId, OrgId};
use expect_test::expect;
use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};
use proptest::strategy::Just;

use super::{Policy, Verdict, Why, choose_cell};
use crate::fleet::{Cell, Fleet};

fn cell_id(n: u32) -> CellId {
    format!("cell_0192f3a4b5c67d8e9fa0b1c2{n:08x}")
        .parse()
        .unwrap()
}

fn org_id(n: u32) -> OrgId {
    format!("org_0192f3a4b5c67d8e9fa0b1c2{n:08x}")
        .parse()
        .unwrap()
}

fn active(n: u32, orgs: u32, capacity_orgs: u32) -> Cell {
    Cell {
        id: cell_id(n),
        state: CellState::Active,
        orgs,
        capacity_orgs,
        load_milli: 100,
    }
}

fn order(fleet: &Fleet, org: OrgId) -> Vec<CellId> {
    fleet.candidates(org).map(|cell| cell.id).collect()
}

#[test]
fn the_order_of_cells_is_pinned() {
    let fleet = Fleet::new((0..6).map(|n| active(n, 0, 10)));
    let orders: Vec<String> = (0..5)
        .map(|n| {
            let ids = order(&fleet, org_id(n));
            let tails = ids.iter().map(|id| id.to_string()[36..].to_owned());
            tails.collect::<Vec<_>>().join(" ")
        })
        .collect();
    expect![[r#"
        0 3 2 4 1 5
        2 5 4 1 0 3
        4 2 0 5 3 1
        0 4 3 5 1 2
        4 1 2 5 0 3"#]]
    .assert_eq(&orders.join("\n"));
}

#[test]
fn a_choice_names_every_cell_it_passed_by() {
    let mut cells: Vec<Cell> = (0..5).map(|n| active(n, 5, 10)).collect();
    let ids = order(&Fleet::new(cells.clone()), org_id(1));
    let mut change = |at: usize, edit: &dyn Fn(&mut Cell)| {
        edit(cells.iter_mut().find(|cell| cell.id == ids[at]).unwrap());
    };
    change(0, &|cell| cell.state = CellState::Draining);
    change(1, &|cell| cell.orgs = 10);
    change(2, &|cell| cell.load_milli = 2_000);
    change(3, &|cell| cell.orgs = 9);
    let choice = choose_cell(&Fleet::new(cells), org_id(1), &Policy::default()).unwrap();
    let verdicts: Vec<String> = choice
        .considered
        .iter()
        .map(|one| format!("{:?}", one.verdict))
        .collect();
    expect![[r#"
        NotActive { state: Draining }
        Full { capacity_orgs: 10 }
        Busy { load_milli: 2000, limit_milli: 1600 }
        Taken { orgs: 10, capacity_orgs: 10 }"#]]
    .assert_eq(&verdicts.join("\n"));
}

#[test]
fn refusals_say_why() {
    let why = |cells: Vec<Cell>| {
        choose_cell(&Fleet::new(cells), org_id(1), &Policy::default())
            .unwrap_err()
            .why
    };
    assert_eq!(why(vec![]), Why::NoCells);
    let silent = Cell {
        state: CellState::Silent,
        ..active(1, 0, 10)
    };
    assert_eq!(why(vec![silent]), Why::NoneActive);
    assert_eq!(why(vec![silent, active(2, 10, 10)]), Why::Full);
    assert_eq!(why(vec![active(2, 12, 10)]), Why::Full);
}

#[test]
fn a_busy_cell_is_taken_when_all_are_busy() {
    let busy = Cell {
        load_milli: 9_000,
        ..active(1, 0, 1)
    };
    let choice = choose_cell(&Fleet::new([busy]), org_id(1), &Policy::default()).unwrap();
    assert_eq!(
        choice.considered[0].verdict,
        Verdict::TakenThoughBusy { load_milli: 9_000 }
    );
}

#[test]
fn orgs_spread_within_the_slack() {
    let mut orgs: HashMap<u32, u32> = (0..8).map(|n| (n, 0)).collect();
    for org in 0..800 {
        let fleet = Fleet::new(orgs.iter().map(|(n, count)| active(*n, *count, 1_000)));
        let cell = choose_cell(&fleet, org_id(org), &Policy::default())
            .unwrap()
            .cell;
        let n = (0..8).find(|n| cell_id(*n) == cell).unwrap();
        *orgs.get_mut(&n).unwrap() += 1;
    }
    assert!(orgs.values().all(|count| *count <= 126), "{orgs:?}");
}

fn states() -> impl Strategy<Value = CellState> {
    prop_oneof![
        4 => Just(CellState::Active),
        1 => Just(CellState::Joining),
        1 => Just(CellState::Draining),
        1 => Just(CellState::Silent),
    ]
}

fn fleets() -> impl Strategy<Value = Vec<Cell>> {
    let cell = (states(), 0_u32..20, 0_u32..20, 0_u32..3_000);
    proptest::collection::vec(cell, 0..12).prop_map(|cells| {
        (0..)
            .zip(cells)
            .map(|(n, (state, orgs, capacity_orgs, load_milli))| Cell {
                id: cell_id(n),
                state,
                orgs,
                capacity_orgs,
                load_milli,
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn an_org_is_placed_exactly_when_an_active_cell_has_room(
        cells in fleets(), org in any::<u32>(), slack_percent in 0_u32..200, busy_milli in 0_u32..3_000,
    ) {
        let policy = Policy { busy_milli, slack_percent };
        let usable = |cell: &&Cell| cell.state == CellState::Active && cell.has_room();
        let chosen = choose_cell(&Fleet::new(cells.clone()), org_id(org), &policy);
        prop_assert_eq!(chosen.is_ok(), cells.iter().any(|cell| usable(&cell)));
        if let Ok(choice) = &chosen {
            let cell = cells.iter().find(|cell| cell.id == choice.cell).unwrap();
            prop_assert!(usable(&cell), "{:?}", cell);
        }
        let mut reversed = cells;
        reversed.reverse();
        prop_assert_eq!(chosen, choose_cell(&Fleet::new(reversed), org_id(org), &policy));
    }

    #[test]
    fn filling_a_fleet_never_overfills_a_cell(
        capacities in proptest::collection::vec(0_u32..12, 1..8), seed in any::<u32>(),
    ) {
        let mut cells: Vec<Cell> =
            (0..).zip(&capacities).map(|(n, capacity)| active(n, 0, *capacity)).collect();
        let room: u32 = capacities.iter().sum();
        for n in 0..room {
            let org = org_id(seed.wrapping_add(n));
            let choice = choose_cell(&Fleet::new(cells.clone()), org, &Policy::default()).unwrap();
            cells.iter_mut().find(|cell| cell.id == choice.cell).unwrap().orgs += 1;
        }
        prop_assert!(cells.iter().all(|cell| cell.orgs == cell.capacity_orgs));
        prop_assert!(choose_cell(&Fleet::new(cells), org_id(seed), &Policy::default()).is_err());
    }

    #[test]
    fn a_new_cell_only_slides_into_the_order(count in 1_u32..20, org in any::<u32>()) {
        let before = Fleet::new((0..count).map(|n| active(n, 0, 1)));
        let after = Fleet::new((0..=count).map(|n| active(n, 0, 1)));
        let mut order_after = order(&after, org_id(org));
        order_after.retain(|id| *id != cell_id(count));
        prop_assert_eq!(order(&before, org_id(org)), order_after);
    }
}

#[test]
fn a_new_cell_draws_about_its_share_of_orgs() {
    let before = Fleet::new((0..10).map(|n| active(n, 0, 1)));
    let after = Fleet::new((0..11).map(|n| active(n, 0, 1)));
    let moved = (0..2_000)
        .filter(|n| order(&before, org_id(*n))[0] != order(&after, org_id(*n))[0])
        .count();
    assert!(
        (60..360).contains(&moved),
        "{moved} of 2000 orgs changed their first cell"
    );
}
