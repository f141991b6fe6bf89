//! How long an audit takes: the whole of it on a tree of 20,000 files, and its pieces.

mod support;

use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use xtask::audit::{self, Audit, Request};
use xtask::front::Language;
use xtask::gate::discover;
use xtask::gate::paths::Globs;
use xtask::rules::RuleSet;

/// Finds the files below `root` and audits them.
fn audit(rules: &RuleSet, root: &Path) -> Audit {
    let request = Request {
        files: files(root),
        given: None,
        cwd: root,
        root,
        drafts: Default::default(),
        modernize: false,
        prefilter: true,
        callers: true,
        threads: 0,
        from: "0.14.0".parse().expect("a version"),
        to: "0.40.0".parse().expect("a version"),
    };
    audit::run(rules, request, &|_| {}).expect("threads")
}

fn files(root: &Path) -> Vec<PathBuf> {
    discover::discover(&[root.to_owned()], root, &Globs::none(), 0)
        .expect("the tree")
        .files
        .into_iter()
        .map(|file| root.join(file))
        .collect()
}

fn whole(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder for the tree");
    let tree = support::tree::write(folder.path(), support::FILES).expect("the tree");
    let rules = RuleSet::load().expect("the built-in rules");
    let mut group = criterion.benchmark_group("tree");
    group.sample_size(10);
    group.throughput(Throughput::Elements(tree.files as u64));
    group.bench_function("discover", |bencher| {
        bencher.iter(|| files(black_box(folder.path())));
    });
    group.bench_function("audit", |bencher| {
        bencher.iter(|| audit(&rules, black_box(folder.path())));
    });
    group.finish();
}

fn pieces(criterion: &mut Criterion) {
    criterion.bench_function("rules", |bencher| {
        bencher.iter(|| RuleSet::load().expect("the built-in rules"));
    });

    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let text: String = files(&corpus)
        .iter()
        .filter(|file| file.extension().is_some_and(|ending| ending == "py"))
        .filter_map(|file| std::fs::read_to_string(file).ok())
        .collect();
    let mut group = criterion.benchmark_group("lower");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("corpus", |bencher| {
        bencher.iter(|| Language::Python.lower(black_box(text.clone())));
    });
    group.finish();

    let rules = RuleSet::load().expect("the built-in rules");
    criterion.bench_function("audit/corpus", |bencher| {
        bencher.iter(|| audit(&rules, black_box(&corpus)));
    });
}

criterion_group!(benches, pieces, whole);
criterion_main!(benches);
