//! Which columns a query gives.

/// Which columns a query gives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Select {
    /// All of them.
    #[default]
    All,
    /// These, in this order.
    Columns(Vec<String>),
    /// SQL expressions, each under a name: `(name, expression)`.
    Expressions(Vec<(String, String)>),
}

impl Select {
    /// Columns by name.
    pub fn columns(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self::Columns(names.into_iter().map(Into::into).collect())
    }

    /// SQL expressions, each under a name: `[("double", "price * 2")]`.
    pub fn expressions(
        pairs: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
    ) -> Self {
        Self::Expressions(
            pairs
                .into_iter()
                .map(|(name, sql)| (name.into(), sql.into()))
                .collect(),
        )
    }
}

impl<const N: usize> From<[&str; N]> for Select {
    fn from(columns: [&str; N]) -> Self {
        Self::columns(columns)
    }
}

impl From<&[&str]> for Select {
    fn from(columns: &[&str]) -> Self {
        Self::columns(columns.iter().copied())
    }
}

impl From<Vec<String>> for Select {
    fn from(columns: Vec<String>) -> Self {
        Self::Columns(columns)
    }
}

impl<const N: usize> From<[(&str, &str); N]> for Select {
    fn from(pairs: [(&str, &str); N]) -> Self {
        Self::expressions(pairs)
    }
}

impl From<Vec<(String, String)>> for Select {
    fn from(pairs: Vec<(String, String)>) -> Self {
        Self::Expressions(pairs)
    }
}
