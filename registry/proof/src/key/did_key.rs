//! `did:key` and Multikey: identifiers that are the key.

use super::PublicKey;

/// The multicodec of an Ed25519 public key, as a varint.
const ED25519: [u8; 2] = [0xed, 0x01];

/// The multicodec of a P-256 public key, as a varint; its point follows compressed.
const P256: [u8; 2] = [0x80, 0x24];

/// Base58btc text longer than this is no key: base58 costs the square of its length.
const LONGEST: usize = 128;

/// Reads `z…`, multibase base58btc, bounded in length.
pub(crate) fn base58btc(text: &str) -> Option<Vec<u8>> {
    let encoded = text.strip_prefix('z')?;
    if encoded.len() > LONGEST {
        return None;
    }
    bs58::decode(encoded).into_vec().ok()
}

/// The key that a Multikey is.
pub(crate) fn multikey(text: &str) -> Option<PublicKey> {
    let bytes = base58btc(text)?;
    if let Some(point) = bytes.strip_prefix(P256.as_slice()) {
        let compressed = point.len() == 33 && matches!(point.first(), Some(2 | 3));
        return compressed.then(|| PublicKey::P256(point.to_vec()));
    }
    let key = bytes.strip_prefix(ED25519.as_slice())?;
    Some(PublicKey::Ed25519(key.try_into().ok()?))
}

/// The controller and key of `did:key:z…#z…`. The part behind `#` must repeat the key, as the method says.
pub(crate) fn resolve(method: &str) -> Option<(String, PublicKey)> {
    let (controller, fragment) = match method.split_once('#') {
        Some((controller, fragment)) => (controller, Some(fragment)),
        None => (method, None),
    };
    let encoded = controller.strip_prefix("did:key:")?;
    if fragment.is_some_and(|fragment| fragment != encoded) {
        return None;
    }
    Some((controller.to_owned(), multikey(encoded)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi";

    #[test]
    fn a_did_key_is_its_own_controller() {
        let (controller, key) = resolve(&format!("did:key:{KEY}#{KEY}")).unwrap();
        assert_eq!(controller, format!("did:key:{KEY}"));
        assert_eq!(Some(key), multikey(KEY));
        assert!(resolve(&format!("did:key:{KEY}")).is_some());
    }

    #[test]
    fn a_point_on_p256_is_a_key_where_it_is_compressed() {
        // The example of the method's specification.
        let known = "zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169";
        let point = bs58::decode(&known[1..]).into_vec().unwrap().split_off(2);
        assert_eq!((point.len(), point[0] & !1), (33, 2));
        assert_eq!(multikey(known), Some(PublicKey::P256(point)));
        for wrong in [&[4; 65][..], &[2; 32], &[2; 34], &[5; 33]] {
            let text = bs58::encode([&P256, wrong].concat()).into_string();
            assert_eq!(multikey(&format!("z{text}")), None);
        }
    }

    #[test]
    fn what_is_no_key_of_these_kinds_is_none() {
        let other = "z6MkrvfzkMnvCroEUP2DVc9SHPE48CRsvHiVSusHioxTYu1x";
        for wrong in [
            String::new(),
            "did:key:".into(),
            "did:key:z".into(),
            format!("did:key:{KEY}#{other}"),
            format!("did:key:{KEY}0"),
            format!("did:web:{KEY}"),
            format!("did:key:m{KEY}"),
            format!("did:key:z{}", "1".repeat(100_000)),
            // X25519, which agrees on keys and signs nothing.
            "did:key:z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc".into(),
        ] {
            assert_eq!(resolve(&wrong), None, "{wrong}");
        }
    }
}
