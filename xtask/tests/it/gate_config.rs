use std::path::{Path, PathBuf};

use xtask::finding::Confidence;
use xtask::gate::config::Config;

use crate::support::put;

#[test]
fn every_key_is_read_and_paths_count_from_the_files_folder() {
    let folder = tempfile::tempdir().unwrap();
    put(
        folder.path(),
        "migrate-check.toml",
        r#"
        paths = ["src", "../lib"]
        exclude = ["gen/"]
        select = ["LB001"]
        ignore = ["LB002"]
        min-confidence = "likely"
        from = "0.14.0"
        to = "0.40.0"
        baseline = "debt.json"
        format = "sarif"
        threads = 2
        [per-file-ignores]
        "tests/" = ["LB003"]
        "#,
    );
    let config = Config::load(&folder.path().join("migrate-check.toml")).unwrap();
    let lib = folder.path().parent().unwrap().join("lib");
    assert_eq!(config.paths, Some(vec![folder.path().join("src"), lib]));
    assert_eq!(config.baseline, Some(folder.path().join("debt.json")));
    assert_eq!(config.min_confidence, Some(Confidence::Likely));
    assert_eq!(config.from.as_ref().unwrap().to_string(), "0.14.0");
    assert_eq!(config.threads.unwrap().get(), 2);
    assert!(
        config
            .excluded()
            .unwrap()
            .fits(&folder.path().join("a/gen/x.py"), false)
    );
    let ignores = config.file_ignores().unwrap();
    let ignored = |name: &str| ignores.names(&folder.path().join(name)).collect::<Vec<_>>();
    assert_eq!(ignored("tests/a.py"), ["LB003"]);
    assert!(ignored("src/a.py").is_empty());
    let named: Vec<_> = config.rules_named().collect();
    assert_eq!(
        named,
        [
            ("select", "LB001"),
            ("ignore", "LB002"),
            ("per-file-ignores", "LB003")
        ]
    );
}

#[test]
fn the_nearest_file_up_to_the_repository_root_counts() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "migrate-check.toml", "threads = 1");
    put(folder.path(), "repo/.git/HEAD", "");
    put(folder.path(), "repo/a/b/x.py", "");
    let threads = |cwd: &str| {
        Config::discover(&folder.path().join(cwd))
            .unwrap()
            .threads
            .map(|threads| threads.get())
    };
    assert_eq!(threads("."), Some(1));
    assert_eq!(threads("repo/a/b"), None);
    put(folder.path(), "repo/a/migrate-check.toml", "threads = 3");
    assert_eq!(threads("repo/a/b"), Some(3));
    assert_eq!(threads("repo"), None);
}

#[test]
fn a_byte_order_mark_is_no_mistake() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "migrate-check.toml", "\u{FEFF}threads = 1");
    assert!(Config::discover(folder.path()).unwrap().threads.is_some());
}

#[test]
fn the_command_line_wins() {
    let file = Config {
        select: Some(vec!["LB001".into()]),
        to: Some("0.40.0".parse().unwrap()),
        ..Config::default()
    };
    let line = Config {
        select: Some(vec!["LB002".into()]),
        paths: Some(vec![PathBuf::from("x")]),
        ..Config::default()
    };
    let both = file.overridden_by(line);
    assert_eq!(both.select, Some(vec!["LB002".to_owned()]));
    assert_eq!(both.paths, Some(vec![PathBuf::from("x")]));
    assert_eq!(both.to.unwrap().to_string(), "0.40.0");
}

#[test]
fn mistakes_are_told_with_their_place() {
    let message = |text: &str| {
        let folder = tempfile::tempdir().unwrap();
        put(folder.path(), "migrate-check.toml", text);
        let error = format!("{:#}", Config::discover(folder.path()).unwrap_err());
        error.replace(folder.path().to_str().unwrap(), "")
    };
    assert_eq!(
        message("threads = 1\nselct = []"),
        "/migrate-check.toml:2:1: unknown key `selct`; did you mean `select`?"
    );
    assert_eq!(
        message("min_confidence = 'proven'"),
        "/migrate-check.toml:1:1: unknown key `min_confidence`; did you mean `min-confidence`?"
    );
    assert!(message("colour = true").contains("the keys are paths, exclude, "));
    assert!(message("threads = 0").starts_with("/migrate-check.toml:1:11: "));
    assert!(
        message("\nformat = 'yaml'")
            .starts_with("/migrate-check.toml:2:10: `yaml` is not a format; there are text, ")
    );
    assert!(message("from = 'old'").starts_with("/migrate-check.toml:1:8: "));
    assert!(message("threads = ").starts_with("/migrate-check.toml:1:"));
    assert!(message("min-confidence = 'sure'").contains("`possible`"));
    let missing = Config::load(Path::new("/nowhere/x.toml")).unwrap_err();
    assert!(missing.to_string().contains("/nowhere/x.toml"));
}
