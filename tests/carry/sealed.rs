//! The registry's private keys at rest: sealed where there is a secret, in their place, and opened by that secret alone.

use super::support::{ORIGIN, badge, configured, verified};
use crate::support::{Process, command, database};
use registry::config::{Config, Seal as Secret};
use registry::keys::Keys;
use schema::Code;
use serde_json::Value;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

const SECRET: &str = "an invented secret";

fn config(folder: &Path, secret: Option<&str>) -> Config {
    Config {
        data_dir: folder.to_owned(),
        seal: Secret {
            file: None,
            passphrase: secret.map(str::to_owned),
            former_file: None,
        },
        ..Config::default()
    }
}

fn file(folder: &Path, name: &str) -> PathBuf {
    folder.join("keys").join(name)
}

fn text(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(file(folder, name)).unwrap()
}

fn is_sealed(text: &str) -> bool {
    text.starts_with("-----BEGIN IQF REGISTRY SEALED KEY-----") && !text.contains("PRIVATE")
}

/// The names of the files in the folder of keys, and below.
fn names(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for folder in [folder.join("keys"), folder.join("keys/retired")] {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            names.push(entry.unwrap().file_name().into_string().unwrap());
        }
    }
    names.sort();
    names
}

fn refused(folder: &Path, secret: Option<&str>) -> Code {
    let error = Keys::of(&config(folder, secret)).err().unwrap();
    let found = Keys::find(&config(folder, secret)).err().unwrap();
    assert_eq!(error.code(), found.code());
    assert!(Keys::look(&config(folder, secret)).is_err());
    assert!(!error.to_string().contains(SECRET));
    error.code()
}

#[test]
fn what_lies_open_is_sealed_in_its_place_and_stays_the_same_key() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let before = Keys::of(&config(folder, None)).unwrap();
    std::fs::create_dir_all(folder.join("keys/retired")).unwrap();
    std::fs::rename(
        file(folder, "signing.pem"),
        file(folder, "retired/first.pem"),
    )
    .unwrap();
    let current = Keys::of(&config(folder, None)).unwrap();
    assert_ne!(before.kid(), current.kid());
    let open = [
        text(folder, "signing.pem"),
        text(folder, "retired/first.pem"),
    ];
    assert!(open.iter().all(|text| text.contains("PRIVATE KEY")));
    // Whoever only looks changes nothing.
    let looked = Keys::look(&config(folder, Some(SECRET))).unwrap();
    assert_eq!(looked.kid(), current.kid());
    assert_eq!(text(folder, "signing.pem"), open[0]);

    let sealed = Keys::of(&config(folder, Some(SECRET))).unwrap();
    assert_eq!(sealed.published(), current.published());
    assert_eq!(sealed.sign(b"x"), current.sign(b"x"));
    let closed = [
        text(folder, "signing.pem"),
        text(folder, "retired/first.pem"),
    ];
    assert!(closed.iter().all(|text| is_sealed(text)), "{closed:?}");
    assert_ne!(closed[0], closed[1]);
    assert_eq!(names(folder), ["first.pem", "retired", "signing.pem"]);
    for name in ["signing.pem", "retired/first.pem"] {
        let mode = std::fs::metadata(file(folder, name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    // The next start reads them, and writes nothing.
    let again = Keys::of(&config(folder, Some(SECRET))).unwrap();
    assert_eq!(again.sign(b"x"), current.sign(b"x"));
    assert_eq!(text(folder, "signing.pem"), closed[0]);
    // A key that is changed later is made sealed.
    std::fs::rename(
        file(folder, "signing.pem"),
        file(folder, "retired/second.pem"),
    )
    .unwrap();
    let third = Keys::of(&config(folder, Some(SECRET))).unwrap();
    assert_eq!(third.retired(), 2);
    assert!(is_sealed(&text(folder, "signing.pem")));
}

#[test]
fn another_secret_opens_nothing_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    Keys::of(&config(folder, Some(SECRET))).unwrap();
    let closed = text(folder, "signing.pem");
    std::fs::create_dir_all(folder.join("keys/retired")).unwrap();
    let other = tempfile::tempdir().unwrap();
    Keys::of(&config(other.path(), None)).unwrap();
    let open = text(other.path(), "signing.pem");
    std::fs::write(file(folder, "retired/open.pem"), &open).unwrap();
    assert_eq!(refused(folder, None), Code::KeySealed);
    assert_eq!(refused(folder, Some("another secret")), Code::KeySealWrong);
    // What lay open lies open still: by a wrong secret nothing is sealed.
    assert_eq!(text(folder, "retired/open.pem"), open);
    assert_eq!(text(folder, "signing.pem"), closed);
    // Every byte is bound: each changed once, wherever it stands.
    let lines: Vec<&str> = closed.lines().collect();
    let packed = lines[1..lines.len() - 1].concat();
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    let bytes = STANDARD.decode(&packed).unwrap();
    assert_eq!(bytes.len(), 1 + 12 + 16 + 24 + 32 + 48);
    // Form, memory (too much of it), salt, nonce, public key, private key, the last byte.
    for at in [0, 1, 14, 30, 60, 90, bytes.len() - 1] {
        let mut changed = bytes.clone();
        changed[at] ^= 0x40;
        let text = format!(
            "{}\n{}\n{}\n",
            lines[0],
            STANDARD.encode(changed),
            lines[lines.len() - 1]
        );
        std::fs::write(file(folder, "signing.pem"), text).unwrap();
        let error = Keys::of(&config(folder, Some(SECRET))).err().unwrap();
        assert_eq!(error.code(), Code::KeySealWrong, "byte {at}");
    }
    for text in [
        format!("{}\n", lines[0]),
        closed.replace('\n', ""),
        closed[..100].to_owned(),
    ] {
        std::fs::write(file(folder, "signing.pem"), &text).unwrap();
        let code = Keys::of(&config(folder, Some(SECRET)))
            .map_or_else(|error| Some(error.code()), |_| None);
        assert!(code.is_none_or(|code| code == Code::KeySealWrong), "{text}");
    }
    // One key's in another's place, under the other's name.
    std::fs::write(file(folder, "signing.pem"), &closed).unwrap();
    assert!(Keys::of(&config(folder, Some(SECRET))).is_ok());
}

#[test]
fn the_secret_comes_from_a_file_too_and_must_be_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret");
    let with = |secret: &[u8]| {
        std::fs::write(&path, secret).unwrap();
        let mut config = config(&folder.path().join("data"), Some("goes after the file"));
        config.seal.file = Some(path.clone());
        Keys::of(&config).map(|keys| keys.kid().to_owned())
    };
    let kid = with(b"an invented secret\n").unwrap();
    assert_eq!(with(b"an invented secret").unwrap(), kid);
    assert_eq!(
        with(b"an invented secret ").unwrap_err().code(),
        Code::KeySealWrong
    );
    for short in [&b""[..], b"\n", b"short"] {
        let error = with(short).unwrap_err();
        assert_eq!(error.exit_code(), 2, "{error}");
    }
    let by_text = config(&folder.path().join("data"), Some(SECRET));
    assert_eq!(Keys::of(&by_text).unwrap().kid(), kid);
}

#[test]
fn a_secret_is_changed_by_naming_the_one_of_before() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let keys = Keys::of(&config(folder, Some(SECRET))).unwrap();
    let closed = text(folder, "signing.pem");
    let former = folder.join("former");
    std::fs::write(&former, SECRET).unwrap();
    let mut changing = config(folder, Some("another secret"));
    changing.seal.former_file = Some(former);
    assert_eq!(Keys::of(&changing).unwrap().kid(), keys.kid());
    assert_ne!(text(folder, "signing.pem"), closed);
    assert!(is_sealed(&text(folder, "signing.pem")));
    assert_eq!(refused(folder, Some(SECRET)), Code::KeySealWrong);
    let changed = Keys::of(&config(folder, Some("another secret"))).unwrap();
    assert_eq!(changed.sign(b"x"), keys.sign(b"x"));
}

#[test]
fn what_was_issued_before_goes_on_verifying_when_the_keys_are_sealed() {
    let registry = configured(|config| config.server.origin = Some(ORIGIN.to_owned()));
    let badge = badge(&registry);
    let mut sealed = registry.app.config.clone();
    sealed.seal.passphrase = Some(SECRET.to_owned());
    let keys = Keys::of(&sealed).unwrap();
    let issuing = registry::issuing::Issuing::open(&sealed, Some(&keys)).unwrap();
    assert_eq!(issuing.document(), registry.app.issuing.document());
    assert_eq!(verified(&registry, &badge)["outcome"], "VALID");
}

/// As an operator has it: a server by a secret of the environment, its commands, and what happens without.
#[test]
fn a_server_starts_by_its_secret_and_not_without() {
    let folder = tempfile::tempdir().unwrap();
    let url = database::fresh(folder.path());
    let serve = || {
        command(
            folder.path(),
            &url,
            &["--json", "serve", "--listen", "127.0.0.1:0"],
        )
    };
    Process::start(folder.path(), serve()).stop();
    let data = folder.path().join("data");
    assert!(text(&data, "signing.pem").contains("PRIVATE KEY"));
    let mut with = serve();
    with.env("REGISTRY_SEAL__PASSPHRASE", SECRET);
    let process = Process::start(folder.path(), with);
    assert!(is_sealed(&text(&data, "signing.pem")));
    assert_eq!(
        process
            .request("GET", "/.well-known/jwks.json", &[], b"")
            .status,
        200
    );
    assert!(!process.log().contains(SECRET));
    process.stop();
    for (secret, code) in [
        (None, "key-sealed"),
        (Some("another secret"), "key-seal-wrong"),
    ] {
        for arguments in [
            &["--json", "serve", "--listen", "127.0.0.1:0"][..],
            &["--json", "token", "--role", "steward"],
        ] {
            let mut command = command(folder.path(), &url, arguments);
            if let Some(secret) = secret {
                command.env("REGISTRY_SEAL__PASSPHRASE", secret);
            }
            let output = command.output().unwrap();
            let told: Value = serde_json::from_slice(&output.stdout).unwrap();
            assert_eq!(output.status.code(), Some(1), "{told}");
            assert_eq!(told["error"]["code"], code, "{told}");
        }
    }
    let mut config = command(folder.path(), &url, &["config"]);
    config.env("REGISTRY_SEAL__PASSPHRASE", SECRET);
    let shown = String::from_utf8(config.output().unwrap().stdout).unwrap();
    assert!(
        shown.contains("seal.passphrase") && !shown.contains(SECRET),
        "{shown}"
    );
    database::drop_database(&url);
}
