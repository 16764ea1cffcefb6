//! Damage, missing files and full disks are told apart.

use std::io;
use std::os::unix::fs::PermissionsExt as _;

use super::{Error, list_folders, read_json, write_atomic, write_error, write_json};

#[test]
fn what_was_written_is_read_back_with_its_mode() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    write_json(&path, &vec![1, 2], 0o600).unwrap();
    write_json(&path, &vec![3], 0o600).unwrap();
    assert_eq!(read_json::<Vec<i32>>(&path, "").unwrap(), Some(vec![3]));
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_damaged_file_names_itself_and_the_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    write_atomic(&path, b"{\"ports\": {", 0o600).unwrap();
    let error = read_json::<Vec<i32>>(&path, "delete it").unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("state.json is damaged") && text.contains("delete it"),
        "{text}"
    );
}

#[test]
fn a_missing_file_is_no_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("none.json");
    assert_eq!(read_json::<Vec<i32>>(&path, "").unwrap(), None);
    assert!(list_folders(&path).unwrap().is_empty());
}

#[test]
fn full_disks_and_read_only_folders_have_their_own_errors() {
    let path = std::path::Path::new("/x");
    let full = write_error(path, io::Error::from(io::ErrorKind::StorageFull));
    assert!(matches!(full, Error::DiskFull { .. }));
    let closed = write_error(path, io::Error::from(io::ErrorKind::ReadOnlyFilesystem));
    assert!(closed.to_string().contains("--data"), "{closed}");
}
