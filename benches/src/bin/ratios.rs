//! Prints what every operation costs with each client, as a Markdown table.
//!
//! `ratios [NAME]` measures the operations whose name contains NAME, all of them without.
//! `ratios loop CLIENT OPERATION SECONDS` repeats one operation, for a profiler.

use std::{
    env,
    process::ExitCode,
    time::{Duration, Instant},
};

use lancebridge_benches::{
    Fixture, Operation, clients,
    memory::Vectors,
    rounds::{Measured, Quartiles},
};

/// How much longer than lancedb an operation of the async client may take.
const RATIO_BAR: f64 = 1.05;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        [] => table(""),
        [name] if !name.starts_with('-') => table(name),
        ["loop", client, operation, seconds] => {
            let Ok(seconds) = seconds.parse() else {
                return usage();
            };
            return repeat(client, operation, Duration::from_secs(seconds));
        }
        _ => return usage(),
    }
    ExitCode::SUCCESS
}

fn usage() -> ExitCode {
    let names: Vec<_> = Operation::ALL.map(Operation::name).into();
    eprintln!(
        "ratios [NAME] | ratios loop CLIENT OPERATION SECONDS\nCLIENT: async, sync, lancedb\nOPERATION: {}",
        names.join(", ")
    );
    ExitCode::from(2)
}

fn table(name: &str) {
    let fixture = Fixture::new().expect("the database can be written");
    let clients = clients::all(&fixture);
    println!(
        "| operation | async | sync | lancedb | async / lancedb | sync / async | sync - async, µs |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|");
    let mut missed = Vec::new();
    for operation in Operation::ALL {
        if !operation.name().contains(name) {
            continue;
        }
        let measured = Measured::new(operation, &clients);
        let median = |client| measured.seconds(client).map(|seconds| time(seconds.median));
        let ratio = measured.ratio("async", "lancedb");
        let shell = measured.ratio("sync", "async");
        let added = measured.difference("sync", "async").map(microseconds);
        println!(
            "| `{}` | {} | {} | {} | {} | {} | {} |",
            operation.name(),
            or_dash(median("async")),
            or_dash(median("sync")),
            or_dash(median("lancedb")),
            or_dash(ratio.map(|ratio| format!("{ratio:.3}"))),
            or_dash(shell.map(|shell| format!("{shell:.3}"))),
            or_dash(added.map(|added| format!("{added:.1}"))),
        );
        if let Some(ratio) = ratio.filter(|ratio| ratio.median > RATIO_BAR) {
            missed.push(format!("{}: async / lancedb {ratio:.3}", operation.name()));
        }
        let bar = operation.bar().as_secs_f64() * 1e6;
        if let Some(added) = added.filter(|added| added.median > bar) {
            missed.push(format!(
                "{}: sync - async {added:.1} µs, bar {bar} µs",
                operation.name()
            ));
        }
    }
    let vectors = Vectors::new();
    let median = |measure: fn(&Vectors) -> f64| {
        let seconds = (0..21).map(|_| measure(&vectors));
        time(Quartiles::of(seconds).median)
    };
    println!(
        "\nThe 100,000 vectors in memory, one thread: read once {}, searched {}.\n",
        median(Vectors::sum),
        median(Vectors::nearest)
    );
    println!("Bars missed: {}", missed.len());
    for line in missed {
        println!("- {line}");
    }
}

fn repeat(client: &str, operation: &str, duration: Duration) -> ExitCode {
    let Some(operation) = Operation::ALL
        .into_iter()
        .find(|known| known.name() == operation)
    else {
        return usage();
    };
    let fixture = Fixture::new().expect("the database can be written");
    let clients = clients::all(&fixture);
    let Some(client) = clients.iter().find(|known| known.name() == client) else {
        return usage();
    };
    let start = Instant::now();
    let mut repetitions = 0_u64;
    while start.elapsed() < duration {
        client.time(operation, 10);
        repetitions += 10;
    }
    println!("{repetitions} repetitions in {:?}", start.elapsed());
    ExitCode::SUCCESS
}

fn microseconds(seconds: Quartiles) -> Quartiles {
    Quartiles {
        lower: seconds.lower * 1e6,
        median: seconds.median * 1e6,
        upper: seconds.upper * 1e6,
    }
}

fn time(seconds: f64) -> String {
    match seconds {
        ..1e-6 => format!("{:.0} ns", seconds * 1e9),
        ..1e-3 => format!("{:.1} µs", seconds * 1e6),
        _ => format!("{:.2} ms", seconds * 1e3),
    }
}

fn or_dash(cell: Option<String>) -> String {
    cell.unwrap_or_else(|| "–".to_owned())
}
