//! Indices that answer filters.

/// Sorted values: equality, ranges, `IN`, `IS NULL` on scalar columns with many distinct values.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BTree {
    pub(crate) zone_size: Option<u64>,
}

impl BTree {
    /// Rows per page, of which a query reads whole ones; 4096 by default (lance's `DEFAULT_BTREE_BATCH_SIZE`).
    #[must_use]
    pub fn zone_size(mut self, rows: u64) -> Self {
        self.zone_size = Some(rows);
        self
    }
}

/// The rows of every distinct value: equality and `IN` on scalar columns with up to about a thousand values.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Bitmap {}

/// The rows of every distinct item: `array_has`, `array_has_all`, `array_has_any` on lists of scalars.
///
/// The index is used only if what is looked for has the type of the items. Numbers in SQL are int64 or float64, so lists of
/// other numbers need a cast: `array_has(column, arrow_cast(3, 'Int32'))`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct LabelList {}

/// The rows of every three letters: `contains(column, 'text')` on strings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct NGram {}

/// The least and the greatest value of every zone of rows: ranges on scalar columns whose order follows the rows', for example
/// a timestamp. Small, but it only leaves zones out: the other rows are read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ZoneMap {
    pub(crate) rows_per_zone: Option<u64>,
    pub(crate) use_seeds: bool,
}

impl ZoneMap {
    /// Rows per zone; 8192 by default (lance's `ROWS_PER_ZONE_DEFAULT`).
    #[must_use]
    pub fn rows_per_zone(mut self, rows: u64) -> Self {
        self.rows_per_zone = Some(rows);
        self
    }

    /// Whether later writes keep the bounds of what they write beside the data, which makes updates of the index cheap; off by
    /// default.
    ///
    /// `lancedb` 0.41 turns it on for strings and binary. Here it waits to be asked for, since lance reserves a mark for such
    /// tables (`FLAG_ZONE_WRITE_SEEDS`) by which older clients will refuse them.
    #[must_use]
    pub fn use_seeds(mut self, yes: bool) -> Self {
        self.use_seeds = yes;
        self
    }
}

/// A Bloom filter for every few thousand rows: equality and `IN` on numbers, strings, binary, dates and times. Small, but it
/// only leaves rows out: the others are read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BloomFilter {
    pub(crate) number_of_items: Option<u64>,
    pub(crate) probability: Option<f64>,
}

impl BloomFilter {
    /// Rows per filter; 8192 by default.
    #[must_use]
    pub fn number_of_items(mut self, rows: u64) -> Self {
        self.number_of_items = Some(rows);
        self
    }

    /// The share of filters that say yes for a value that they do not hold, between 0 and 1; 0.00057 by default.
    #[must_use]
    pub fn probability(mut self, share: f64) -> Self {
        self.probability = Some(share);
        self
    }
}
