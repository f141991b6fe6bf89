//! A database is a folder, its tables are the folders `<name>.lance` in it.

use std::{collections::HashMap, fmt, io, path::PathBuf, sync::Arc, time::Duration};

use async_trait::async_trait;
use futures::{StreamExt, TryStreamExt};
use lance::{
    Error as LanceError,
    dataset::{InsertBuilder, WriteMode, WriteParams, builder::DatasetBuilder},
    io::{ObjectStore, ObjectStoreParams, StorageOptionsAccessor},
    session::Session,
};
use object_store::{ObjectStoreExt, path::Path};

use super::{
    conform::{schema_difference, source_stream},
    convert::lance_error,
    dataset::DatasetCell,
    table::LocalTable,
};
use crate::{
    backend::{Catalog, TableBackend, TableRead},
    connection::{ConnectOptions, CreateMode, Page},
    data::Data,
    error::{Error, Result, near},
    names::TABLE_SUFFIX,
};

/// The tables below a folder.
pub(crate) struct LocalCatalog {
    uri: String,
    /// Ends with a slash.
    root: String,
    /// Kept: a `memory://` store lives as long as somebody holds it.
    store: Arc<ObjectStore>,
    base: Path,
    /// The folder, when it is one of this machine.
    folder: Option<PathBuf>,
    session: Arc<Session>,
    params: ObjectStoreParams,
    read_consistency_interval: Option<Duration>,
}

impl LocalCatalog {
    pub(crate) async fn open(options: ConnectOptions) -> Result<Self> {
        let ConnectOptions {
            uri,
            storage_options,
            read_consistency_interval,
            index_cache_bytes,
            metadata_cache_bytes,
        } = options;
        let session = Arc::new(Session::new(
            index_cache_bytes,
            metadata_cache_bytes,
            Arc::default(),
        ));
        let params = store_params(storage_options);
        let root = absolute(&uri)?;
        let invalid = |error: LanceError| Error::InvalidUri {
            uri: uri.clone(),
            reason: lance_error(error).to_string(),
        };
        let (store, base) =
            ObjectStore::from_uri_and_params(session.store_registry(), &root, &params)
                .await
                .map_err(invalid)?;
        let folder = store
            .has_direct_local_paths()
            .then(|| PathBuf::from(lance_io::local::to_local_path(&base)));
        if let Some(folder) = folder.clone() {
            tokio::fs::create_dir_all(&folder)
                .await
                .map_err(|error| Error::InvalidUri {
                    uri: uri.clone(),
                    reason: format!("the folder cannot be made: {error}"),
                })?;
        }
        Ok(Self {
            uri,
            root: root.trim_end_matches('/').to_owned() + "/",
            store,
            base,
            folder,
            session,
            params,
            read_consistency_interval,
        })
    }

    fn table_uri(&self, name: &str) -> String {
        format!("{}{name}{TABLE_SUFFIX}", self.root)
    }

    fn table_path(&self, name: &str) -> Path {
        self.base.clone().join(format!("{name}{TABLE_SUFFIX}"))
    }

    fn backend(&self, dataset: lance::Dataset) -> Arc<LocalTable> {
        let cell = DatasetCell::new(dataset, self.read_consistency_interval);
        Arc::new(LocalTable::new(cell, self.session.clone()))
    }

    async fn load(&self, name: &str) -> Result<Arc<LocalTable>> {
        let loaded = DatasetBuilder::from_uri(self.table_uri(name))
            .with_session(self.session.clone())
            .with_store_params(self.params.clone())
            .load()
            .await;
        match loaded {
            Ok(dataset) => Ok(self.backend(dataset)),
            Err(LanceError::DatasetNotFound { .. } | LanceError::NotFound { .. }) => {
                Err(self.not_found(name).await)
            }
            Err(error) => {
                // A file of that name gives an error of the operating system.
                let names = self.table_names(Page::default()).await?;
                if names.iter().any(|known| known == name) {
                    Err(lance_error(error))
                } else {
                    Err(self.not_found(name).await)
                }
            }
        }
    }

    async fn not_found(&self, name: &str) -> Error {
        let names = self.table_names(Page::default()).await.unwrap_or_default();
        Error::TableNotFound {
            name: name.to_owned(),
            uri: self.uri.clone(),
            suggestions: near(name, &names),
        }
    }

    /// Whether there is such a table: a folder without a version is what a failed write left.
    async fn exists(&self, name: &str) -> Result<bool> {
        self.has_objects(self.table_path(name).join("_versions"))
            .await
    }

    async fn has_objects(&self, path: Path) -> Result<bool> {
        let mut objects = self.store.inner.list(Some(&path));
        match objects.next().await {
            None | Some(Err(object_store::Error::NotFound { .. })) => Ok(false),
            Some(Ok(_)) => Ok(true),
            Some(Err(error)) => Err(store_error(error)),
        }
    }

    async fn insert(&self, name: &str, data: Data, mode: WriteMode) -> Result<Arc<LocalTable>> {
        let params = WriteParams {
            mode,
            session: Some(self.session.clone()),
            store_params: Some(self.params.clone()),
            ..WriteParams::default()
        };
        let uri = self.table_uri(name);
        let stream = source_stream(data).await?;
        let written = InsertBuilder::new(uri.as_str())
            .with_params(&params)
            .execute_stream(stream)
            .await;
        match written {
            Ok(dataset) => Ok(self.backend(dataset)),
            Err(LanceError::DatasetAlreadyExists { .. }) => Err(Error::TableAlreadyExists {
                name: name.to_owned(),
            }),
            Err(error) => Err(lance_error(error)),
        }
    }
}

#[async_trait]
impl Catalog for LocalCatalog {
    async fn table_names(&self, page: Page) -> Result<Vec<String>> {
        let mut names = match &self.folder {
            Some(folder) => folder_names(folder.clone()).await?,
            None => self.store_names().await?,
        };
        names.sort_unstable();
        if let Some(last) = &page.start_after {
            names.drain(..names.partition_point(|name| name <= last));
        }
        names.truncate(page.limit.unwrap_or(usize::MAX));
        Ok(names)
    }

    async fn create_table(
        &self,
        name: &str,
        data: Data,
        mode: CreateMode,
    ) -> Result<Arc<dyn TableBackend>> {
        match mode {
            CreateMode::Create => Ok(self.insert(name, data, WriteMode::Create).await?),
            CreateMode::Overwrite => Ok(self.insert(name, data, WriteMode::Overwrite).await?),
            CreateMode::ExistOk => {
                let given = data.schema();
                let table = match self.load(name).await {
                    Err(error) if error.is_not_found() => {
                        match self.insert(name, data, WriteMode::Create).await {
                            // Somebody else was faster.
                            Err(error) if error.is_already_exists() => self.load(name).await?,
                            made => return Ok(made?),
                        }
                    }
                    table => table?,
                };
                match schema_difference(&given, &*table.schema().await?) {
                    Some((field, problem)) => Err(Error::SchemaMismatch {
                        field,
                        problem: format!(
                            "{problem}; the table '{name}' exists with another schema"
                        ),
                    }),
                    None => Ok(table),
                }
            }
        }
    }

    async fn open_table(&self, name: &str) -> Result<Arc<dyn TableBackend>> {
        Ok(self.load(name).await?)
    }

    async fn drop_table(&self, name: &str) -> Result<()> {
        if !self.has_objects(self.table_path(name)).await? {
            return Err(self.not_found(name).await);
        }
        self.store
            .remove_dir_all(self.table_path(name))
            .await
            .map_err(lance_error)
    }

    async fn rename_table(&self, from: &str, to: &str) -> Result<()> {
        if !self.exists(from).await? {
            return Err(self.not_found(from).await);
        }
        if self.exists(to).await? {
            return Err(Error::TableAlreadyExists {
                name: to.to_owned(),
            });
        }
        if self.has_objects(self.table_path(to)).await? {
            let leftover = self.table_path(to);
            self.store
                .remove_dir_all(leftover)
                .await
                .map_err(lance_error)?;
        }
        match &self.folder {
            Some(folder) => {
                let old = folder.join(format!("{from}{TABLE_SUFFIX}"));
                let new = folder.join(format!("{to}{TABLE_SUFFIX}"));
                tokio::fs::rename(old, new).await.map_err(io_error)
            }
            None => self.move_objects(from, to).await,
        }
    }
}

impl LocalCatalog {
    /// Tables of an object store: its "folders" are the common prefixes of its keys.
    async fn store_names(&self) -> Result<Vec<String>> {
        let listed = self
            .store
            .inner
            .list_with_delimiter(Some(&self.base))
            .await
            .map_err(store_error)?;
        Ok(listed
            .common_prefixes
            .iter()
            .filter_map(|path| table_name(path.filename()?))
            .collect())
    }

    /// Data first, then the manifests that make them a table; the old ones go last.
    async fn move_objects(&self, from: &str, to: &str) -> Result<()> {
        let (old, new) = (self.table_path(from), self.table_path(to));
        let mut paths: Vec<Path> = self
            .store
            .inner
            .list(Some(&old))
            .map_ok(|object| object.location)
            .try_collect()
            .await
            .map_err(store_error)?;
        paths.sort_by_key(|path| path.as_ref().contains("/_versions/"));
        for path in &paths {
            let tail = path.prefix_match(&old).into_iter().flatten();
            let target = tail.fold(new.clone(), |target, part| target.join(part));
            self.store
                .inner
                .copy(path, &target)
                .await
                .map_err(store_error)?;
        }
        self.store.remove_dir_all(old).await.map_err(lance_error)
    }
}

impl fmt::Debug for LocalCatalog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LocalCatalog").field(&self.root).finish()
    }
}

fn store_params(storage_options: HashMap<String, String>) -> ObjectStoreParams {
    ObjectStoreParams {
        // An accessor without options would keep tables from sharing the store of the session.
        storage_options_accessor: (!storage_options.is_empty())
            .then(|| Arc::new(StorageOptionsAccessor::with_static_options(storage_options))),
        ..ObjectStoreParams::default()
    }
}

/// A URI stays as it is; a path becomes absolute, `~` the home folder.
fn absolute(uri: &str) -> Result<String> {
    let refuse = |reason: &str| Error::InvalidUri {
        uri: uri.to_owned(),
        reason: reason.to_owned(),
    };
    if uri.trim().is_empty() {
        return Err(refuse("it is empty; give a folder or a URI"));
    }
    if let Some((scheme, _)) = uri.split_once("://") {
        return match scheme {
            "db" => Err(refuse(
                "LanceDB Cloud is not supported yet; give a folder or an object store",
            )),
            "s3+ddb" => Err(refuse(
                "commits through DynamoDB are not supported; use s3://, which needs none any more",
            )),
            _ if uri.contains('?') => Err(refuse(
                "give options with storage_option(key, value) instead of a query string",
            )),
            "s3" if !cfg!(feature = "aws") => Err(refuse("build with the feature `aws` for this")),
            "gs" if !cfg!(feature = "gcs") => Err(refuse("build with the feature `gcs` for this")),
            "az" | "abfss" if !cfg!(feature = "azure") => {
                Err(refuse("build with the feature `azure` for this"))
            }
            _ => Ok(uri.to_owned()),
        };
    }
    let path = match (uri.strip_prefix('~'), std::env::home_dir()) {
        (Some(""), Some(home)) => home,
        (Some(rest), Some(home)) if rest.starts_with('/') => home.join(&rest[1..]),
        _ => PathBuf::from(uri),
    };
    let path = std::path::absolute(path).map_err(|error| refuse(&error.to_string()))?;
    path.into_os_string()
        .into_string()
        .map_err(|_| refuse("the path is not valid UTF-8"))
}

fn table_name(folder: &str) -> Option<String> {
    folder
        .strip_suffix(TABLE_SUFFIX)
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
}

/// Tables of a folder: what a failed write left behind has no versions and is no table.
async fn folder_names(folder: PathBuf) -> Result<Vec<String>> {
    let listed = tokio::task::spawn_blocking(move || {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            if let Some(name) = entry.file_name().to_str().and_then(table_name)
                && entry.path().join("_versions").is_dir()
            {
                names.push(name);
            }
        }
        Ok(names)
    });
    match listed.await {
        Ok(names) => names.map_err(io_error),
        Err(ended) => match ended.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(Error::RuntimeShutDown),
        },
    }
}

fn io_error(error: io::Error) -> Error {
    Error::Storage {
        message: error.to_string(),
        source: Box::new(error),
    }
}

fn store_error(error: object_store::Error) -> Error {
    Error::Storage {
        message: error.to_string(),
        source: Box::new(error),
    }
}
