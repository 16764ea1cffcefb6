//! In which order a platform goes down: nobody loses what he still needs to finish his work.

/// Groups of process names, to be ended one group after the other: first who lets requests in,
/// then who answers them, then what they keep their state in, Postgres last.
pub(super) fn stop_order(names: &[String]) -> [Vec<&str>; 4] {
    let mut groups = [const { Vec::new() }; 4];
    for name in names {
        let group = match name.rsplit('/').next() {
            Some("router") => 0,
            Some("redis") => 2,
            Some("postgres") => 3,
            _ => 1,
        };
        groups[group].push(name.as_str());
    }
    groups
}

#[cfg(test)]
mod tests {
    //! Writers end before what they write to.

    use super::stop_order;

    #[test]
    fn requests_stop_first_and_databases_last() {
        let names = [
            "cell-1/postgres",
            "cell-1/redis",
            "cell-1/serve",
            "cell-1/work",
            "dv360-simulator",
            "global-control/postgres",
            "global-control/serve",
            "router",
        ]
        .map(ToOwned::to_owned);
        let expected: [&[&str]; 4] = [
            &["router"],
            &[
                "cell-1/serve",
                "cell-1/work",
                "dv360-simulator",
                "global-control/serve",
            ],
            &["cell-1/redis"],
            &["cell-1/postgres", "global-control/postgres"],
        ];
        assert_eq!(stop_order(&names), expected);
    }
}
