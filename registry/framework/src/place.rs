//! Places of a table that are there by construction, read and written without a way to panic: what is not there
//! reads as nothing and is not written.

/// The value at a place, or the type's nothing.
pub(crate) fn at<T: Copy + Default>(values: &[T], place: usize) -> T {
    values.get(place).copied().unwrap_or_default()
}

/// Sets the value at a place.
pub(crate) fn set<T>(values: &mut [T], place: usize, value: T) {
    if let Some(found) = values.get_mut(place) {
        *found = value;
    }
}
