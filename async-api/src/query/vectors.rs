//! What can be searched for.

use std::sync::Arc;

use arrow_array::{
    Array, ArrayRef, Float16Array, Float32Array, Float64Array, UInt8Array, cast::AsArray,
};
use arrow_schema::DataType;
use half::f16;

use crate::error::{Error, Result};

/// One or more query vectors; made by [`IntoQueryVector`].
#[derive(Debug, Clone)]
pub struct QueryVectors(pub(crate) Vec<ArrayRef>);

/// What can be searched for: numbers as a slice, array, `Vec` or Arrow array; several vectors as a `Vec` of them, or as an
/// Arrow list. Numbers are converted to the type of the column.
pub trait IntoQueryVector {
    /// The query vectors.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] when it is no list of numbers, or an empty one.
    fn into_query_vectors(self) -> Result<QueryVectors>;
}

macro_rules! numbers {
    ($($number:ty => $array:ty),* $(,)?) => {$(
        impl IntoQueryVector for &[$number] {
            fn into_query_vectors(self) -> Result<QueryVectors> {
                self.to_vec().into_query_vectors()
            }
        }

        impl<const N: usize> IntoQueryVector for [$number; N] {
            fn into_query_vectors(self) -> Result<QueryVectors> {
                self.to_vec().into_query_vectors()
            }
        }

        impl<const N: usize> IntoQueryVector for &[$number; N] {
            fn into_query_vectors(self) -> Result<QueryVectors> {
                self.to_vec().into_query_vectors()
            }
        }

        impl IntoQueryVector for Vec<$number> {
            fn into_query_vectors(self) -> Result<QueryVectors> {
                vectors(Arc::new(<$array>::from(self)))
            }
        }

        impl IntoQueryVector for &Vec<$number> {
            fn into_query_vectors(self) -> Result<QueryVectors> {
                self.as_slice().into_query_vectors()
            }
        }
    )*};
}
numbers!(f32 => Float32Array, f64 => Float64Array, f16 => Float16Array, u8 => UInt8Array);

impl<T> IntoQueryVector for Vec<Vec<T>>
where
    Vec<T>: IntoQueryVector,
{
    fn into_query_vectors(self) -> Result<QueryVectors> {
        let mut all = Vec::with_capacity(self.len());
        for vector in self {
            all.extend(vector.into_query_vectors()?.0);
        }
        if all.is_empty() {
            return Err(empty());
        }
        Ok(QueryVectors(all))
    }
}

impl IntoQueryVector for ArrayRef {
    fn into_query_vectors(self) -> Result<QueryVectors> {
        vectors(self)
    }
}

impl IntoQueryVector for &ArrayRef {
    fn into_query_vectors(self) -> Result<QueryVectors> {
        vectors(self.clone())
    }
}

fn vectors(array: ArrayRef) -> Result<QueryVectors> {
    let several = match array.data_type() {
        DataType::FixedSizeList(..) => {
            let list = array.as_fixed_size_list();
            (0..list.len()).map(|i| list.value(i)).collect()
        }
        DataType::List(_) => {
            let list = array.as_list::<i32>();
            (0..list.len()).map(|i| list.value(i)).collect()
        }
        _ => vec![array],
    };
    for vector in &several {
        if !vector.data_type().is_numeric() {
            return Err(Error::invalid(format!(
                "a query vector is a list of numbers, not of {}",
                vector.data_type()
            )));
        }
        if vector.is_empty() {
            return Err(empty());
        }
        if vector.null_count() > 0 {
            return Err(Error::invalid("a query vector must not have nulls"));
        }
    }
    if several.is_empty() {
        return Err(empty());
    }
    Ok(QueryVectors(several))
}

fn empty() -> Error {
    Error::invalid("the query vector is empty")
}
