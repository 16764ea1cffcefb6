//! What every module of this version keeps to.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::spec::Template;
use super::{Installed, Version, all, examine};
use crate::documents::{is_name, prevents};
use crate::routes::{self, Needs};

#[test]
fn every_module_can_run_as_it_is_shipped() {
    let mut names = BTreeSet::new();
    for module in all() {
        let spec = module.spec();
        assert!(is_name(&spec.module) && names.insert(spec.module.clone()));
        assert!(
            spec.version > 0 && !spec.inputs.is_empty(),
            "{}",
            spec.module
        );
        let templates = [None, Some(Template::Brand), Some(Template::Performance)];
        for template in templates.into_iter().chain([Some(Template::InHouse)]) {
            let settings = spec.base(template);
            let found = examine(*module, &settings);
            assert!(found.is_empty(), "{} {template:?}: {found:?}", spec.module);
        }
    }
}

/// Whoever changes what a spec says of permissions changes the routes, too.
#[test]
fn routes_of_a_module_ask_what_its_spec_says() {
    for module in all() {
        let spec = module.spec();
        let prefix = format!("/api/{}/", spec.module);
        let mut asked = 0;
        for entry in routes::all().table() {
            if !entry.path.starts_with(&prefix) {
                continue;
            }
            asked += 1;
            // What people keep by name is theirs to change, and the handler asks whose it is.
            let kept = entry.path.starts_with(&format!("{prefix}saved/"));
            let reads = kept || entry.method == "GET" || entry.method == "POST";
            let needs = Needs::May(spec.permissions.read);
            let configures = Needs::May(spec.permissions.configure);
            assert!(
                entry.needs == configures || reads && entry.needs == needs,
                "{entry:?}"
            );
        }
        assert!(asked > 0, "{} has no routes", spec.module);
    }
}

fn installed(settings: Value) -> Installed {
    let module = super::find_module("pacing").unwrap();
    Installed {
        module,
        version: Some(Version {
            module: "pacing".to_owned(),
            version: 3,
            enabled: true,
            template: Some(Template::Brand),
            settings: Some(settings),
            comment: String::new(),
            changed_by: contracts::UserId::new(),
            changed_at: chrono::Utc::now(),
        }),
    }
}

#[test]
fn what_an_org_says_is_laid_over_its_template() {
    let settings = installed(json!({"on_pace_from_percent": 70})).settings();
    assert_eq!(settings["on_pace_from_percent"], 70);
    assert_eq!(settings["on_pace_to_percent"], 105);
}

#[test]
fn settings_that_this_version_cannot_do_give_way_and_are_told() {
    let broken = installed(json!({"of_an_older_version": true}));
    assert!(prevents(&broken.problems()));
    assert_eq!(broken.problems()[0].path, "/of_an_older_version");
    let settings = broken.settings();
    assert_eq!(settings, broken.module.spec().base(Some(Template::Brand)));
}
