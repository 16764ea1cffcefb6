//! Counting adds up, and CPU time is that of the polls.

use contracts::{Epoch, OrgId};

use super::{Meter, Tally, Usage};
use crate::tenancy::OrgScope;

fn counted(usage: &Usage, org: OrgId, meter: Meter) -> u64 {
    usage.0.lock().get(&org).map_or(0, |p| p.tally.get(meter))
}

#[test]
fn quantities_add_up_per_org_and_meter() {
    let usage = Usage::default();
    let a = OrgScope::vouched(OrgId::new(), Epoch(1));
    let b = OrgScope::vouched(OrgId::new(), Epoch(1));
    usage.add(&a, Meter::BytesIn, 3);
    usage.add(&a, Meter::BytesIn, 4);
    usage.add(&b, Meter::BytesIn, 5);
    usage.add(&b, Meter::Jobs, 0);
    assert_eq!(counted(&usage, a.org(), Meter::BytesIn), 7);
    assert_eq!(counted(&usage, b.org(), Meter::BytesIn), 5);
    let entries = Tally::of(Meter::Jobs, 2).entries();
    assert_eq!(entries, (vec!["jobs".to_owned()], vec![2]));
}

#[tokio::test]
async fn cpu_is_counted_for_work_and_not_for_waiting() {
    let usage = Usage::default();
    let scope = OrgScope::vouched(OrgId::new(), Epoch(1));
    let waiting = tokio::time::sleep(std::time::Duration::from_millis(40));
    usage.metered(scope, waiting).await;
    let idle = counted(&usage, scope.org(), Meter::CpuUs);
    assert!(idle < 10_000, "waiting cost {idle} us");
    let busy = async {
        let started = std::time::Instant::now();
        let mut sum = 0_u64;
        while started.elapsed().as_millis() < 40 {
            sum = std::hint::black_box(sum.wrapping_mul(31).wrapping_add(7));
        }
    };
    usage.metered(scope, busy).await;
    let total = counted(&usage, scope.org(), Meter::CpuUs);
    assert!(total > idle, "work cost nothing");
}
