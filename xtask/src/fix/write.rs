//! Writing prepared files: all or, if the system fails in the middle, with a list of what was written.

use std::fmt;
use std::fs::{self, Metadata};
use std::io::{self, Write};
use std::path::PathBuf;

use tempfile::NamedTempFile;

use super::prepare::{CHANGED, Failure, Prepared, folder_readonly};

/// Why files were not written, and which were.
#[derive(Debug)]
pub struct WriteError {
    /// The first file that was not written.
    pub failure: Failure,
    /// The files that were written before it.
    pub written: Vec<PathBuf>,
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.failure)?;
        if self.written.is_empty() {
            return write!(f, "; nothing was written");
        }
        write!(f, "; written before it:")?;
        for path in &self.written {
            write!(f, "\n  {}", path.display())?;
        }
        Ok(())
    }
}

impl std::error::Error for WriteError {}

/// Writes all files, each as a new file in the same folder that then takes the place of the old one. A link stays and what it leads
/// to changes. Permissions stay, and the owner where the system allows it; a file with several names (hard links) keeps its old
/// content under the others.
///
/// # Errors
/// A file changed since it was prepared, or cannot be written. Every new file is complete before the first one takes its place, so
/// that a full disk or a folder without permission changes nothing.
pub fn write(files: &[Prepared]) -> Result<(), WriteError> {
    let mut written = Vec::new();
    let fails = |file: &Prepared, reason: String, written: Vec<PathBuf>| WriteError {
        failure: Failure {
            path: file.path.clone(),
            reason,
        },
        written,
    };
    for file in files {
        if !fs::read(&file.target).is_ok_and(|bytes| bytes == file.before) {
            return Err(fails(file, CHANGED.to_owned(), written));
        }
    }
    let mut staged = Vec::with_capacity(files.len());
    for file in files {
        staged.push(stage(file).map_err(|error| fails(file, reason(file, &error), Vec::new()))?);
    }
    for (file, new) in files.iter().zip(staged) {
        if let Err(error) = new.persist(&file.target) {
            return Err(fails(file, reason(file, &error.error), written));
        }
        written.push(file.path.clone());
    }
    Ok(())
}

/// The new file, beside the old one.
fn stage(file: &Prepared) -> io::Result<NamedTempFile> {
    let old = fs::metadata(&file.target)?;
    let folder = file.target.parent().unwrap_or(&file.target);
    let mut new = tempfile::Builder::new()
        .prefix(".migrate-check-")
        .suffix(".tmp")
        .tempfile_in(folder)?;
    new.write_all(&file.after)?;
    keep_owner(&old, &new)?;
    // After the owner: a change of owner takes some permissions away.
    new.as_file().set_permissions(old.permissions())?;
    Ok(new)
}

/// The owner stays who it was when root fixes somebody's files, as in a container.
#[cfg(unix)]
fn keep_owner(old: &Metadata, new: &NamedTempFile) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let made = new.as_file().metadata()?;
    if (made.uid(), made.gid()) != (old.uid(), old.gid()) {
        // Others than root may not give files away, and may have them all the same.
        let _ = fchown(new.as_file(), Some(old.uid()), Some(old.gid()));
    }
    Ok(())
}

#[cfg(not(unix))]
fn keep_owner(_old: &Metadata, _new: &NamedTempFile) -> io::Result<()> {
    Ok(())
}

fn reason(file: &Prepared, error: &io::Error) -> String {
    use io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem, ResourceBusy};
    let folder = file.target.parent().unwrap_or(&file.target);
    match error.kind() {
        PermissionDenied => folder_readonly(folder),
        ReadOnlyFilesystem => format!(
            "it is on a read-only file system; mount `{}` writable or leave the file out (setting `exclude`)",
            folder.display()
        ),
        // A container can mount a single file, which then cannot be replaced.
        ResourceBusy => format!(
            "it is a mount point and cannot be replaced; mount the folder `{}` instead",
            folder.display()
        ),
        _ => format!("it cannot be written: {error}"),
    }
}
