use std::path::{Path, PathBuf};

use xtask::gate::discover::{Discovered, discover};
use xtask::gate::paths::Globs;

use crate::support::put;

fn tree(files: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in files {
        put(folder.path(), file, "");
    }
    folder
}

fn found(cwd: &Path, paths: &[&str], exclude: &[&str]) -> Vec<String> {
    let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
    let exclude = Globs::new(cwd, exclude.iter().copied()).unwrap();
    let Discovered { files, unaudited } = discover(&paths, cwd, &exclude, 2).unwrap();
    assert_eq!(unaudited, []);
    files
        .iter()
        .map(|file| file.to_str().unwrap().to_owned())
        .collect()
}

#[test]
fn sources_are_found_and_other_peoples_code_is_not() {
    let tree = tree(&[
        "b.py",
        "a/x.pyi",
        "a/N.IPYNB",
        "a/readme.md",
        "build/lib.py",
        ".hidden/x.py",
        ".pre.py",
        "._b.py",
        ".venv/x.py",
        "venv/lib/x.py",
        "env/lib/site-packages/p/x.py",
        "node_modules/x.py",
        "a/__pycache__/x.py",
        ".tox/x.py",
    ]);
    assert_eq!(
        found(tree.path(), &["."], &[]),
        [".pre.py", "a/N.IPYNB", "a/x.pyi", "b.py", "build/lib.py"]
    );
}

#[test]
fn gitignore_counts_with_and_without_a_repository() {
    let tree = tree(&["a/gen.py", "a/own.py", "top.py", "sub/top.py"]);
    put(tree.path(), ".gitignore", "/top.py\n");
    put(tree.path(), "a/.gitignore", "gen.py\n");
    assert_eq!(found(tree.path(), &["."], &[]), ["a/own.py", "sub/top.py"]);
    std::fs::create_dir(tree.path().join(".git")).unwrap();
    assert_eq!(found(tree.path(), &["."], &[]), ["a/own.py", "sub/top.py"]);
    put(tree.path(), ".gitignore", "own.py\n");
    assert_eq!(found(tree.path(), &["a"], &[]), [""; 0]);
    assert_eq!(found(&tree.path().join("a"), &["."], &[]), [""; 0]);
}

#[test]
fn a_gitignore_above_counts_only_in_its_repository() {
    let tree = tree(&["home/project/x.py"]);
    put(tree.path(), "home/.gitignore", "*\n");
    assert_eq!(
        found(&tree.path().join("home/project"), &["."], &[]),
        ["x.py"]
    );
}

#[test]
fn what_is_named_is_taken() {
    let tree = tree(&[
        "venv/lib/site-packages/x.py",
        ".github/x.py",
        "gen.py",
        "script",
        "b.py",
    ]);
    put(tree.path(), ".gitignore", "gen.py\n");
    put(tree.path(), "venv/.gitignore", "*\n");
    assert_eq!(
        found(tree.path(), &["gen.py", "script"], &["*.py"]),
        ["gen.py", "script"]
    );
    assert_eq!(
        found(tree.path(), &["venv"], &[]),
        ["venv/lib/site-packages/x.py"]
    );
    assert_eq!(found(tree.path(), &[".github"], &[]), [".github/x.py"]);
}

#[test]
fn overlapping_paths_name_a_file_once() {
    let tree = tree(&["a/x.py", "a/b/y.py"]);
    let absolute = tree.path().join("a/x.py");
    let paths = [
        ".",
        "a",
        "./a/x.py",
        "a/b/../x.py",
        absolute.to_str().unwrap(),
    ];
    assert_eq!(found(tree.path(), &paths, &[]), ["a/b/y.py", "a/x.py"]);
}

#[test]
fn what_lies_outside_of_the_working_directory_is_absolute() {
    let tree = tree(&["a/x.py", "b/y.py"]);
    let outside = tree.path().join("b/y.py");
    assert_eq!(
        found(&tree.path().join("a"), &["../b"], &[]),
        [outside.to_str().unwrap()]
    );
}

#[test]
fn excluded_files_and_folders_are_left_out() {
    let tree = tree(&["a/x.py", "a/gen_x.py", "a/old/y.py", "old/z.py"]);
    assert_eq!(
        found(tree.path(), &["."], &["gen_*.py", "a/old"]),
        ["a/x.py", "old/z.py"]
    );
}

#[test]
fn a_path_that_is_missing_is_an_error_with_its_name() {
    let tree = tree(&["x.py"]);
    let error = discover(
        &[PathBuf::from("x.py"), PathBuf::from("nope.py")],
        tree.path(),
        &Globs::none(),
        1,
    )
    .unwrap_err();
    assert!(format!("{error:#}").contains("nope.py"));
}

#[test]
fn an_empty_tree_has_no_files() {
    assert_eq!(found(tree(&["readme.md"]).path(), &["."], &[]), [""; 0]);
}

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn links_are_followed_only_when_named() {
        let tree = tree(&["real/x.py"]);
        let root = tree.path();
        symlink(root, root.join("real/loop")).unwrap();
        symlink(root.join("real/x.py"), root.join("real/again.py")).unwrap();
        symlink(root.join("real"), root.join("link")).unwrap();
        symlink(root.join("nowhere"), root.join("dangling.py")).unwrap();
        symlink(root.join("self.py"), root.join("self.py")).unwrap();
        assert_eq!(found(root, &["."], &[]), ["real/x.py"]);
        assert_eq!(found(root, &["link"], &[]), ["link/x.py"]);
        assert_eq!(found(root, &["real/again.py"], &[]), ["real/again.py"]);
        let error = discover(&[PathBuf::from("dangling.py")], root, &Globs::none(), 1).unwrap_err();
        assert!(format!("{error:#}").contains("the symbolic link leads nowhere"));
    }

    #[test]
    fn a_folder_that_cannot_be_looked_into_is_reported() {
        use std::os::unix::fs::PermissionsExt;
        let tree = tree(&["x.py", "secret/y.py"]);
        let secret = tree.path().join("secret");
        std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o000)).unwrap();
        let readable = std::fs::read_dir(&secret).is_ok();
        let found = discover(&[PathBuf::from(".")], tree.path(), &Globs::none(), 2).unwrap();
        std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o700)).unwrap();
        // The superuser may look into everything.
        if !readable {
            assert_eq!(found.files, [Path::new("x.py")]);
            assert_eq!(found.unaudited.len(), 1);
            assert_eq!(found.unaudited[0].path, "secret");
            assert!(
                found.unaudited[0]
                    .reason
                    .starts_with("it cannot be looked into: ")
            );
        }
    }

    #[test]
    fn names_need_not_be_utf8() {
        let tree = tree(&["a b/ü.py"]);
        let name = OsStr::from_bytes(b"\xFF.py");
        // Some file systems refuse such names.
        if std::fs::write(tree.path().join(name), "").is_ok() {
            let files = discover(&[PathBuf::from(".")], tree.path(), &Globs::none(), 2)
                .unwrap()
                .files;
            assert_eq!(files, [Path::new("a b/ü.py"), Path::new(name)]);
        }
    }
}
