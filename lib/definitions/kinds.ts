/** Sorts documents by what they say they are. */

import { type Complaints, didYouMean, listed, shown } from './complaints';
import { nearest } from './nearest';
import type { RawDocument } from './parse';
import { BROKEN } from './plain';
import { at } from './schema-complaints';

/** The documents of each kind, in the order of the files. */
export interface ByKind {
  readonly projects: readonly RawDocument[];
  readonly roles: readonly RawDocument[];
  /** Whether the kind of every document is known. */
  readonly complete: boolean;
}

const KINDS = ['Project', 'Role'];

/** Sorts the documents, with a complaint for each that is of no known kind. */
export function byKind(documents: readonly RawDocument[], complaints: Complaints): ByKind {
  const projects: RawDocument[] = [];
  const roles: RawDocument[] = [];
  let complete = true;
  for (const document of documents) {
    const kind = at(document.value, ['kind']);
    if (kind === 'Project') projects.push(document);
    else if (kind === 'Role') roles.push(document);
    else {
      complete = false;
      if (document.value !== BROKEN && kind !== BROKEN) complainOfKind(document, kind, complaints);
    }
  }
  return { projects, roles, complete };
}

function complainOfKind({ value, places }: RawDocument, kind: unknown, complaints: Complaints): void {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    complaints.add(places.value([]), {
      id: 'wrong-type',
      message: 'This document is not a mapping.',
      expected: 'a mapping that begins with `kind: Project` or `kind: Role`',
      mend: 'Write lines of `key: value`, or move the file out of the folder if it is something else.',
    });
    return;
  }
  if (kind === undefined) {
    const keys = Object.keys(value);
    const misspelt = nearest('kind', keys);
    complaints.add(places.key(misspelt === undefined ? keys.slice(0, 1) : [misspelt]), {
      id: 'missing-kind',
      message: 'This document does not say what it is: the key `kind` is missing.',
      expected: '`kind: Project` or `kind: Role`',
      mend:
        misspelt === undefined ? `Begin it with \`kind: ${likeliest(keys)}\`.` : `Write \`kind\` for \`${misspelt}\`.`,
    });
    return;
  }
  const meant = typeof kind === 'string' ? nearest(kind, KINDS) : undefined;
  complaints.add(places.value(['kind']), {
    id: 'unknown-kind',
    message: `There is no kind ${shown(kind)}${didYouMean(meant)}`,
    expected: `one of ${listed(KINDS)}`,
    mend: meant === undefined ? 'Write one of them.' : `Write \`kind: ${meant}\`.`,
  });
}

function likeliest(keys: readonly string[]): string {
  const ofProject = ['environments', 'agents', 'approvers', 'backend', 'alerts'];
  const ofRole = ['allow', 'purpose', 'gate', 'access', 'lease', 'parameters'];
  const count = (known: readonly string[]) => keys.filter((key) => known.includes(key)).length;
  return count(ofProject) > count(ofRole) ? 'Project' : 'Role';
}
