//! A share's token is nowhere but in its answer: in no log, whatever is logged, and in no metric.

use super::process::Process;
use crate::share::support::{MAKE, VERIFY, awards, filled, in_days};
use crate::support::{Registry, uln};
use registry::access::Role;
use serde_json::json;

#[test]
fn no_log_and_no_metric_holds_a_token() {
    let registry = filled(Registry::new());
    let own = awards(&registry, 1);
    let practitioner = registry.token(Role::Practitioner, Some(&uln(1)), None);
    let until = in_days(&registry, 7);
    let process = Process::serve(
        registry,
        &[
            ("REGISTRY_LOG__LEVEL", "trace"),
            ("REGISTRY_LOG__SLOW_QUERY_MS", "1"),
        ],
    );
    let served = &process.served;
    let input = json!({"i": {"achievements": own, "expiresAt": until}});
    let made = served.graphql(Some(&practitioner), MAKE, input).json();
    let token = made["data"]["shareRecord"]["token"]
        .as_str()
        .unwrap()
        .to_owned();
    for token in [token.as_str(), "a-token-of-nobody"] {
        let input = json!({"i": {"shareToken": token}});
        let answer = served.graphql(None, VERIFY, input).json();
        assert!(
            answer["data"]["verify"]["receipt"]["id"].is_string(),
            "{answer}"
        );
    }
    served.get(&format!("/check/{token}"), None);
    let metrics = served.get("/metrics", None).body;
    let (status, log) = process.stop();
    assert!(status.success(), "{status}");
    let log = log.all().join("\n");
    assert!(log.contains("registry::access"), "{log}");
    for text in [&log, &metrics] {
        assert!(!text.contains(&token) && !text.contains("a-token-of-nobody"));
    }
}
