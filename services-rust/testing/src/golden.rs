//! Committed files that code makes.

use std::path::Path;

use utoipa::openapi::OpenApi;

/// Compares a description with the committed `openapi.json` of a crate; `UPDATE_GOLDENS=1` writes it.
///
/// # Panics
/// When they differ, or the file can't be read or written.
#[expect(clippy::unwrap_used)] // a test that can't go on has failed
pub fn assert_openapi(manifest_directory: &str, description: &OpenApi) {
    let path = Path::new(manifest_directory).join("openapi.json");
    let made = description.to_pretty_json().unwrap() + "\n";
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        std::fs::write(&path, made).unwrap();
        return;
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == made,
        "{} is not what the code says: UPDATE_GOLDENS=1 cargo test, then review the difference",
        path.display()
    );
}
