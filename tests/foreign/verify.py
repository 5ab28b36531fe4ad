"""Verifies a folder of exports with openvc, openbadgeslib and PyJWT. `python verify.py FOLDER [SCHEMAS]`; one line a file, JSON.

SCHEMAS is a folder of 1EdTech's JSON schemas (ob/…, clr/…), where there is one."""

import json
import pathlib
import sys

import jwt
from openbadgeslib.ob3 import did as ob_did
from openbadgeslib.ob3.ldp import OB3LdpVerifier
from openbadgeslib.ob3.verifier import OB3Verifier
from openvc import VerificationPolicy, verify_credential

folder = pathlib.Path(sys.argv[1])
schemas = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else None
root = pathlib.Path(__file__).resolve().parents[2]
controller = json.loads((folder / "did.json").read_text())
lists = json.loads((folder / "lists.json").read_text())


def contexts():
    """The contexts that the registry has compiled in."""
    import re
    source = (root / "registry/proof/src/context.rs").read_text()
    found = {}
    for address, file in re.findall(r'"(https:[^"]+)" => "([^"]+)"', source):
        found[address] = json.loads((root / "registry/proof/contexts" / file).read_text())
    return found


CONTEXTS = contexts()


def say(by, name, verify):
    try:
        verify()
        found = {"verified": True, "why": ""}
    except Exception as error:  # whatever a library says
        found = {"verified": False, "why": f"{type(error).__name__}: {error}"[:300]}
    print(json.dumps({"by": by, "file": name, **found}))


def list_of(address, *_, **__):
    document = json.loads((folder / lists[address]).read_text())
    verify_credential(document, policy=VerificationPolicy(require_status=False), extra_contexts=CONTEXTS)
    return document


def with_openvc(credential):
    verify_credential(credential, policy=VerificationPolicy(), resolve_status_list=list_of, extra_contexts=CONTEXTS)


def download(address, *_, **__):
    # This library takes lists as JWTs alone.
    return (folder / lists[address].replace(".json", ".jwt")).read_bytes()


def with_pyld(document):
    """The suite by hand, over other people's canonical form and signature."""
    import hashlib
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key
    from pyld import jsonld

    def loader(address, _options):
        return {"contextUrl": None, "documentUrl": address, "document": CONTEXTS[address], "contentType": "application/ld+json"}

    def digest(value):
        options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": loader}
        return hashlib.sha256(jsonld.normalize(value, options).encode()).digest()

    proof = document["proof"]
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    config = {name: value for name, value in proof.items() if name != "proofValue"}
    config["@context"] = document["@context"]
    key = load_pem_public_key(ob_did.resolve_did(proof["verificationMethod"].split("#")[0]))
    assert isinstance(key, Ed25519PublicKey)
    key.verify(ob_did._b58btc_decode(proof["proofValue"][1:]), digest(config) + digest(unsecured))


def with_openbadgeslib(document):
    OB3LdpVerifier().verify(document, check_status=True, download=download)


def token_with_openbadgeslib(token):
    issuer = jwt.decode(token, options={"verify_signature": False})["iss"]
    OB3Verifier.for_issuer_did(issuer).verify(token)


def with_pyjwt(token):
    kid = jwt.get_unverified_header(token)["kid"]
    pem = ob_did.resolve_did(kid.split("#")[0])
    jwt.decode(token, pem, algorithms=["EdDSA"], options={"require": ["iss", "sub", "jti", "nbf"]})


def with_schema(document):
    import jsonschema
    kind = "clr/clr_v2p0_clrcredential" if "ClrCredential" in document["type"] else "ob/ob_v3p0_achievementcredential"
    schema = json.loads((schemas / f"{kind}_schema.json").read_text())
    jsonschema.Draft201909Validator(schema).validate(document)


for name in json.loads((folder / "files.json").read_text()):
    path = folder / name
    if not path.exists():
        continue
    if name.endswith(".jwt"):
        token = path.read_text().strip()
        # openvc takes tokens with a claim `vc` alone, of the data model before.
        say("PyJWT", name, lambda: with_pyjwt(token))
        if "badge" in name:
            say("openbadgeslib", name, lambda: token_with_openbadgeslib(token))
        continue
    document = json.loads(path.read_text())
    inner = document["credentialSubject"].get("verifiableCredential", [])

    def everything():
        # The context of CLR does not survive compaction, which openvc asks for: it has the badges in a record.
        for one in inner or [document]:
            with_openvc(one)

    def all_proofs():
        for one in [document, *inner]:
            with_pyld(one)

    say("openvc", name, everything)
    if not name.startswith("refused-revoked") and not name.startswith("refused-undefined"):
        say("PyLD, cryptography", name, all_proofs)
    if "badge" in name:
        say("openbadgeslib", name, lambda: with_openbadgeslib(document))
    if schemas and "list" not in name:
        say("jsonschema", name, lambda: with_schema(document))
