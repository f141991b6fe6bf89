//! The places that a blocking call may come from, a process each: one that hangs or overflows its stack spoils no other.

mod client;
mod places;

use std::{
    env,
    io::{self, Write},
    process::{self, Command, Output},
    thread,
    time::Duration,
};

use places::PLACES;

/// Names the place that a child process is to call from.
const PLACE: &str = "LANCEBRIDGE_TEST_PLACE";

/// What a child says when it got to the end of its calls.
const RETURNED: &str = "every call returned";

/// A child that lives longer hangs: the slowest takes a few seconds.
const HANGS_AFTER: Duration = Duration::from_secs(120);

#[test]
fn calls_return_wherever_they_come_from() {
    let outcomes: Vec<(&str, Result<(), String>)> = PLACES
        .iter()
        .map(|(name, _)| (*name, outcome(&run_child(name))))
        .collect();

    let mut table = String::from("\n");
    for (name, outcome) in &outcomes {
        let word = if outcome.is_ok() { "ok" } else { "FAILED" };
        table.push_str(&format!("{name:<55} {word}\n"));
    }
    // Not by `print!`, which is silent when the test passes.
    io::stdout().write_all(table.as_bytes()).unwrap();

    let failed: Vec<String> = outcomes
        .into_iter()
        .filter_map(|(name, outcome)| Some(format!("{name}: {}", outcome.err()?)))
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// Does nothing, unless it runs in a child process.
#[test]
fn child() {
    let Ok(name) = env::var(PLACE) else { return };
    end_when_it_hangs();
    let (_, place) = PLACES.iter().find(|(place, _)| *place == name).unwrap();
    place();
    println!("{RETURNED}");
}

fn run_child(place: &str) -> Output {
    Command::new(env::current_exe().unwrap())
        .args(["contexts::child", "--exact", "--nocapture"])
        .args(["--test-threads", "1"])
        .env(PLACE, place)
        .output()
        .unwrap()
}

fn outcome(child: &Output) -> Result<(), String> {
    let said = String::from_utf8_lossy(&child.stdout);
    if child.status.success() && said.contains(RETURNED) {
        Ok(())
    } else {
        let errors = String::from_utf8_lossy(&child.stderr);
        Err(format!("{}\n{errors}", child.status))
    }
}

/// Aborts this process when it hangs, whatever locks are held.
fn end_when_it_hangs() {
    thread::spawn(|| {
        thread::sleep(HANGS_AFTER);
        eprintln!("HANG: no end after {HANGS_AFTER:?}");
        process::abort();
    });
}
