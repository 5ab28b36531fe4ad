// Drives the VC API of a registry that serves conformance suites, with Digital Bazaar's libraries and `jose` on the other side.
// `node conformance.js ADDRESS`; one line a trial, JSON. Both ways: what they sign the registry verifies, what it signs they verify, and what was
// changed, or made wrong in the ways that the W3C's suites make it, neither does.
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import * as jose from 'jose';
import jsigs from 'jsonld-signatures';
import {readFileSync} from 'node:fs';

const base = process.argv[2];
const V2 = 'https://www.w3.org/ns/credentials/v2';
const V1 = 'https://www.w3.org/2018/credentials/v1';
const EXAMPLES = 'https://www.w3.org/ns/credentials/examples/v2';
const multikeyContext = 'https://w3id.org/security/multikey/v1';

const below = new URL('../../registry/proof/contexts/', import.meta.url);
const source = readFileSync(new URL('../../registry/proof/src/context.rs', import.meta.url), 'utf8');
const known = new Map([[EXAMPLES, {'@context': {'@vocab': 'https://www.w3.org/ns/credentials/examples#'}}]]);
for(const [, address, file] of source.matchAll(/"(https:[^"]+)" => "([^"]+)"/g)) {
  known.set(address, JSON.parse(readFileSync(new URL(file, below), 'utf8')));
}

async function documentLoader(url) {
  if(url.startsWith('did:key:') && !known.has(url)) {
    const [did, fragment = did.slice('did:key:'.length)] = url.split('#');
    const key = {'@context': multikeyContext, id: `${did}#${fragment}`, type: 'Multikey', controller: did, publicKeyMultibase: fragment};
    known.set(`${did}#${fragment}`, key);
    known.set(did, {
      '@context': ['https://www.w3.org/ns/did/v1', multikeyContext], id: did, verificationMethod: [key],
      assertionMethod: [key.id], authentication: [key.id]
    });
  }
  if(!known.has(url)) {
    throw new Error(`not known: ${url}`);
  }
  return {contextUrl: null, documentUrl: url, document: known.get(url)};
}

async function somebody() {
  const key = await Ed25519Multikey.generate();
  key.controller = `did:key:${key.publicKeyMultibase}`;
  key.id = `${key.controller}#${key.publicKeyMultibase}`;
  return {did: key.controller, key, signer: key.signer()};
}

const issuer = await somebody();
const holder = await somebody();
const suiteOf = (who, change = () => {}) => {
  const suite = new DataIntegrityProof({signer: who.signer, cryptosuite});
  change(suite);
  return suite;
};
const verifier = new DataIntegrityProof({cryptosuite});

async function post(path, body) {
  const answer = await fetch(`${base}${path}`, {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)});
  return {status: answer.status, body: await answer.json()};
}
const verify = (verifiableCredential, options = {}) => post('/credentials/verify', {verifiableCredential, options});
const present = (verifiablePresentation, options = {}) => post('/presentations/verify', {verifiablePresentation, options});
const issue = (credential, options = {}) => post('/credentials/issue', {credential, options});

let wrong = 0;
function tell(what, ok, why = '') {
  wrong += !ok;
  console.log(JSON.stringify({by: 'VC API', file: what, verified: ok, why: String(why).slice(0, 300)}));
}
async function expect(what, answer, status, code) {
  const {status: found, body} = await answer;
  const codes = (body.problemDetails ?? []).map(one => `${one.code}${one.detail}`);
  tell(what, found === status && (!code || codes.some(one => one.startsWith(code))), `${found} ${codes}`);
  return body;
}

const credential = (change = {}) => ({
  '@context': [V2, EXAMPLES],
  id: `urn:uuid:${crypto.randomUUID()}`,
  type: ['VerifiableCredential', 'AlumniCredential'],
  issuer: issuer.did,
  validFrom: '2024-01-01T00:00:00Z',
  credentialSubject: {id: 'did:example:alumna', alumniOf: 'The School of Examples'},
  ...change
});
const signed = (one = credential(), suite = suiteOf(issuer), more = {}) =>
  vc.issue({credential: structuredClone(one), suite, documentLoader, ...more});
const changed = (document, change) => {
  const copy = structuredClone(document);
  change(copy);
  return copy;
};

// What they sign.
const theirs = await signed();
await expect('theirs', verify(theirs), 200);
await expect('theirs, the proof alone', verify(theirs, {checks: ['proof']}), 200);
await expect('theirs, their issuer an object', verify(await signed(credential({issuer: {id: issuer.did, name: 'Examples', url: 'https://a.example'}}))), 200);
await expect('theirs, without an id', verify(await signed(changed(credential(), one => delete one.id))), 200);
await expect('theirs, several subjects', verify(await signed(credential({credentialSubject: [{alumniOf: 'a'}, {alumniOf: 'b'}]}))), 200);
await expect('theirs, a context of its own', verify(await signed(credential({
  '@context': [V2, {Own: 'https://a.example/#Own', word: {'@id': 'https://a.example/#word', '@type': 'http://www.w3.org/2001/XMLSchema#date'}}],
  type: ['VerifiableCredential', 'Own'], credentialSubject: {word: '2024-01-01'}
}))), 200);
await expect('theirs, of version 1.1', verify(await signed({
  '@context': [V1, 'https://w3id.org/security/data-integrity/v2'], type: ['VerifiableCredential'], issuer: issuer.did,
  issuanceDate: '2024-01-01T00:00:00Z', credentialSubject: {id: 'did:example:alumna'}
})), 200);
for(const [what, change, code] of [
  ['a word', one => one.credentialSubject.alumniOf = 'Another', 'proof-mismatch'],
  ['a word more', one => one.credentialSubject.another = 'x', 'proof-mismatch'],
  ['a type more', one => one.type.push('Another'), 'proof-mismatch'],
  ['no proof', one => delete one.proof, 'proof-missing'],
  ['proof null', one => one.proof = null],
  ['no proof.type', one => delete one.proof.type],
  ['no proofValue', one => delete one.proof.proofValue, 'proof-malformed'],
  ['proofValue null', one => one.proof.proofValue = null, 'proof-malformed'],
  ['no multibase', one => one.proof.proofValue = one.proof.proofValue.slice(1), 'proof-malformed'],
  ['another cryptosuite', one => one.proof.cryptosuite = 'eddsa-jcs-2022', 'proof-unsupported'],
  ['another method', one => one.proof.verificationMethod = holder.key.id, 'proof-mismatch'],
  ['a method that is none', one => one.proof.verificationMethod = 'did:key:invalidVm', 'key-unknown'],
  ['another issuer', one => one.issuer = holder.did, 'proof-mismatch']
]) {
  await expect(`theirs, refused: ${what}`, verify(changed(theirs, change), {checks: ['proof']}), 400, code);
}

// Made wrong before it is signed, as the suite of Data Integrity does it.
const proofOf = change => suite => {
  suite.createProof = async ({document, purpose, documentLoader}) => {
    let proof = {
      type: suite.type, created: '2024-01-01T00:00:00Z', verificationMethod: suite.verificationMethod,
      cryptosuite: suite.cryptosuite, proofPurpose: purpose.term
    };
    proof['@context'] = document['@context'];
    change(proof);
    const verifyData = await suite.createVerifyData({document, proof, proofSet: [], documentLoader});
    proof = await suite.sign({verifyData, document, proof, documentLoader});
    delete proof['@context'];
    return proof;
  };
};
for(const [what, change, status, code] of [
  ['no created', proof => delete proof.created, 200],
  ['created that is no time', proof => proof.created = 'invalidDate', 400, 'proof-malformed'],
  ['no proofPurpose', proof => delete proof.proofPurpose, 400, 'proof-purpose-wrong'],
  ['another proofPurpose', proof => proof.proofPurpose = 'authentication', 400, 'proof-purpose-wrong'],
  ['no verificationMethod', proof => delete proof.verificationMethod, 400, 'proof-malformed'],
  ['expired', proof => proof.expires = '2024-01-02T00:00:00Z', 400, 'proof-expired'],
  ['not expired', proof => proof.expires = '2124-01-02T00:00:00Z', 200]
]) {
  const made = await signed(credential(), suiteOf(issuer, proofOf(change)));
  await expect(`theirs, made: ${what}`, verify(made, {checks: ['proof']}), status, code);
}
const chosen = change => signed(credential(), suiteOf(issuer, change));
await expect('theirs, made: a cryptosuite that is none', verify(await chosen(suite => suite.cryptosuite = 'UnknownCryptosuite')), 400, 'proof-unsupported');
await expect('theirs, made: by another for the issuer', verify(await signed(credential({issuer: holder.did}), suiteOf(issuer), {purpose: new jsigs.purposes.AssertionProofPurpose()})), 400, 'issuer-mismatch');
await expect('theirs, made: over', verify(await signed(credential({validUntil: '2024-02-01T00:00:00Z'}), suiteOf(issuer), {now: '2024-01-15T00:00:00Z'})), 400, 'credential-expired');

// A set of proofs, and a chain.
const purpose = new jsigs.purposes.AssertionProofPurpose();
const first = suiteOf(issuer, suite => suite.proof = {id: 'urn:uuid:26329423-bec9-4b2e-88cb-a7c7d9dc4544'});
const one = await jsigs.sign(credential(), {suite: first, purpose, documentLoader});
const set = await jsigs.sign(structuredClone(one), {suite: suiteOf(holder), purpose, documentLoader});
await expect('theirs, a set of proofs', verify(set, {checks: ['proof']}), 200);
// Their library knows no chains: what a link signs is hashed by it all the same, with the proof before it in its place.
const link = suite => {
  suite.proof = {previousProof: one.proof.id};
  const hashed = suite.createVerifyData.bind(suite);
  suite.createVerifyData = given => hashed({...given, document: {...given.document, proof: [one.proof]}});
};
const chain = await jsigs.sign(structuredClone(one), {suite: suiteOf(holder, link), purpose, documentLoader});
await expect('theirs, a chain of proofs', verify(chain, {checks: ['proof']}), 200);
await expect('theirs, refused: a chain without its first', verify(changed(chain, it => it.proof = it.proof.filter(proof => proof.previousProof)), {checks: ['proof']}), 400, 'proof-malformed');
await expect('theirs, refused: a chain whose first was changed', verify(changed(chain, it => it.proof.find(proof => proof.id).created = '2024-01-01T00:00:00Z'), {checks: ['proof']}), 400, 'proof-mismatch');

// What the registry signs, which is told by its proof.
const {body: {verifiableCredential: probe}} = await issue(credential());
const [own] = probe.proof.verificationMethod.split('#');
const verifiedByThem = document => vc.verifyCredential({credential: structuredClone(document), suite: verifier, documentLoader});
async function byThem(what, document, holds) {
  const found = await verifiedByThem(document);
  tell(what, found.verified === holds, found.error?.errors?.map(error => error.message) ?? found.error?.message);
}
for(const [what, change] of [
  ['plain', {}],
  ['its issuer an object', {issuer: {id: own, name: {'@value': 'Examples', '@language': 'en'}}}],
  ['texts by language', {name: [{'@value': 'a', '@language': 'en'}, {'@value': 'b', '@language': 'cy'}]}],
  ['several subjects', {credentialSubject: [{alumniOf: 'a'}, {alumniOf: 'b'}]}],
  ['a context of its own', {'@context': [V2, {Own: 'https://a.example/#Own'}], type: ['VerifiableCredential', 'Own'], credentialSubject: {id: 'did:example:a'}}],
  ['what it may have', {
    evidence: [{type: 'Evidence', id: 'urn:evidence'}], termsOfUse: {type: 'Terms'}, refreshService: {type: 'Refresh', id: 'https://a.example/r'},
    credentialSchema: {type: 'JsonSchema', id: 'https://a.example/s'}, relatedResource: {id: 'https://a.example/i', digestSRI: 'sha384-AAAA'}
  }]
]) {
  const {status, body} = await issue(credential({issuer: own, ...change}));
  tell(`ours, issued: ${what}`, status === 201, JSON.stringify(body.errors ?? ''));
  if(status === 201) {
    await byThem(`ours: ${what}`, body.verifiableCredential, true);
    await byThem(`ours, refused: ${what}`, changed(body.verifiableCredential, it => it.validFrom = '2023-01-01T00:00:00Z'), false);
    await expect(`ours, by ourselves: ${what}`, verify(body.verifiableCredential), 200);
  }
}
for(const [what, change, code] of [
  ['contexts the wrong way round', {'@context': [EXAMPLES, V2]}, 'schema-invalid'],
  ['a context that is no address', {'@context': [V2, 'https ://not-a-url/contexts/example/v1']}, 'schema-invalid'],
  ['a context that is a number', {'@context': [V2, 123192875]}, 'schema-invalid'],
  ['no type', {type: undefined}, 'schema-invalid'],
  ['a type that nothing defines', {'@context': [V2, {'@vocab': null}], credentialSubject: {id: 'did:example:a'}}, 'term-undefined'],
  ['a type that is no address', {'@context': [V2, {AlumniCredential: 'https ://not-a-url#A'}], credentialSubject: {id: 'did:example:a'}}, 'linked-data-invalid'],
  ['a word defined anew', {'@context': [V2, {VerifiableCredential: 'https://a.example/#VC'}], type: ['VerifiableCredential'], credentialSubject: {id: 'did:example:a'}}, 'linked-data-invalid'],
  ['several ids', {id: ['urn:a', 'urn:b']}, 'schema-invalid'],
  ['an id that is no address', {id: 'not-a-url'}, 'schema-invalid'],
  ['an id that is null', {id: null}, 'schema-invalid'],
  ['no issuer', {issuer: undefined}, 'schema-invalid'],
  ['an issuer that is no address', {issuer: 'not-a-url'}, 'schema-invalid'],
  ['an issuer without an id', {issuer: {id: null}}, 'schema-invalid'],
  ['no subject', {credentialSubject: undefined}, 'schema-invalid'],
  ['an empty subject', {credentialSubject: {}}, 'schema-invalid'],
  ['an empty subject among others', {credentialSubject: [{alumniOf: 'a'}, {}]}, 'schema-invalid'],
  ['a date that is none', {validFrom: '2024-01-01'}, 'credential-dates-invalid'],
  ['an end before its beginning', {validUntil: '2023-01-01T00:00:00Z'}, 'credential-dates-invalid'],
  ['a name with more in it', {name: {'@value': 'a', '@language': 'en', url: 'x'}}, 'schema-invalid'],
  ['a status without a type', {credentialStatus: {id: 'urn:a'}}, 'schema-invalid'],
  ['a schema without an id', {credentialSchema: {type: 'JsonSchema'}}, 'schema-invalid'],
  ['evidence without a type', {evidence: {id: 'urn:a'}}, 'schema-invalid'],
  ['a resource without a digest', {relatedResource: {id: 'urn:a'}}, 'schema-invalid'],
  ['a resource twice', {relatedResource: [{id: 'urn:a', digestSRI: 'x'}, {id: 'urn:a', digestSRI: 'x'}]}, 'schema-invalid']
]) {
  await expect(`ours, not issued: ${what}`, issue(credential({issuer: own, ...change})), 400, code);
}

// Presentations.
const {body: {verifiableCredential: ours}} = await issue(credential({issuer: own}));
const challenge = crypto.randomUUID();
const domain = 'verifier.example';
const presentation = vc.createPresentation({verifiableCredential: [theirs, ours], holder: holder.did, version: 2.0});
const shown = await vc.signPresentation({presentation: structuredClone(presentation), suite: suiteOf(holder), challenge, domain, documentLoader});
await expect('their presentation', present(shown, {challenge, domain}), 200);
await expect('their presentation, asked for nothing', present(shown), 200);
await expect('their presentation, refused: another challenge', present(shown, {challenge: 'another', domain}), 400, 'challenge-wrong');
await expect('their presentation, refused: another domain', present(shown, {challenge, domain: 'another.example'}), 400, 'domain-wrong');
for(const [what, change, code] of [
  ['a credential changed', it => it.verifiableCredential[0].credentialSubject.alumniOf = 'Another', 'proof-mismatch'],
  ['a credential left out', it => it.verifiableCredential.pop(), 'proof-mismatch'],
  ['another holder', it => it.holder = issuer.did, 'proof-mismatch'],
  ['no proof', it => delete it.proof, 'proof-missing'],
  ['no type', it => delete it.type, 'not-a-presentation'],
  ['no context', it => delete it['@context'], 'schema-invalid'],
  ['a credential that is a text', it => it.verifiableCredential = ['x'], 'schema-invalid']
]) {
  await expect(`their presentation, refused: ${what}`, present(changed(shown, change), {challenge, domain}), 400, code);
}
const asserted = await vc.signPresentation({presentation: structuredClone(presentation), suite: suiteOf(holder), purpose: new jsigs.purposes.AssertionProofPurpose(), documentLoader});
await expect('their presentation, refused: no answer to a challenge', present(asserted, {challenge}), 400, 'proof-purpose-wrong');

// Tokens.
const secretOf = async who => {
  const {kty, crv, x, d} = await Ed25519Multikey.toJwk({keyPair: who.key, secretKey: true});
  // RFC 8037 has the seed alone, without the public half that it is kept with there.
  return {kty, crv, x, d: jose.base64url.encode(jose.base64url.decode(d).slice(0, 32))};
};
const jwk = await secretOf(issuer);
const jwtOf = async (claims, {typ = 'vc+jwt', key = jwk, kid = issuer.key.id, alg = 'EdDSA'} = {}) =>
  new jose.SignJWT(claims).setProtectedHeader({alg, typ, kid}).sign(await jose.importJWK(key, alg));
const envelope = (token, type = 'EnvelopedVerifiableCredential', media = 'vc+jwt') => ({'@context': V2, type, id: `data:application/${media},${token}`});
const token = await jwtOf(credential());
await expect('their token', verify(envelope(token)), 200);
await expect('their token, as it is', verify(token), 200);
await expect('their token, refused: changed', verify(envelope(token.replace(/\.[^.]{6}/, '.eyJhIjo'))), 400);
await expect('their token, refused: of another issuer', verify(envelope(await jwtOf(credential({issuer: holder.did})))), 400, 'issuer-mismatch');
await expect('their token, refused: no envelope', verify({...envelope(token), type: 'VerifiableCredential'}), 400, 'schema-invalid');
await expect('their token, refused: no context', verify({...envelope(token), '@context': []}), 400, 'schema-invalid');
const none = `${jose.base64url.encode(JSON.stringify({alg: 'none', typ: 'vc+jwt'}))}.${jose.base64url.encode(JSON.stringify(credential()))}.`;
await expect('their token, refused: signed by nothing', verify(envelope(none)), 400, 'algorithm-refused');
const {body: {verifiableCredential: enveloped}} = await issue(credential({issuer: own}), {mediaType: 'application/vc+jwt'});
const [, jwt] = enveloped.id.split(',');
const ownKey = await Ed25519Multikey.from({type: 'Multikey', id: probe.proof.verificationMethod, publicKeyMultibase: own.slice('did:key:'.length)});
const ownJwk = await jose.importJWK(await Ed25519Multikey.toJwk({keyPair: ownKey}), 'EdDSA');
const read = await jose.jwtVerify(jwt, ownJwk, {algorithms: ['EdDSA'], typ: 'vc+jwt', issuer: own}).catch(error => error);
tell('our token', read.payload?.credentialSubject.alumniOf === 'The School of Examples', read.message ?? '');
await expect('our token, by ourselves', verify(enveloped), 200);
const holderJwk = await secretOf(holder);
const shownToken = async change => envelope(await jwtOf({
  ...presentation, verifiableCredential: [theirs, enveloped, envelope(token)], iss: holder.did, aud: domain, nonce: challenge, ...change
}, {typ: 'vp+jwt', key: holderJwk, kid: holder.key.id}), 'EnvelopedVerifiablePresentation', 'vp+jwt');
await expect('their presentation, a token', present(await shownToken({}), {challenge, domain}), 200);
await expect('their presentation, a token, refused: another nonce', present(await shownToken({nonce: 'another'}), {challenge, domain}), 400, 'challenge-wrong');
await expect('their presentation, a token, refused: another aud', present(await shownToken({aud: 'another.example'}), {challenge, domain}), 400, 'domain-wrong');
process.exitCode = wrong ? 1 : 0;
