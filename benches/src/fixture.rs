//! The database that is read.

use lancebridge_sync::{Result, connect, index::IvfPq};
use tempfile::TempDir;

use crate::data;

/// The table of 1,000 rows.
pub(crate) const SMALL: &str = "small";
/// The table of 100,000 rows.
pub(crate) const LARGE: &str = "large";
/// The same, with an IVF_PQ index.
pub(crate) const INDEXED: &str = "indexed";

const PARTITIONS: u32 = 64;
const SUB_VECTORS: u32 = 16;
/// Not to wait for a better index than searches of random vectors can tell from a worse one.
const TRAINING: u32 = 5;

/// A database that every client reads, removed when this is dropped.
#[derive(Debug)]
pub struct Fixture {
    folder: TempDir,
}

impl Fixture {
    /// Writes the tables; takes some seconds.
    ///
    /// # Errors
    ///
    /// When the folder cannot be written.
    pub fn new() -> Result<Self> {
        let fixture = Self { folder: folder() };
        let db = connect(fixture.uri()).execute()?;
        let large = data::rows(100_000);
        db.create_table(SMALL, large.slice(0, 1000)).execute()?;
        db.create_table(LARGE, large.clone()).execute()?;
        let index = IvfPq::default()
            .num_partitions(PARTITIONS)
            .max_iterations(TRAINING)
            .num_sub_vectors(SUB_VECTORS);
        db.create_table(INDEXED, large)
            .execute()?
            .create_index("vector", index)
            .execute()?;
        Ok(fixture)
    }

    /// Where it is.
    #[must_use]
    pub fn uri(&self) -> String {
        uri(&self.folder)
    }
}

/// A folder of one's own, in the system's place for them.
pub(crate) fn folder() -> TempDir {
    tempfile::tempdir().expect("the temporary folder can be written")
}

pub(crate) fn uri(folder: &TempDir) -> String {
    folder
        .path()
        .to_str()
        .expect("the temporary folder has a readable name")
        .to_owned()
}
