//! Old behaviour, held against the new clients.
