//! The table of roles and actions, as a reviewer reads it.

use expect_test::expect;

use super::{Action, Role};

#[test]
fn the_permission_table_is_as_reviewed() {
    let mut table = String::new();
    for action in Action::ALL {
        let marks: Vec<&str> = Role::ALL
            .into_iter()
            .map(|role| {
                if role.allows(action) {
                    role.as_str()
                } else {
                    "-"
                }
            })
            .collect();
        table.push_str(&format!("{:<19} {}\n", action.as_str(), marks.join(" ")));
    }
    expect![[r#"
        read                viewer analyst admin owner
        start_sync          - analyst admin owner
        manage_connections  - - admin owner
        manage_pipelines    - - admin owner
        manage_settings     - - admin owner
        manage_members      - - admin owner
        own_org             - - - owner
    "#]]
    .assert_eq(&table);
}

#[test]
fn a_role_parses_only_from_its_own_word() {
    for role in Role::ALL {
        assert_eq!(role.to_string().parse(), Ok(role));
    }
    assert!("Owner".parse::<Role>().is_err());
}
