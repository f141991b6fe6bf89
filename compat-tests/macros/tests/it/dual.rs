//! One text, two tests.

use lancebridge_compat_macros::dual;
use std::sync::atomic::{AtomicU32, Ordering};

/// A helper beside the tests; both halves see it.
fn twice(n: u32) -> u32 {
    n * 2
}

#[dual]
async fn awaits_are_dropped() {
    let mut counter = Counter::default();
    assert_eq!(counter.add(twice(2)).await, Ok(4));
    assert_eq!(counter.add(1).await.map(|sum| sum + 1), Ok(6));
    for n in [1, 2] {
        if counter.add(n).await.unwrap() > 7 {
            assert!(
                counter
                    .clone()
                    .add(u32::MAX)
                    .await
                    .is_err_and(|message| message == "too large")
            );
        }
    }
}

#[dual]
async fn a_result_is_a_test_result() -> Result<(), String> {
    let mut counter = Counter::default();
    counter.add(3).await?;
    assert_eq!(counter.add(4).await?, 7);
    Ok(())
}

#[dual]
async fn closures_and_blocks_lose_their_async() {
    let one = 1;
    let sum = with_counter(async |mut counter| counter.add(one).await).await;
    assert_eq!(sum, Ok(1));
    let sum = with_counter(async move |mut counter| {
        counter.add(one).await?;
        counter.add(one).await
    })
    .await;
    assert_eq!(sum, Ok(2));
    let sum = async move { Counter::default().add(one).await }.await;
    assert_eq!(sum, Ok(1));
}

#[dual]
#[should_panic(expected = "too large")]
async fn other_attributes_are_kept() {
    let mut counter = Counter::default();
    counter.add(1).await.unwrap();
    counter.add(u32::MAX).await.unwrap();
}

/// The names of the clients that a test ran against, as bits.
static SEEN: AtomicU32 = AtomicU32::new(0);

#[dual]
async fn each_half_runs_against_its_own_client() {
    let (bit, path) = match CLIENT {
        "asynchronous" => (1, "::asynchronous"),
        _ => (2, "::blocking"),
    };
    assert!(module_path!().ends_with(path), "{}", module_path!());
    assert_eq!(
        SEEN.fetch_or(bit, Ordering::SeqCst) & bit,
        0,
        "it ran twice"
    );
}
