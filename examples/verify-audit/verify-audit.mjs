// Verifies an exported audit with nothing but Node's own crypto: node verify-audit.mjs lease.json ROOT
// ROOT is the thumbprint of the first administrator's passkey, as you noted it when it was enrolled.
import { createHash, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';

const [file, root] = process.argv.slice(2);
const { leases, people } = JSON.parse(readFileSync(file, 'utf8'));
const sha256 = (data) => createHash('sha256').update(data).digest();
const bytes = (text) => Buffer.from(text, 'base64url');
const demand = (holds, what) => {
  if (!holds) throw new Error(`NOT VALID: ${what}`);
};

// RFC 8785. Texts of a statement are in normal form C; texts of events are as they were stored.
function canonical(value, text = (each) => each) {
  if (typeof value === 'string') return JSON.stringify(text(value));
  if (Array.isArray(value)) return `[${value.map((each) => canonical(each, text))}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const names = Object.keys(value).filter((name) => value[name] !== undefined);
  return `{${names.sort().map((name) => `${JSON.stringify(text(name))}:${canonical(value[name], text)}`)}}`;
}
const hash = (value) => sha256(canonical(value)).toString('hex');
// https://www.w3.org/TR/webauthn-3/#sctn-verifying-assertion
function isSigned({ clientData, authenticatorData, signature, nonce }, { publicKey, relyingParty }, statement) {
  const [told, data] = [JSON.parse(bytes(clientData)), bytes(authenticatorData)];
  const text = canonical(statement, (each) => each.normalize('NFC'));
  const challenge = Buffer.concat([bytes(nonce), sha256(text)]).toString('base64url');
  const asked = bytes(nonce).length === 32 && told.type === 'webauthn.get' && told.challenge === challenge;
  const here = told.origin === relyingParty.origin && !told.crossOrigin && told.topOrigin === undefined;
  const present = data.subarray(0, 32).equals(sha256(relyingParty.id)) && (data[32] & 0b101) === 0b101;
  const signed = Buffer.concat([data, sha256(bytes(clientData))]);
  return asked && here && present && verify('sha256', signed, { key: publicKey, format: 'jwk' }, bytes(signature));
}

// Every event is numbered, belongs to its record, and contains the hash of the one before. Every nonce is new.
function demandChain(record, events) {
  events.forEach(({ lease, sequence, previous }, index) => {
    const follows = previous === (index === 0 ? '' : hash(events[index - 1]));
    demand(lease === record && sequence === index + 1 && follows, `${record}, event ${index + 1}: the chain`);
  });
  const nonces = events.flatMap(({ body }) => body.assertion?.nonce ?? []);
  demand(new Set(nonces).size === nonces.length, `${record}: a nonce twice`);
}

// Keys by owner and credential id: an authenticator chooses the id, so another person's key can have the same.
const [keys, verified] = [new Map(), []];
const nameOf = (person, id) => `${id} ${person}`;
const keyAt = (name, at) => [keys.get(name)].find((key) => key && at >= key.from && !(at > key.until));

// Whether a change of a person's passkeys is authorized by what is verified so far.
function accept(record, environment) {
  const { at, previous, body } = record.events[record.next];
  const { type, by = record.person, assertion, ...scope } = body;
  const { key, code } = scope;
  if (type !== 'code-refused' && !(type === 'code-issued' && assertion === undefined)) {
    const issued = code !== undefined && record.code?.code === code && at < record.code.until ? record.code : undefined;
    const first = type === 'key-registered' && code !== undefined;
    if (first && !issued?.assertion && hash(key.publicKey) !== root) return false;
    const own = nameOf(record.person, key?.id ?? key);
    const signer = first ? issued && { ...issued, key } : keyAt(nameOf(by, assertion.credential), at);
    const isPermitted = signer?.administrator || (by === record.person && type !== 'code-issued');
    if (signer?.key.id !== assertion.credential || !isPermitted) return false;
    const about = { decision: type, person: record.person, scope, approver: by, environment, previous };
    if (!isSigned(assertion, signer.key, { profile: 'leasehold.keys/1', ...about })) return false;
    if (type === 'key-removed') keys.get(own).until = at;
    if (type === 'key-registered') keys.set(own, { ...signer, key, from: at, until: undefined });
  }
  if (type !== 'code-refused') record.code = type === 'code-issued' ? body : undefined;
  record.next += 1;
  return true;
}

demand(new Set(people.map(({ person }) => person)).size === people.length, 'a person has two records of keys');
for (const { lease, events } of leases) {
  demandChain(lease, events);
  let [proposed, until] = [];
  for (const { sequence, at, body } of events) {
    if (body.type === 'proposed') proposed = body;
    until = { proposed, issued: body, failed: proposed }[body.type]?.until ?? until;
    const decision = { approved: 'approve', denied: 'deny', revoked: 'revoke' }[body.type];
    if (decision === undefined || (decision === 'deny' && body.by === 'broker')) continue;
    const { project, environment: name, account, role, parameters, seconds } = proposed.grant;
    const environment = `${project}/${name}/${account}`;
    const approver = body.by.name ?? body.by.replace(/^[a-z]+ /, '');
    keys.clear();
    const records = people.map((each) => ({ ...each, next: 0 }));
    for (const each of records) demandChain(`keys#${each.person}`, each.events);
    while (records.some((each) => each.next < each.events.length && accept(each, environment)));
    const key = body.assertion && keyAt(nameOf(approver, body.assertion.credential), at);
    const scope = { role, parameters, seconds, because: body.because };
    const [profile, grantHash] = ['leasehold.consent/1', hash(proposed.grant)];
    const statement = { profile, decision, lease, grantHash, scope, approver, environment, until };
    const where = `${lease}, event ${sequence}: ${decision}`;
    demand((body.hash ?? grantHash) === grantHash && key && isSigned(body.assertion, key.key, statement), where);
    verified.push(`${where}, signed by ${approver} with the key ${hash(key.key.publicKey)}\n`);
  }
}
demand(verified.length > 0, 'no person decided anything');
process.stdout.write(verified.join(''));
