//! Indices on vectors.

use arrow_array::{ListArray, types::Float32Type};
use lancebridge_sync::{
    DistanceType, Error,
    index::{IndexStatistics, IndexType},
};

use super::*;

fn stats(table: &Table) -> IndexStatistics {
    table.index_stats("vector_idx").unwrap().unwrap()
}

#[track_caller]
fn too_few(outcome: Result<()>, needs: usize, has: usize) {
    let error = fails(outcome);
    assert!(
        matches!(error, Error::TooFewRows { needed, found, .. } if (needed, found) == (needs, has)),
        "{error:?}"
    );
}

#[test]
fn the_defaults_are_taken_as_they_are() {
    let table = vectors(256, 96);
    table.create_index().execute().unwrap();
    let stats = stats(&table);
    assert_eq!(stats.index_type, IndexType::IvfPq);
    assert_eq!(stats.distance_type, Some(DistanceType::L2));
    assert_eq!(stats.num_partitions, Some(256));
    assert_eq!(stats.num_sub_vectors, Some(96));
    assert_eq!((stats.num_indexed_rows, stats.num_unindexed_rows), (256, 0));
    assert_eq!(table.version().unwrap(), 2);
    assert_eq!(table.list_indices().unwrap()[0].columns, ["vector"]);

    table
        .add(vectors(10, 96).head(None).unwrap())
        .execute()
        .unwrap();
    let stats = super::vector_index::stats(&table);
    assert_eq!(
        (stats.num_indexed_rows, stats.num_unindexed_rows),
        (256, 10)
    );
}

#[test]
fn the_defaults_fail_where_they_do_not_fit() {
    says(
        vectors(600, 16).create_index().execute(),
        &["num_sub_vectors must divide vector dimension 16, but got 96"],
    );
    too_few(vectors(255, 96).create_index().execute(), 256, 255);
    too_few(vectors(255, 16).create_index().execute(), 256, 255);
    too_few(vectors(0, 96).create_index().execute(), 256, 0);
    let other = table_of(vec![("emb", f32s(2, [1.0, 2.0]))]);
    for create in [other.create_index(), other.create_index().num_partitions(1)] {
        let error = fails(create.execute());
        assert!(matches!(&error, Error::ColumnNotFound { column, .. } if column == "vector"));
    }
}

#[test]
fn partitions_are_never_reduced() {
    let table = vectors(300, 16);
    let create = |partitions| {
        table
            .create_index()
            .num_partitions(partitions)
            .num_sub_vectors(4)
            .execute()
    };
    for partitions in [1, 2, 256, 300] {
        create(partitions).unwrap();
        assert_eq!(stats(&table).num_partitions, Some(partitions as usize));
    }
    too_few(create(301), 301, 300);
    says(create(0), &["num_partitions is 0"]);
    assert_eq!(table.version().unwrap(), 5);
}

#[test]
fn sub_vectors_must_divide_the_dimension() {
    let table = vectors(300, 16);
    let create = |parts| {
        table
            .create_index()
            .num_partitions(2)
            .num_sub_vectors(parts)
            .execute()
    };
    create(16).unwrap();
    assert_eq!(stats(&table).num_sub_vectors, Some(16));
    for parts in [0, 3, 5, 17, 32] {
        says(
            create(parts),
            &["num_sub_vectors must divide vector dimension 16, but got"],
        );
    }
}

#[test]
fn metrics_have_the_old_names() {
    let table = vectors(256, 16);
    let create = |metric: &str| {
        table
            .create_index()
            .metric(metric)
            .num_partitions(1)
            .num_sub_vectors(4)
            .execute()
    };
    for (name, distance) in [
        ("l2", DistanceType::L2),
        ("Euclidean", DistanceType::L2),
        ("Cosine", DistanceType::Cosine),
        ("DOT", DistanceType::Dot),
    ] {
        create(name).unwrap();
        assert_eq!(stats(&table).distance_type, Some(distance));
    }
    for unknown in ["hamming", "ip", "inner_product", " l2", ""] {
        says(
            create(unknown),
            &[&format!("Metric {unknown} not supported")],
        );
    }
}

#[test]
fn three_kinds_of_index() {
    let table = vectors(300, 16);
    let create = |kind: &str| {
        table
            .create_index()
            .index_type(kind)
            .num_partitions(2)
            .num_sub_vectors(4)
            .execute()
    };
    for (name, kind) in [
        ("IVF_PQ", IndexType::IvfPq),
        ("ivf_pq", IndexType::IvfPq),
        ("IVF_HNSW_PQ", IndexType::IvfHnswPq),
        ("ivf_hnsw_sq", IndexType::IvfHnswSq),
    ] {
        create(name).unwrap();
        assert_eq!(
            (stats(&table).index_type, stats(&table).num_partitions),
            (kind, Some(2))
        );
    }
    for unknown in ["IVF_FLAT", "IVF_SQ", "HNSW", "BTREE", "NOPE", ""] {
        says(
            create(unknown),
            &[&format!(
                "Only ['IVF_PQ', 'IVF_HNSW_PQ', 'IVF_HNSW_SQ'] index types supported. Got {unknown}"
            )],
        );
    }
}

#[test]
fn graphs_need_no_codes() {
    let table = vectors(100, 16);
    let create = |kind: &str, partitions, parts| {
        table
            .create_index()
            .index_type(kind)
            .num_partitions(partitions)
            .num_sub_vectors(parts)
            .execute()
    };
    for (partitions, parts) in [(1, 4), (1, 0), (1, 7), (100, 4)] {
        create("IVF_HNSW_SQ", partitions, parts).unwrap();
        assert_eq!(stats(&table).num_partitions, Some(partitions as usize));
    }
    assert_eq!(ids(table.search([0.5; 16])).len(), 10);
    too_few(create("IVF_HNSW_SQ", 101, 4), 101, 100);
    says(create("IVF_HNSW_SQ", 0, 4), &["num_partitions is 0"]);
    too_few(create("IVF_HNSW_PQ", 1, 4), 256, 100);
    let more = vectors(300, 16);
    let create = more
        .create_index()
        .index_type("IVF_HNSW_PQ")
        .num_partitions(1);
    says(
        create.num_sub_vectors(7).execute(),
        &["must divide vector dimension 16, but got 7"],
    );
    too_few(
        vectors(0, 16)
            .create_index()
            .index_type("IVF_HNSW_SQ")
            .num_partitions(1)
            .execute(),
        1,
        0,
    );
}

#[test]
fn the_column_is_one_of_vectors_of_floats() {
    let lists = ListArray::from_iter_primitive::<Float32Type, _, _>([Some(vec![Some(1.0)])]);
    let table = table_of(vec![
        ("id", ints([1])),
        ("s", strings(["x"])),
        ("lists", Arc::new(lists)),
        ("bytes", bytes(2, [1, 2])),
    ]);
    let create = |column| table.create_index().vector_column_name(column);
    let error = fails(create("nope").execute());
    assert!(matches!(&error, Error::ColumnNotFound { column, .. } if column == "nope"));
    for column in ["id", "s", "lists", "bytes"] {
        let error = says(create(column).execute(), &[column]);
        assert!(matches!(error, Error::UnsupportedIndexType { .. }));
    }
    for column in [
        f64s(8, scattered(300 * 8).map(f64::from)),
        vectors_of(
            8,
            scattered(300 * 8)
                .map(half::f16::from_f32)
                .collect::<arrow_array::Float16Array>(),
        ),
    ] {
        let table = table_of(vec![("emb", column)]);
        let create = table.create_index().vector_column_name("emb");
        create
            .num_partitions(1)
            .num_sub_vectors(2)
            .execute()
            .unwrap();
        assert_eq!(table.list_indices().unwrap()[0].name, "emb_idx");
    }
}

#[test]
fn replace_looks_at_the_name() {
    let table = vectors(300, 16);
    let create = || table.create_index().num_partitions(2).num_sub_vectors(4);
    create().replace(false).execute().unwrap();
    let error = fails(create().replace(false).execute());
    assert!(matches!(&error, Error::IndexAlreadyExists { name } if name == "vector_idx"));
    create()
        .metric("cosine")
        .num_partitions(1)
        .execute()
        .unwrap();
    assert_eq!(table.list_indices().unwrap().len(), 1);
    assert_eq!(stats(&table).distance_type, Some(DistanceType::Cosine));
    assert_eq!(table.version().unwrap(), 3);
}

#[test]
fn mistakes_come_in_the_old_order() {
    let table = vectors(255, 16);
    let create = || table.create_index();
    let nocol = create()
        .vector_column_name("nocol")
        .metric("nope")
        .index_type("NOPE");
    assert!(fails(nocol.execute()).is_not_found());
    let id = create()
        .vector_column_name("id")
        .metric("hamming")
        .replace(false);
    assert!(matches!(
        fails(id.execute()),
        Error::UnsupportedIndexType { .. }
    ));
    says(
        create().metric("hamming").index_type("NOPE").execute(),
        &["Metric hamming not supported"],
    );
    too_few(
        create().num_partitions(300).num_sub_vectors(3).execute(),
        300,
        255,
    );
    too_few(
        create().num_partitions(1).num_sub_vectors(3).execute(),
        256,
        255,
    );

    let full = vectors(300, 16);
    let create = || full.create_index().num_partitions(2).num_sub_vectors(4);
    create().execute().unwrap();
    let again = || create().replace(false);
    says(again().metric("nope").execute(), &["Metric nope"]);
    says(again().index_type("NOPE").execute(), &["Got NOPE"]);
    for exists in [
        again().num_partitions(0),
        again().num_partitions(2000),
        again().num_sub_vectors(3),
    ] {
        assert!(fails(exists.execute()).is_already_exists());
    }
}

#[test]
fn null_vectors_do_not_count() {
    let mut values = scattered(300 * 8);
    let mut vector = |n: usize| {
        let values: Vec<_> = values.by_ref().take(8).map(Some).collect();
        (n >= 100).then_some(values)
    };
    let column: FixedSizeListArray =
        FixedSizeListArray::from_iter_primitive::<Float32Type, _, _>((0..300).map(&mut vector), 8);
    let table = table_of(vec![("vector", Arc::new(column))]);
    let create = |partitions| {
        table
            .create_index()
            .num_sub_vectors(2)
            .num_partitions(partitions)
    };
    too_few(create(1).execute(), 256, 200);
    let graph = create(200).index_type("IVF_HNSW_SQ");
    graph.execute().unwrap();
    assert_eq!(stats(&table).num_partitions, Some(200));
}

#[test]
fn a_search_uses_the_index_or_the_metric_asked_for() {
    let table = vectors(600, 16);
    let create = table
        .create_index()
        .metric("cosine")
        .num_partitions(2)
        .num_sub_vectors(4);
    create.execute().unwrap();
    let query = [0.5; 16];
    let exact = |metric| ids(vectors(600, 16).search(query).metric(metric).limit(3));
    let search = || table.search(query).nprobes(1000).refine_factor(60).limit(3);
    assert_eq!(ids(search()), exact("cosine"));
    assert_eq!(ids(search().metric("Cosine")), exact("cosine"));
    // The index's distances in the old client.
    assert_eq!(ids(search().metric("l2")), exact("l2"));
    assert_eq!(ids(search().metric("dot")), exact("dot"));

    let found = ids(table
        .search(query)
        .limit(4)
        .offset(2)
        .refine_factor(60)
        .nprobes(2));
    assert_eq!(
        found,
        ids(table.search(query).limit(4).refine_factor(60).nprobes(2))[2..]
    );
    let five = || table.search(query).limit(5).refine_factor(60).nprobes(2);
    assert!(ids(five().where_("id > 300")).len() < 5);
    assert_eq!(ids(five().where_prefilter("id > 300")).len(), 5);
    says(five().nprobes(0).to_arrow(), &["nprobes"]);
    let found = five().with_row_id(true).select(["id"]).to_arrow().unwrap();
    assert_eq!(column_names(&found), ["id", "_distance", "_rowid"]);
}
