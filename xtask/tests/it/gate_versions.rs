use proptest::prelude::*;
use std::path::{Path, PathBuf};

use xtask::gate::versions::detect;

use crate::support::put;

/// A repository with these files; the version seen from `cwd` for `path`.
fn source(files: &[(&str, &str)], cwd: &str, path: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    put(folder.path(), "src/app.py", "");
    for (name, text) in files {
        put(folder.path(), name, text);
    }
    let cwd: PathBuf = folder.path().join(cwd);
    match detect(&[Path::new(path).to_owned()], &cwd) {
        Some(found) => format!("{} from {}", found.version, found.source),
        None => "nothing".to_owned(),
    }
}

fn root(name: &str, text: &str) -> String {
    source(&[(name, text)], "", ".")
}

#[test]
fn requirement_lists() {
    assert_eq!(
        root("requirements.txt", "pandas\nlancedb==0.14.0\n"),
        "0.14.0 from requirements.txt: lancedb==0.14.0"
    );
    assert_eq!(
        root("requirements/base.in", "lancedb[clip]>=0.5,<0.9"),
        "0.5 from requirements/base.in: lancedb[clip]>=0.5,<0.9"
    );
    assert_eq!(
        root("constraints.txt", "lancedb==0.9 \\\n    --hash=sha256:00\n"),
        "0.9 from constraints.txt: lancedb==0.9"
    );
    assert_eq!(
        root(
            "requirements.txt",
            "lancedb\n# lancedb==0.14.0\nlancedb-x==1\n"
        ),
        "nothing"
    );
    assert_eq!(root("requirements.txt", "lancedb<0.9"), "nothing");
    assert_eq!(
        source(
            &[
                ("requirements-dev.txt", "-r lists/base.txt  # all\n"),
                ("lists/base.txt", "lancedb==0.14\n-rbase.txt\n-c c.txt")
            ],
            "",
            "."
        ),
        "0.14 from lists/base.txt: lancedb==0.14"
    );
    let markers = "lancedb==0.20; python_version >= '3.10'\nlancedb==0.14; python_version < '3.10'";
    assert_eq!(
        root("requirements.txt", markers),
        "0.14 from requirements.txt: lancedb==0.14"
    );
}

#[test]
fn a_list_saved_as_utf16_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let bytes: Vec<u8> = "\u{FEFF}lancedb==0.14.0\r\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    std::fs::write(folder.path().join("requirements.txt"), bytes).unwrap();
    assert_eq!(
        detect(&[PathBuf::from(".")], folder.path())
            .unwrap()
            .version
            .to_string(),
        "0.14.0"
    );
}

#[test]
fn lock_files() {
    let uv = "version = 1\n\n[[package]]\nname = \"lance\"\nversion = \"1.0\"\ndependencies = [\n    { name = \"lancedb\" },\n]\n\n\
        [[package]]\nname = \"lancedb\"\nversion = \"0.14.0\"\nsource = { registry = \"x\" }\n\n[[package]]\nname = \"z\"\nversion = \"3\"\n";
    assert_eq!(root("uv.lock", uv), "0.14.0 from uv.lock: lancedb==0.14.0");
    assert_eq!(
        root("poetry.lock", &uv.replace('\n', "\r\n")),
        "0.14.0 from poetry.lock: lancedb==0.14.0"
    );
    assert_eq!(
        root("pdm.lock", uv),
        "0.14.0 from pdm.lock: lancedb==0.14.0"
    );
    assert_eq!(
        root("pylock.toml", &uv.replace("[[package]]", "[[packages]]")),
        "0.14.0 from pylock.toml: lancedb==0.14.0"
    );
    let pipenv = r#"{"_meta": {}, "default": {"lancedb": {"version": "==0.14.0", "hashes": []}}}"#;
    assert_eq!(
        root("Pipfile.lock", pipenv),
        "0.14.0 from Pipfile.lock: lancedb==0.14.0"
    );
    assert_eq!(root("Pipfile.lock", "{lancedb"), "nothing");
}

#[test]
fn project_tables() {
    for (text, expected) in [
        ("[project]\ndependencies = ['x', 'lancedb>=0.14']", "0.14"),
        (
            "[project.optional-dependencies]\nlancedb = ['lancedb~=0.14.1']",
            "0.14.1",
        ),
        (
            "[dependency-groups]\ndev = [{include-group = 'x'}, 'lancedb==0.14.0']",
            "0.14.0",
        ),
        ("[tool.poetry.dependencies]\nlancedb = '^0.14'", "0.14"),
        (
            "[tool.poetry.group.ai.dependencies]\nlancedb = {version = '~0.14', extras = ['clip']}",
            "0.14",
        ),
        (
            "[tool.poetry.dependencies]\nlancedb = [{version = '0.15', python = '>3.9'}, {version = '0.14', python = '<=3.9'}]",
            "0.14",
        ),
        (
            "[tool.uv]\noverride-dependencies = ['lancedb==0.14.0']",
            "0.14.0",
        ),
        (
            "[project]\nname = 'lancedb'\nversion = '0.99'\nkeywords = ['lancedb']",
            "nothing",
        ),
        ("[tool.poetry.dependencies]\nlancedb = '*'", "nothing"),
        ("[project\nlancedb", "nothing"),
    ] {
        let found = root("pyproject.toml", text);
        assert_eq!(found.split(' ').next().unwrap(), expected, "{text}");
    }
    assert_eq!(
        root("Pipfile", "[packages]\nlancedb = '==0.14.0'"),
        "0.14.0 from Pipfile: lancedb ==0.14.0"
    );
}

#[test]
fn setup_and_conda_files() {
    let cfg =
        "[options]\ninstall_requires =\n    numpy\n    lancedb>=0.14 ; python_version > '3'\n";
    assert_eq!(root("setup.cfg", cfg), "0.14 from setup.cfg: lancedb>=0.14");
    assert_eq!(
        root(
            "setup.cfg",
            "[options.extras_require]\nlancedb = lancedb==0.14"
        ),
        "0.14 from setup.cfg: lancedb==0.14"
    );
    let py = "setup(install_requires=['numpy', \"lancedb>=0.14\"],\n# 'lancedb==0.1'\n)";
    assert_eq!(root("setup.py", py), "0.14 from setup.py: lancedb>=0.14");
    let conda = "dependencies:\n  - python=3.10\n  - conda-forge::lancedb=0.14.0=py_0\n  - pip:\n    - numpy\n";
    assert!(root("environment.yml", conda).starts_with("0.14.0 from environment.yml: "));
    assert_eq!(
        root("environment-dev.yaml", "- pip:\n    - 'lancedb>=0.5'"),
        "0.5 from environment-dev.yaml: lancedb>=0.5"
    );
}

#[test]
fn exact_versions_win_then_near_ones() {
    let lock = "[[package]]\nname = \"lancedb\"\nversion = \"0.14.0\"\n";
    let range = "[project]\ndependencies = ['lancedb>=0.10']";
    assert_eq!(
        source(
            &[("uv.lock", lock), ("src/pyproject.toml", range)],
            "",
            "src"
        ),
        "0.14.0 from uv.lock: lancedb==0.14.0"
    );
    assert_eq!(
        source(
            &[("uv.lock", lock), ("src/requirements.txt", "lancedb==0.12")],
            "src",
            "app.py"
        ),
        "0.12 from requirements.txt: lancedb==0.12"
    );
    assert_eq!(
        source(
            &[("uv.lock", lock), ("requirements.txt", "lancedb==0.12")],
            "src",
            "."
        ),
        "0.14.0 from ../uv.lock: lancedb==0.14.0"
    );
}

#[test]
fn folders_below_count_only_when_nothing_else_does() {
    let example = ("examples/requirements.txt", "lancedb==0.3");
    assert_eq!(
        root(example.0, example.1),
        "0.3 from examples/requirements.txt: lancedb==0.3"
    );
    assert!(source(&[example, ("setup.cfg", "lancedb>=0.10")], "", ".").starts_with("0.10 "));
    assert_eq!(root("a/b/requirements.txt", "lancedb==0.3"), "nothing");
    assert_eq!(root(".venv/requirements.txt", "lancedb==0.3"), "nothing");
}

#[test]
fn the_search_ends_at_the_repository() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "requirements.txt", "lancedb==0.3");
    put(folder.path(), "repo/.git/HEAD", "");
    assert_eq!(detect(&[PathBuf::from("repo")], folder.path()), None);
    put(folder.path(), "free/a.py", "");
    assert!(detect(&[PathBuf::from("free/a.py")], folder.path()).is_some());
}

#[test]
fn a_scripts_own_metadata_counts_first() {
    let script = "#!/usr/bin/env python\n# /// script\n# dependencies = [\n#   \"lancedb==0.14.0\",\n# ]\n# ///\nimport lancedb\n";
    assert_eq!(
        source(
            &[("tool.py", script), ("requirements.txt", "lancedb==0.20")],
            "",
            "tool.py"
        ),
        "0.14.0 from tool.py: lancedb==0.14.0"
    );
}

#[test]
fn of_several_projects_the_oldest_counts() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "a/requirements.txt", "lancedb==0.20");
    put(folder.path(), "b/requirements.txt", "lancedb==0.14");
    let found = detect(&[PathBuf::from("a"), PathBuf::from("b")], folder.path()).unwrap();
    assert_eq!(found.source, "b/requirements.txt: lancedb==0.14");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_file_is_too_strange(
        name in prop::sample::select(vec![
            "requirements.txt", "uv.lock", "Pipfile.lock", "Pipfile", "pyproject.toml", "setup.cfg", "setup.py", "environment.yml",
        ]),
        parts in prop::collection::vec(
            prop_oneof![
                any::<String>(),
                "(\n|lancedb|\\[|\\]|==|>=|~|\\^|[0-9.*]{1,4}|'|\"| = | @ |;|#|-r |[|]|ü|,|- |version|name|::){1,9}",
            ],
            0..9,
        ),
    ) {
        let folder = tempfile::tempdir().unwrap();
        put(folder.path(), name, &parts.concat());
        put(folder.path(), ".git/HEAD", "");
        detect(&[PathBuf::from(".")], folder.path());
        put(folder.path(), "script.py", &format!("# /// script\n#{}\n# ///\n", parts.join("\n#")));
        detect(&[PathBuf::from("script.py")], folder.path());
    }
}
