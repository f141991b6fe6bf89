//! What the old client searched for.

/// What a search is for; made by [`IntoSearchQuery`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum SearchQuery {
    /// Nothing: rows in the order of the table.
    Rows,
    /// The rows whose vectors are nearest.
    Vector(Vec<f32>),
    /// The rows that fit a text.
    Text(String),
}

/// What can be searched for: numbers, a text, or `None`.
///
/// Numbers are taken as f32, also for columns of other floats. Several vectors at once are for
/// [`vector_search`](crate::Table::vector_search): the old client refused them.
pub trait IntoSearchQuery {
    /// The query.
    fn into_search_query(self) -> SearchQuery;
}

/// A number of a query vector.
pub trait Number: Copy {
    /// The nearest f32.
    fn to_f32(self) -> f32;
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl Number for $number {
            fn to_f32(self) -> f32 {
                self as f32
            }
        }
    )*};
}
numbers!(f32, f64, i32, i64, u8);

impl<T: Number> IntoSearchQuery for &[T] {
    fn into_search_query(self) -> SearchQuery {
        SearchQuery::Vector(self.iter().map(|x| x.to_f32()).collect())
    }
}

impl<T: Number, const N: usize> IntoSearchQuery for [T; N] {
    fn into_search_query(self) -> SearchQuery {
        self.as_slice().into_search_query()
    }
}

impl<T: Number, const N: usize> IntoSearchQuery for &[T; N] {
    fn into_search_query(self) -> SearchQuery {
        self.as_slice().into_search_query()
    }
}

impl<T: Number> IntoSearchQuery for Vec<T> {
    fn into_search_query(self) -> SearchQuery {
        self.as_slice().into_search_query()
    }
}

impl<T: Number> IntoSearchQuery for &Vec<T> {
    fn into_search_query(self) -> SearchQuery {
        self.as_slice().into_search_query()
    }
}

impl IntoSearchQuery for &str {
    fn into_search_query(self) -> SearchQuery {
        SearchQuery::Text(self.to_owned())
    }
}

impl IntoSearchQuery for String {
    fn into_search_query(self) -> SearchQuery {
        SearchQuery::Text(self)
    }
}

/// The only `Option` that is one, so that a bare `None` has a type.
impl IntoSearchQuery for Option<&[f32]> {
    fn into_search_query(self) -> SearchQuery {
        self.map_or(SearchQuery::Rows, IntoSearchQuery::into_search_query)
    }
}
