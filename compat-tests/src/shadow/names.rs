//! Listing tables.

use std::sync::Arc;

use lancebridge_sync::{Result, legacy};

use super::{Rewrite, run::Inner};

/// Names on a page of the old client.
const PAGE: usize = 10;

/// Lists tables; made by [`Shadow::table_names`](super::Shadow::table_names).
#[must_use = "does nothing until it is executed"]
pub struct ShadowTableNames {
    inner: Arc<Inner>,
    old: legacy::TableNames,
    page_token: Option<String>,
    /// None unless set.
    limit: Option<Option<usize>>,
}

impl ShadowTableNames {
    pub(super) fn new(inner: Arc<Inner>) -> Self {
        let old = inner.old.table_names();
        Self {
            inner,
            old,
            page_token: None,
            limit: None,
        }
    }

    /// As [`legacy::TableNames::page_token`].
    pub fn page_token(mut self, name: impl Into<String>) -> Self {
        let name = name.into();
        self.old = self.old.page_token(&name);
        self.page_token = Some(name);
        self
    }

    /// As [`legacy::TableNames::limit`].
    pub fn limit(mut self, limit: impl Into<Option<usize>>) -> Self {
        let limit = limit.into();
        self.old = self.old.limit(limit);
        self.limit = Some(limit);
        self
    }

    /// The names, in alphabetical order.
    ///
    /// # Errors
    ///
    /// Those of [`legacy::TableNames::execute`].
    pub fn execute(self) -> Result<Vec<String>> {
        let mut names = self.inner.new.table_names();
        let mut arguments = Vec::new();
        if let Some(name) = self.page_token {
            arguments.push(format!("page_token {name:?}"));
            names = names.start_after(name);
        }
        if let Some(limit) = self.limit {
            arguments.push(format!("limit {limit:?}"));
        }
        let unless_set = (self.inner.rewrite == Rewrite::SameAnswer).then_some(PAGE);
        if let Some(limit) = self.limit.unwrap_or(unless_set) {
            names = names.limit(limit);
        }
        self.inner.call(
            "table_names",
            arguments.join(", "),
            || self.old.clone().execute(),
            async move { names.execute().await },
        )
    }
}
