//! Audits code.
