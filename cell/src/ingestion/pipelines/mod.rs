//! Pipelines as data: the specs we ship and, over them, what an org changed.

pub mod spec;

pub use spec::Spec;

/// The specs that come with this version, by name.
const BUILT_IN: [&str; 3] = [
    include_str!("../../../pipelines/dv360_line_item_days.json"),
    include_str!("../../../pipelines/dv360_device_days.json"),
    include_str!("../../../pipelines/dv360_advertiser_days.json"),
];

/// What every org has before it changes anything.
pub fn built_in() -> Vec<Spec> {
    BUILT_IN
        .iter()
        .map(|text| serde_json::from_str(text).expect("the tests read every shipped spec"))
        .collect()
}

/// The pipeline that pacing lives on, as it ships.
#[cfg(test)]
pub fn line_item_days() -> Spec {
    let mut all = built_in().into_iter();
    let found = all.find(|spec| spec.dataset == spec::Dataset::LineItemDays);
    found.expect("the tests find it among the shipped ones")
}

/// A shipped spec by name.
pub fn find_built_in(pipeline: &str) -> Option<Spec> {
    built_in()
        .into_iter()
        .find(|spec| spec.pipeline == pipeline)
}

#[cfg(test)]
mod tests {
    //! What we ship can be read.

    use super::built_in;

    #[test]
    fn every_shipped_spec_is_one() {
        let names: Vec<String> = built_in().into_iter().map(|spec| spec.pipeline).collect();
        assert_eq!(
            names,
            [
                "dv360_line_item_days",
                "dv360_device_days",
                "dv360_advertiser_days"
            ]
        );
    }
}
