//! Which account, which folder, and that a folder keeps its name.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::{Account, fnv1a, parse_passwd, private_folder};

#[test]
fn accounts_are_read_from_passwd() {
    let passwd =
        "root:x:0:0:root:/root:/bin/sh\npostgres:x:101:104:PostgreSQL,,,:/var/lib:/bin/bash\n";
    let account = parse_passwd(passwd, "postgres").unwrap();
    assert_eq!((account.uid, account.gid), (101, 104));
    assert!(parse_passwd(passwd, "cellplane").is_none());
    assert!(parse_passwd("postgres:x:no", "postgres").is_none());
}

#[test]
fn a_folder_closed_to_others_cannot_be_reached() {
    let folder = std::env::temp_dir().join(format!("account-{}", std::process::id()));
    let inside = folder.join("inside");
    fs::create_dir_all(&inside).unwrap();
    let stranger = Account {
        name: "stranger".to_owned(),
        uid: 4_000_001,
        gid: 4_000_001,
    };
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    let open = stranger.can_reach(&inside);
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
    let closed = stranger.can_reach(&inside);
    fs::remove_dir_all(&folder).unwrap();
    assert!(open && !closed);
}

#[test]
fn without_another_account_the_wish_is_the_folder() {
    let wish = std::env::temp_dir().join(format!("wish-{}/pg", std::process::id()));
    let folder = private_folder(&wish, None).unwrap();
    let mode = fs::metadata(&folder).unwrap().permissions().mode();
    fs::remove_dir_all(wish.parent().unwrap()).unwrap();
    assert_eq!(folder, wish);
    assert_eq!(mode & 0o777, 0o700);
}

#[test]
fn the_same_path_always_gets_the_same_name() {
    assert_eq!(fnv1a(b""), 0xcbf2_9ce4_8422_2325);
    assert_eq!(fnv1a(b"a"), 0xaf63_dc4c_8601_ec8c);
}
