//! Adding rows.

use lancebridge_async::{AddMode, AddResult, Result};

use crate::Runtime;

/// Adds rows; made by [`Table::add`](crate::Table::add).
///
/// Async: [`lancebridge_async::AddBuilder`].
#[derive(Debug)]
#[must_use = "does nothing until it is executed"]
pub struct AddBuilder {
    pub(super) inner: lancebridge_async::AddBuilder,
    pub(super) runtime: Runtime,
}

impl AddBuilder {
    /// What happens to the rows that are there; [`AddMode::Append`] unless set.
    pub fn mode(mut self, mode: AddMode) -> Self {
        self.inner = self.inner.mode(mode);
        self
    }

    /// Adds the rows: all of them, or none.
    ///
    /// A reader that gives the rows may make calls of its own. Async: [`lancebridge_async::AddBuilder::execute`].
    ///
    /// # Errors
    ///
    /// [`Error::SchemaMismatch`](crate::Error::SchemaMismatch), which names the field;
    /// [`Error::Conflict`](crate::Error::Conflict), [`Error::Closed`](crate::Error::Closed); the error of the reader or stream
    /// that gives the rows.
    pub fn execute(self) -> Result<AddResult> {
        self.runtime.wait(self.inner.execute())
    }
}
