//! Databases and their tables, by name.

use lancebridge_compat_macros::dual;

use crate::support::{folder, ids, rows, rows_from, uri};

#[dual]
async fn tables_are_made_listed_opened_and_dropped() {
    let folder = folder();
    let db = connect(uri(&folder)).execute().await.unwrap();
    assert_eq!(db.uri(), uri(&folder));
    assert!(db.table_names().execute().await.unwrap().is_empty());

    for name in ["b", "a", "c"] {
        db.create_table(name, rows(3, 2)).execute().await.unwrap();
    }
    assert_eq!(db.table_names().execute().await.unwrap(), ["a", "b", "c"]);
    let page = db.table_names().limit(2).execute().await.unwrap();
    assert_eq!(page, ["a", "b"]);
    let rest = db.table_names().start_after("b").execute().await.unwrap();
    assert_eq!(rest, ["c"]);

    let again = connect(uri(&folder)).execute().await.unwrap();
    let table = again.open_table("b").execute().await.unwrap();
    assert_eq!(table.name(), "b");
    assert_eq!(table.count_rows().execute().await.unwrap(), 3);

    db.drop_table("b").execute().await.unwrap();
    assert!(!folder.path().join("b.lance").exists());
    let error = db.drop_table("b").execute().await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    db.drop_table("b")
        .ignore_missing(true)
        .execute()
        .await
        .unwrap();
    db.drop_all_tables().await.unwrap();
    assert!(db.table_names().execute().await.unwrap().is_empty());
    assert!(folder.path().exists());
}

#[dual]
async fn a_missing_table_is_named_with_its_neighbours() {
    let folder = folder();
    let db = connect(uri(&folder)).execute().await.unwrap();
    db.create_table("documents", rows(1, 2))
        .execute()
        .await
        .unwrap();
    let error = db.open_table("document").execute().await.unwrap_err();
    assert!(matches!(error, Error::TableNotFound { .. }));
    let text = error.to_string();
    assert!(text.contains("'document' was not found in"), "{text}");
    assert!(text.contains("did you mean 'documents'?"), "{text}");
}

#[dual]
async fn what_is_no_table_is_not_found() {
    let folder = folder();
    std::fs::write(folder.path().join("file.lance"), "").unwrap();
    std::fs::create_dir(folder.path().join("empty.lance")).unwrap();
    let db = connect(uri(&folder)).execute().await.unwrap();
    for name in ["file", "empty"] {
        let error = db.open_table(name).execute().await.unwrap_err();
        assert!(matches!(error, Error::TableNotFound { .. }), "{error:?}");
    }
    assert!(db.table_names().execute().await.unwrap().is_empty());
}

#[dual]
async fn an_existing_table_is_kept_replaced_or_opened() {
    let folder = folder();
    let db = connect(uri(&folder)).execute().await.unwrap();
    db.create_table("t", rows(3, 2)).execute().await.unwrap();

    let error = db
        .create_table("t", rows(1, 2))
        .execute()
        .await
        .unwrap_err();
    assert!(matches!(error, Error::TableAlreadyExists { .. }), "{error}");

    let table = db
        .create_table("t", rows(1, 2))
        .mode(CreateMode::ExistOk)
        .execute()
        .await
        .unwrap();
    assert_eq!(table.count_rows().execute().await.unwrap(), 3);
    let error = db
        .create_table("t", rows(1, 4))
        .mode(CreateMode::ExistOk)
        .execute()
        .await
        .unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with("field 'vector': given as"), "{text}");

    let table = db
        .create_table("t", rows(1, 4))
        .mode(CreateMode::Overwrite)
        .execute()
        .await
        .unwrap();
    assert_eq!(table.count_rows().execute().await.unwrap(), 1);
    assert_eq!(table.version().await.unwrap(), 2);
}

#[dual]
async fn names_cannot_leave_the_folder() {
    let outside = folder();
    let inside = outside.path().join("db");
    let other = connect(uri(&outside)).execute().await.unwrap();
    other
        .create_table("secret", rows(1, 2))
        .execute()
        .await
        .unwrap();
    let db = connect(inside.to_str().unwrap()).execute().await.unwrap();
    let absolute = outside.path().join("secret");
    let long = "x".repeat(129);
    for name in [
        "../secret",
        absolute.to_str().unwrap(),
        "..",
        ".",
        "",
        "a/b",
        "a\\b",
        "a b",
        "é",
        "a\u{0}b",
        "%2e%2e%2fsecret",
        long.as_str(),
    ] {
        let errors = [
            db.open_table(name).execute().await.unwrap_err(),
            db.drop_table(name).execute().await.unwrap_err(),
            db.create_table(name, rows(1, 2))
                .execute()
                .await
                .unwrap_err(),
            db.rename_table("secret", name).await.unwrap_err(),
            db.rename_table(name, "secret").await.unwrap_err(),
        ];
        for error in errors {
            assert!(
                matches!(error, Error::InvalidTableName { .. }),
                "{name}: {error}"
            );
        }
    }
    assert_eq!(other.table_names().execute().await.unwrap(), ["secret"]);
    assert!(std::fs::read_dir(&inside).unwrap().next().is_none());
}

#[cfg(unix)]
#[dual]
async fn dropping_a_linked_table_leaves_what_it_links_to() {
    let elsewhere = folder();
    let folder = folder();
    let other = connect(uri(&elsewhere)).execute().await.unwrap();
    other.create_table("t", rows(1, 2)).execute().await.unwrap();
    let link = folder.path().join("t.lance");
    std::os::unix::fs::symlink(elsewhere.path().join("t.lance"), &link).unwrap();
    let db = connect(uri(&folder)).execute().await.unwrap();
    db.drop_table("t").execute().await.unwrap();
    assert!(!link.exists());
    let table = other.open_table("t").execute().await.unwrap();
    assert_eq!(table.count_rows().execute().await.unwrap(), 1);
}

#[dual]
async fn tables_are_renamed() {
    let folder = folder();
    for place in [uri(&folder), "memory://".to_owned()] {
        let db = connect(place).execute().await.unwrap();
        let table = db.create_table("old", rows(3, 2)).execute().await.unwrap();
        table.add(rows_from(3, 5, 2)).execute().await.unwrap();
        db.create_table("taken", rows(1, 2))
            .execute()
            .await
            .unwrap();
        let error = db.rename_table("old", "taken").await.unwrap_err();
        assert!(error.is_already_exists(), "{error}");
        let error = db.rename_table("missing", "new").await.unwrap_err();
        assert!(error.is_not_found(), "{error}");

        db.rename_table("old", "new").await.unwrap();
        assert_eq!(db.table_names().execute().await.unwrap(), ["new", "taken"]);
        let table = db.open_table("new").execute().await.unwrap();
        assert_eq!(table.version().await.unwrap(), 2);
        let all = table.query().to_batch().await.unwrap();
        assert_eq!(ids(&all), [0, 1, 2, 3, 4]);
    }
}

#[dual]
async fn bad_addresses_say_what_to_do() {
    for (uri, words) in [
        ("", "give a folder or a URI"),
        ("  ", "give a folder or a URI"),
        ("db://cloud", "LanceDB Cloud is not supported yet"),
        ("s3://bucket/db", "feature `aws`"),
        ("gs://bucket/db", "feature `gcs`"),
        ("az://container/db", "feature `azure`"),
        ("ftp://host/db", "ftp"),
    ] {
        let error = connect(uri).execute().await.unwrap_err();
        assert!(matches!(error, Error::InvalidUri { .. }), "{error:?}");
        assert!(error.to_string().contains(words), "{error}");
    }
    let folder = folder();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let error = connect(file.to_str().unwrap()).execute().await.unwrap_err();
    assert!(matches!(error, Error::InvalidUri { .. }), "{error:?}");
}

#[dual]
async fn folders_with_odd_names_and_file_uris_work() {
    let folder = folder();
    let odd = folder.path().join("a b/é%20#x");
    let db = connect(odd.to_str().unwrap()).execute().await.unwrap();
    db.create_table("t.1-x_Y", rows(2, 2))
        .execute()
        .await
        .unwrap();
    assert!(odd.join("t.1-x_Y.lance/_versions").is_dir());
    assert_eq!(db.table_names().execute().await.unwrap(), ["t.1-x_Y"]);

    let file_uri = format!("file://{}/plain", uri(&folder));
    let db = connect(file_uri).execute().await.unwrap();
    db.create_table("t", rows(2, 2)).execute().await.unwrap();
    assert!(folder.path().join("plain/t.lance").is_dir());
    assert_eq!(db.table_names().execute().await.unwrap(), ["t"]);
}

#[dual]
async fn a_failed_write_leaves_no_table() {
    let folder = folder();
    let db = connect(uri(&folder)).execute().await.unwrap();
    let schema = rows(1, 2).schema();
    let broken = || {
        let batches = vec![
            Ok(rows(10, 2)),
            Err(arrow_schema::ArrowError::ComputeError(
                "the source broke".into(),
            )),
        ];
        arrow_array::RecordBatchIterator::new(batches, rows(1, 2).schema())
    };
    let error = db.create_table("t", broken()).execute().await.unwrap_err();
    assert!(error.to_string().contains("the source broke"), "{error}");
    assert!(db.table_names().execute().await.unwrap().is_empty());
    assert!(
        db.open_table("t")
            .execute()
            .await
            .unwrap_err()
            .is_not_found()
    );
    db.create_empty_table("t", schema).execute().await.unwrap();

    let table = db.open_table("t").execute().await.unwrap();
    table.add(broken()).execute().await.unwrap_err();
    assert_eq!(table.count_rows().execute().await.unwrap(), 0);
    assert_eq!(table.version().await.unwrap(), 1);
}

#[dual]
async fn a_connection_tells_its_interval() {
    let hour = std::time::Duration::from_secs(3600);
    let plain = connect("memory://").execute().await.unwrap();
    assert_eq!(plain.read_consistency_interval(), None);
    let hourly = connect("memory://").read_consistency_interval(hour);
    let hourly = hourly.execute().await.unwrap();
    assert_eq!(hourly.read_consistency_interval(), Some(hour));
}

#[dual]
async fn what_a_read_sees_is_what_the_interval_allows() {
    use std::time::Duration;
    let folder = folder();
    let writer = connect(uri(&folder)).execute().await.unwrap();
    let written = writer
        .create_table("t", rows(3, 2))
        .execute()
        .await
        .unwrap();
    let own = connect(uri(&folder)).execute().await.unwrap();
    let own = own.open_table("t").execute().await.unwrap();
    let always = connect(uri(&folder))
        .read_consistency_interval(Duration::ZERO)
        .execute()
        .await
        .unwrap();
    let always = always.open_table("t").execute().await.unwrap();
    let hourly = connect(uri(&folder))
        .read_consistency_interval(Duration::from_secs(3600))
        .execute()
        .await
        .unwrap();
    let hourly = hourly.open_table("t").execute().await.unwrap();

    written.add(rows_from(3, 5, 2)).execute().await.unwrap();
    assert_eq!(own.count_rows().execute().await.unwrap(), 3);
    assert_eq!(hourly.count_rows().execute().await.unwrap(), 3);
    assert_eq!(always.count_rows().execute().await.unwrap(), 5);
    assert_eq!(always.version().await.unwrap(), 2);

    // A stale handle writes on top of what others wrote.
    own.add(rows_from(5, 6, 2)).execute().await.unwrap();
    assert_eq!(own.count_rows().execute().await.unwrap(), 6);
    own.update()
        .only_if("id = 0")
        .set("name", "zero")
        .execute()
        .await
        .unwrap();
    written.delete("id = 4").await.unwrap();
    assert_eq!(always.count_rows().execute().await.unwrap(), 5);
}

#[dual]
async fn changes_apply_to_what_the_interval_lets_them_see() {
    let folder = folder();
    let writer = connect(uri(&folder)).execute().await.unwrap();
    let written = writer
        .create_table("t", rows(3, 2))
        .execute()
        .await
        .unwrap();
    let always = connect(uri(&folder)).read_consistency_interval(std::time::Duration::ZERO);
    let always = always.execute().await.unwrap();
    let table = always.open_table("t").execute().await.unwrap();

    written.add(rows_from(3, 5, 2)).execute().await.unwrap();
    assert_eq!(table.delete("id = 4").await.unwrap().num_deleted_rows, 1);
    written.add(rows_from(5, 6, 2)).execute().await.unwrap();
    let result = table
        .update()
        .only_if("id = 5")
        .set("name", "new")
        .execute()
        .await;
    assert_eq!(result.unwrap().rows_updated, 1);
    // A table that is dropped and made anew counts its versions from 1 again.
    for _ in 0..3 {
        writer.drop_table("t").execute().await.unwrap();
        writer
            .create_table("t", rows(1, 2))
            .execute()
            .await
            .unwrap();
        assert_eq!(table.count_rows().execute().await.unwrap(), 1);
        assert_eq!(table.version().await.unwrap(), 1);
    }
}

#[dual]
async fn what_a_failed_write_left_is_in_nobodys_way() {
    let folder = folder();
    let db = connect(uri(&folder)).execute().await.unwrap();
    db.create_table("t", rows(2, 2)).execute().await.unwrap();
    let leftover = folder.path().join("new.lance/data");
    std::fs::create_dir_all(&leftover).unwrap();
    std::fs::write(leftover.join("x.lance"), "rest").unwrap();
    assert_eq!(db.table_names().execute().await.unwrap(), ["t"]);
    assert!(
        db.rename_table("new", "other")
            .await
            .unwrap_err()
            .is_not_found()
    );
    db.rename_table("t", "new").await.unwrap();
    let table = db.open_table("new").execute().await.unwrap();
    assert_eq!(ids(&table.query().to_batch().await.unwrap()), [0, 1]);
}
