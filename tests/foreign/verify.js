// Verifies a folder of exports with Digital Bazaar's libraries and `jose`. `node verify.js FOLDER`; one line a file, JSON.
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import {checkStatus as readStatus} from '@digitalbazaar/vc-bitstring-status-list';
import * as jose from 'jose';
import {existsSync, readFileSync} from 'node:fs';

const folder = process.argv[2];
const text = name => readFileSync(`${folder}/${name}`, 'utf8');
const controller = JSON.parse(text('did.json'));

// The contexts that the registry has compiled in; nothing is fetched but its own lists, which the script has fetched already.
const below = new URL('../../registry/proof/contexts/', import.meta.url);
const source = readFileSync(new URL('../../registry/proof/src/context.rs', import.meta.url), 'utf8');
const known = new Map();
for(const [, address, file] of source.matchAll(/"(https:[^"]+)" => "([^"]+)"/g)) {
  known.set(address, JSON.parse(readFileSync(new URL(file, below), 'utf8')));
}
const multikeyContext = 'https://w3id.org/security/multikey/v1';
for(const method of controller.verificationMethod) {
  if(method.type === 'Multikey') {
    known.set(method.id, {'@context': multikeyContext, ...method});
  }
}
known.set(controller.id, controller);
const lists = JSON.parse(text('lists.json'));
for(const [address, file] of Object.entries(lists)) {
  known.set(address, JSON.parse(text(file)));
}

async function documentLoader(url) {
  if(url.startsWith('did:key:') && !known.has(url)) {
    const [did, fragment = did.slice('did:key:'.length)] = url.split('#');
    const key = {'@context': multikeyContext, id: `${did}#${fragment}`, type: 'Multikey', controller: did, publicKeyMultibase: fragment};
    known.set(`${did}#${fragment}`, key);
    known.set(did, {
      '@context': ['https://www.w3.org/ns/did/v1', multikeyContext], id: did,
      verificationMethod: [key], assertionMethod: [key.id]
    });
  }
  if(!known.has(url)) {
    throw new Error(`not known: ${url}`);
  }
  return {contextUrl: null, documentUrl: url, document: known.get(url)};
}

async function verify(credential, {status = true} = {}) {
  const suite = new DataIntegrityProof({cryptosuite});
  const statusOf = ({credential}) => readStatus({
    credential, documentLoader, suite, verifyBitstringStatusListCredential: true
  });
  const result = await vc.verifyCredential({
    credential, suite, documentLoader, ...(status && credential.credentialStatus ? {checkStatus: statusOf} : {})
  });
  const bits = result.statusResult?.results?.map(one => one.status) ?? [];
  return {
    verified: result.verified && !bits.some(bit => bit === true),
    why: result.error ? [result.error, ...(result.error.errors ?? [])].map(one => one.message).join('; ') : bits.join()
  };
}

async function verifyToken(token) {
  const {kid} = jose.decodeProtectedHeader(token);
  const method = controller.verificationMethod.find(one => one.id === kid);
  let jwk = method?.publicKeyJwk;
  if(!jwk) {
    const key = await Ed25519Multikey.from({type: 'Multikey', publicKeyMultibase: kid.split('#')[1]});
    jwk = await Ed25519Multikey.toJwk({keyPair: key});
  }
  const {payload} = await jose.jwtVerify(token, await jose.importJWK(jwk, 'EdDSA'), {algorithms: ['EdDSA']});
  const id = one => one?.id ?? one;
  for(const [claim, stated] of [['iss', id(payload.issuer)], ['sub', id(payload.credentialSubject)], ['jti', payload.id]]) {
    if(payload[claim] !== undefined && payload[claim] !== stated) {
      throw new Error(`${claim} is ${payload[claim]} and not ${stated}`);
    }
  }
  if(payload.vc !== undefined || payload.nbf !== Date.parse(payload.validFrom) / 1000) {
    throw new Error('no claim vc, and nbf as validFrom');
  }
  return {verified: true, why: ''};
}

for(const name of JSON.parse(text('files.json'))) {
  if(!existsSync(`${folder}/${name}`)) {
    continue;
  }
  let found;
  try {
    found = name.endsWith('.jwt') ? await verifyToken(text(name).trim()) : await verify(JSON.parse(text(name)));
    const held = name.endsWith('.json') && JSON.parse(text(name)).credentialSubject.verifiableCredential;
    for(const inner of held || []) {
      const within = await verify(inner);
      found = {verified: found.verified && within.verified, why: `${found.why} ${within.why}`};
    }
  } catch(error) {
    found = {verified: false, why: error.message};
  }
  console.log(JSON.stringify({by: name.endsWith('.jwt') ? 'jose' : '@digitalbazaar/vc', file: name, ...found}));
}
