//! Following a claim: as it stands, and each change.

use super::support::{Cast, assign, handed_in, id, registry};
use crate::support::Registry;
use futures_util::StreamExt;
use registry::action::claim::{Changes, look};
use registry::db::Id;

#[test]
fn who_follows_a_claim_hears_of_each_change() {
    let registry = registry(Registry::new());
    let cast = Cast::of(&registry);
    let claim = id(&handed_in(&registry, &cast.jan));
    let key = Id::read("claim", &claim).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let app = registry.app.clone();
    let seen = runtime
        .block_on(look(&app, &cast.jan, key))
        .unwrap()
        .unwrap();
    let mut changes = Box::pin(Changes::of(&app, &cast.jan, &seen));
    assign(
        &registry,
        &cast.officer,
        &claim,
        Some("ann"),
        Some("quentin"),
    )
    .unwrap();
    let next = runtime.block_on(changes.next()).unwrap().unwrap();
    assert_eq!(next.stored.claim.version, seen.stored.claim.version + 1);
    assert_eq!(next.stored.claim.state, "in-assessment");
    let withdraw = super::support::plain(&registry, &cast.jan, "withdrawClaim", &claim);
    assert_eq!(withdraw.unwrap()["state"], "WITHDRAWN");
    let last = runtime.block_on(changes.next()).unwrap().unwrap();
    assert_eq!(last.stored.claim.state, "withdrawn");
    assert!(runtime.block_on(changes.next()).is_none(), "it has ended");
    // Somebody who does not see it follows nothing.
    let stranger = runtime.block_on(look(&app, &cast.rob, key)).unwrap();
    assert!(stranger.is_none());
}
