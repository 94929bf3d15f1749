/** Groups documents by their `kind`. */

import { shellOperand } from '@leasehold/contract/text';
import { type Complaints, didYouMean, listed, shown } from './complaints';
import { nearest } from './nearest';
import type { RawDocument } from './parse';
import { BROKEN } from './plain';
import { at } from './schema-complaints';

/** The documents of each kind, in the order of the files. */
export interface ByKind {
  readonly projects: readonly RawDocument[];
  readonly roles: readonly RawDocument[];
  readonly brokers: readonly RawDocument[];
  readonly principals: readonly RawDocument[];
  /** Whether every document has a known kind. */
  readonly complete: boolean;
}

const KINDS = ['Project', 'Role', 'Broker', 'Principal'] as const;
type Kind = (typeof KINDS)[number];

const EXPECTED = listed(KINDS.map((kind) => `kind: ${kind}`));

/** Groups the documents, and reports each document of an unknown kind. */
export function byKind(documents: readonly RawDocument[], complaints: Complaints): ByKind {
  const found: Readonly<Record<Kind, RawDocument[]>> = { Project: [], Role: [], Broker: [], Principal: [] };
  let complete = true;
  for (const document of documents) {
    const kind = at(document.value, ['kind']);
    const known = KINDS.find((one) => one === kind);
    if (known !== undefined) found[known].push(document);
    else {
      complete = false;
      if (document.value !== BROKEN && kind !== BROKEN) complainOfKind(document, kind, complaints);
    }
  }
  const { Project: projects, Role: roles, Broker: brokers, Principal: principals } = found;
  return { projects, roles, brokers, principals, complete };
}

function complainOfKind({ value, places }: RawDocument, kind: unknown, complaints: Complaints): void {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    complaints.add(places.value([]), {
      id: 'wrong-type',
      message: 'This document is not a mapping.',
      expected: `a mapping that begins with ${EXPECTED}`,
      hint: 'Write lines of `key: value`, or move the file out of the folder if it is something else.',
    });
    return;
  }
  const keys = Object.keys(value);
  if (kind === undefined && isPolicy(keys)) {
    const at = places.key(keys.slice(0, 1));
    complaints.add(at, {
      id: 'iam-policy',
      message: 'This document is an IAM policy, not a definition.',
      expected: EXPECTED,
      hint: `Run ${shown(`leasehold import ${shellOperand(at.file)}`)}, which writes roles that permit no more, and move this file out of the folder.`,
    });
    return;
  }
  if (kind === undefined) {
    const misspelt = nearest('kind', keys);
    complaints.add(places.key(misspelt === undefined ? keys.slice(0, 1) : [misspelt]), {
      id: 'missing-kind',
      message: 'The key `kind` is missing from this document.',
      expected: EXPECTED,
      hint:
        misspelt === undefined ? `Begin it with \`kind: ${likeliest(keys)}\`.` : `Write \`kind\` for \`${misspelt}\`.`,
    });
    return;
  }
  const meant = typeof kind === 'string' ? nearest(kind, KINDS) : undefined;
  complaints.add(places.value(['kind']), {
    id: 'unknown-kind',
    message: `There is no kind ${shown(kind)}${didYouMean(meant)}`,
    expected: `one of ${listed(KINDS)}`,
    hint: meant === undefined ? 'Write one of them.' : `Write \`kind: ${meant}\`.`,
  });
}

/**
 * Keys of an IAM policy, of a statement, and of the objects that the AWS CLI and CloudFormation put around a policy.
 */
const POLICY_KEYS: ReadonlySet<string> = new Set([
  'statement',
  'policydocument',
  'policyversion',
  'assumerolepolicydocument',
  'effect',
  'notaction',
  'notresource',
]);

/**
 * Whether the keys of a document are keys of an IAM policy. Upper and lower case are not distinguished, because people
 * retype policies.
 */
function isPolicy(keys: readonly string[]): boolean {
  return keys.some((key) => POLICY_KEYS.has(key.toLowerCase()));
}

/** Keys that indicate the kind of a document in which `kind` is missing. */
const TELLING: Readonly<Record<Kind, readonly string[]>> = {
  Project: ['environments', 'agents', 'approvers', 'backend', 'alerts'],
  Role: ['allow', 'purpose', 'gate', 'access', 'lease', 'parameters'],
  Broker: ['budgets', 'subjects', 'hours'],
  Principal: ['type', 'groups', 'administrator', 'user', 'policy'],
};

function likeliest(keys: readonly string[]): Kind {
  const count = (kind: Kind) => keys.filter((key) => TELLING[kind].includes(key)).length;
  return KINDS.reduce<Kind>((best, kind) => (count(kind) > count(best) ? kind : best), 'Role');
}
