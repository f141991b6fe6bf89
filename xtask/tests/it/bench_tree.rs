//! The tree that the benchmarks scan is what they say it is.

#[path = "../../benches/support/mod.rs"]
mod support;

#[test]
fn one_file_in_a_hundred_names_the_client_and_the_bytes_are_always_the_same() {
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let tree = support::tree::write(first.path(), 500).unwrap();
    assert_eq!(tree.files, 500);
    assert_eq!(
        tree.client_files * support::FILES / 500,
        support::FILES / 100
    );
    assert!((4_000..8_000).contains(&(tree.bytes / tree.files)));
    assert_eq!(support::tree::write(second.path(), 500).unwrap(), tree);
    let sample = |root: &std::path::Path| {
        std::fs::read(root.join("order_service_0/order_0/vectors.py")).unwrap()
    };
    assert_eq!(sample(first.path()), sample(second.path()));
}
