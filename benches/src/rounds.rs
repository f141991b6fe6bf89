//! Clients by turns, so that what slows the machine for a while slows all of them.

use std::{
    fmt,
    time::{Duration, Instant},
};

use crate::{Operation, clients::Client};

/// Turns of every client; an odd number has a median that was measured.
const ROUNDS: usize = 61;

/// How long a turn takes, unless a single repetition takes longer.
const TURN: Duration = Duration::from_millis(40);

/// Seconds per repetition, of each client in each round.
#[derive(Debug)]
pub struct Measured {
    names: Vec<&'static str>,
    rounds: Vec<Vec<f64>>,
}

/// The middle of some numbers, and between which two the middle half of them is.
#[derive(Debug, Clone, Copy)]
pub struct Quartiles {
    /// A quarter of the numbers is lower.
    pub lower: f64,
    /// Half of the numbers is lower.
    pub median: f64,
    /// A quarter of the numbers is higher.
    pub upper: f64,
}

impl Measured {
    /// Measures an operation: in each round every client once, and each round another one first.
    ///
    /// # Panics
    ///
    /// When the clients do not give the same answer.
    #[must_use]
    pub fn new(operation: Operation, clients: &[Box<dyn Client>]) -> Self {
        let clients: Vec<_> = clients
            .iter()
            .filter(|client| client.time(operation, 1).is_some())
            .collect();
        // The same for all, so that their answers can be compared; the slowest sets it.
        let fitting = clients
            .iter()
            .map(|client| repetitions(operation, &***client));
        let repetitions = fitting.min().unwrap_or(1);
        let rounds = (0..ROUNDS)
            .map(|round| {
                let mut seconds = vec![0.0; clients.len()];
                let mut answers = vec![0; clients.len()];
                for turn in 0..clients.len() {
                    let at = (round + turn) % clients.len();
                    if let Some(sample) = clients[at].time(operation, repetitions) {
                        seconds[at] = sample.elapsed.as_secs_f64() / repetitions as f64;
                        answers[at] = sample.answer;
                    }
                }
                assert!(
                    answers.iter().all(|answer| *answer == answers[0]),
                    "{} gives different answers: {answers:?}",
                    operation.name()
                );
                seconds
            })
            .collect();
        let names = clients.iter().map(|client| client.name()).collect();
        Self { names, rounds }
    }

    /// Seconds per repetition of a client.
    #[must_use]
    pub fn seconds(&self, name: &str) -> Option<Quartiles> {
        let at = self.at(name)?;
        Some(Quartiles::of(self.rounds.iter().map(|round| round[at])))
    }

    /// One client's seconds by another's, of the same round.
    #[must_use]
    pub fn ratio(&self, name: &str, other: &str) -> Option<Quartiles> {
        let (a, b) = (self.at(name)?, self.at(other)?);
        Some(Quartiles::of(
            self.rounds.iter().map(|round| round[a] / round[b]),
        ))
    }

    /// One client's seconds less another's, of the same round.
    #[must_use]
    pub fn difference(&self, name: &str, other: &str) -> Option<Quartiles> {
        let (a, b) = (self.at(name)?, self.at(other)?);
        Some(Quartiles::of(
            self.rounds.iter().map(|round| round[a] - round[b]),
        ))
    }

    fn at(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| *known == name)
    }
}

impl Quartiles {
    /// Those of some numbers.
    ///
    /// # Panics
    ///
    /// When there are none.
    #[must_use]
    pub fn of(numbers: impl IntoIterator<Item = f64>) -> Self {
        let mut sorted: Vec<f64> = numbers.into_iter().collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let last = sorted.len() - 1;
        Self {
            lower: sorted[last / 4],
            median: sorted[last / 2],
            upper: sorted[last * 3 / 4],
        }
    }
}

impl fmt::Display for Quartiles {
    /// The median, and the quartiles in brackets, with the precision of the format, or two digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = f.precision().unwrap_or(2);
        write!(
            f,
            "{:.digits$} [{:.digits$}, {:.digits$}]",
            self.median, self.lower, self.upper
        )
    }
}

/// As many as fill a turn.
fn repetitions(operation: Operation, client: &dyn Client) -> u64 {
    let mut repetitions = 1;
    loop {
        let start = Instant::now();
        let elapsed = client
            .time(operation, repetitions)
            .map_or(TURN, |sample| sample.elapsed);
        if elapsed * 4 >= TURN || start.elapsed() >= TURN {
            let fitting = TURN.as_secs_f64() / elapsed.as_secs_f64() * repetitions as f64;
            return (fitting as u64).max(1);
        }
        repetitions *= 4;
    }
}
