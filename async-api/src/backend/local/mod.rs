//! Tables as Lance files in a folder or an object store: the only place that knows the `lance` crate.

mod catalog;
mod conform;
mod convert;
mod dataset;
mod index;
mod scan;
mod sql;
mod table;
mod vector_column;

pub(crate) use catalog::LocalCatalog;
