//! Every operation with every client: `cargo bench -p lancebridge-benches --features peer`.

use criterion::{Criterion, criterion_group, criterion_main};
use lancebridge_benches::{Fixture, Operation, clients};

fn operations(criterion: &mut Criterion) {
    let fixture = Fixture::new().expect("the database can be written");
    let clients = clients::all(&fixture);
    for operation in Operation::ALL {
        let mut group = criterion.benchmark_group(operation.name());
        for client in &clients {
            if client.time(operation, 1).is_none() {
                continue;
            }
            group.bench_function(client.name(), |bencher| {
                bencher.iter_custom(|times| {
                    let sample = client.time(operation, times);
                    sample.expect("it has the operation").elapsed
                });
            });
        }
        group.finish();
    }
}

criterion_group!(benches, operations);
criterion_main!(benches);
