//! What is measured.

use std::time::Duration;

/// What is measured; the same work in every client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Open a database and a table in it.
    ConnectOpen,
    /// The schema of an open table.
    Schema,
    /// The version of an open table.
    Version,
    /// The number of rows of the 100,000.
    CountRows,
    /// The same for a range of ids, half of the rows.
    CountRowsFiltered,
    /// The first 10 rows.
    Head,
    /// The 10 nearest of 1,000 vectors, by comparing with all.
    Flat1k,
    /// The 10 nearest of 100,000 vectors, by comparing with all.
    Flat100k,
    /// The same among a tenth of the rows.
    FlatFiltered,
    /// The 10 nearest by the index, in 20 of its 64 partitions.
    IvfPq,
    /// The same with 100 candidates, sorted by their exact distance.
    IvfPqRefined,
    /// All 100,000 rows as batches in memory.
    Scan,
    /// Add one row to a table of 1,000.
    Add1,
    /// Add 1,000 rows to a table of 1,000.
    Add1000,
    /// Make a table of 1,000 rows.
    CreateTable,
    /// Wait for a future that is ready.
    WaitReady,
    /// Wait for a future that is pending once.
    WaitPending,
}

impl Operation {
    /// All of them.
    pub const ALL: [Self; 17] = [
        Self::ConnectOpen,
        Self::Schema,
        Self::Version,
        Self::CountRows,
        Self::CountRowsFiltered,
        Self::Head,
        Self::Flat1k,
        Self::Flat100k,
        Self::FlatFiltered,
        Self::IvfPq,
        Self::IvfPqRefined,
        Self::Scan,
        Self::Add1,
        Self::Add1000,
        Self::CreateTable,
        Self::WaitReady,
        Self::WaitPending,
    ];

    /// Its name in tables and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ConnectOpen => "connect_open",
            Self::Schema => "schema",
            Self::Version => "version",
            Self::CountRows => "count_rows",
            Self::CountRowsFiltered => "count_rows_filtered",
            Self::Head => "head",
            Self::Flat1k => "flat_1k",
            Self::Flat100k => "flat_100k",
            Self::FlatFiltered => "flat_100k_filtered",
            Self::IvfPq => "ivf_pq",
            Self::IvfPqRefined => "ivf_pq_refined",
            Self::Scan => "scan_100k",
            Self::Add1 => "add_1",
            Self::Add1000 => "add_1000",
            Self::CreateTable => "create_table",
            Self::WaitReady => "wait_ready",
            Self::WaitPending => "wait_pending",
        }
    }

    /// What the sync client may add to the async one: little to what does no I/O, the way to another thread and back to the rest.
    #[must_use]
    pub fn bar(self) -> Duration {
        match self {
            Self::Schema | Self::Version | Self::CountRows => Duration::from_micros(1),
            _ => Duration::from_micros(15),
        }
    }
}
