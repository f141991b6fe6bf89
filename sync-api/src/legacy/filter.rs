//! A filter that may be missing.

/// What may stand where the old client took an SQL predicate or `None`: text, or an `Option<&str>`.
///
/// # Examples
///
/// ```
/// use lancebridge_sync::legacy::IntoFilter;
///
/// assert_eq!("id > 3".into_filter().as_deref(), Some("id > 3"));
/// assert_eq!(format!("id > {}", 3).into_filter().as_deref(), Some("id > 3"));
/// assert_eq!(None.into_filter(), None);
/// ```
pub trait IntoFilter {
    /// The predicate, if there is one.
    fn into_filter(self) -> Option<String>;
}

impl IntoFilter for &str {
    fn into_filter(self) -> Option<String> {
        Some(self.to_owned())
    }
}

impl IntoFilter for String {
    fn into_filter(self) -> Option<String> {
        Some(self)
    }
}

impl IntoFilter for &String {
    fn into_filter(self) -> Option<String> {
        Some(self.clone())
    }
}

/// The only `Option` that is one, so that a bare `None` has a type.
impl IntoFilter for Option<&str> {
    fn into_filter(self) -> Option<String> {
        self.map(str::to_owned)
    }
}
