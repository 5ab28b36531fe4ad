// How many Open Badges Digital Bazaar's libraries issue and verify in a second, on the document of
// `cargo run --release -p credential --example rates -- 5 FILE`. `node rates.js FILE [SECONDS]`
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import {readFileSync} from 'node:fs';

const [file, seconds = '5'] = process.argv.slice(2);
const document = JSON.parse(readFileSync(file, 'utf8'));
const below = new URL('../../registry/proof/contexts/', import.meta.url);
const source = readFileSync(new URL('../../registry/proof/src/context.rs', import.meta.url), 'utf8');
const known = new Map();
for(const [, address, name] of source.matchAll(/"(https:[^"]+)" => "([^"]+)"/g)) {
  known.set(address, JSON.parse(readFileSync(new URL(name, below), 'utf8')));
}
const key = await Ed25519Multikey.generate({seed: new Uint8Array(32).fill(7)});
const did = `did:key:${key.publicKeyMultibase}`;
Object.assign(key, {controller: did, id: `${did}#${key.publicKeyMultibase}`});
const context = 'https://w3id.org/security/multikey/v1';
known.set(key.id, {'@context': context, id: key.id, type: 'Multikey', controller: did, publicKeyMultibase: key.publicKeyMultibase});
known.set(did, {'@context': ['https://www.w3.org/ns/did/v1', context], id: did, verificationMethod: [known.get(key.id)], assertionMethod: [key.id]});
const documentLoader = async url => ({contextUrl: null, documentUrl: url, document: known.get(url)});

const {proof, ...unsigned} = document;
async function issue() {
  const suite = new DataIntegrityProof({signer: key.signer(), date: proof.created, cryptosuite});
  return vc.issue({credential: structuredClone(unsigned), suite, documentLoader});
}
async function verify() {
  const result = await vc.verifyCredential({credential: structuredClone(document), suite: new DataIntegrityProof({cryptosuite}), documentLoader});
  if(!result.verified) {
    throw result.error;
  }
}
async function rate(work, time) {
  const begun = performance.now();
  let times = 0;
  while(performance.now() - begun < time) {
    await work();
    times++;
  }
  return times / (performance.now() - begun) * 1000;
}
if((await issue()).proof.proofValue !== proof.proofValue) {
  throw new Error('another signature of the same document');
}
const time = Number(seconds) * 1000;
await rate(verify, time / 5);
const [issued, verified] = [await rate(issue, time), await rate(verify, time)];
console.log(JSON.stringify({by: '@digitalbazaar/vc', issued_a_second: Math.round(issued), verified_a_second: Math.round(verified)}));
