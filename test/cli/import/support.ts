/** Imports a policy in memory, and says what came of it in few words. */

import { loadDefinitions } from '@leasehold/definitions';
import { checkDefinitions } from '@leasehold/guardrails';
import type { PolicyDocument } from '@leasehold/policy';
import { type Imported, type ImportOptions, importPolicies } from '../../../lib/cli/import/import';
import type { DraftRole, ImportSource } from '../../../lib/cli/import/model';
import { standIn } from '../../../lib/cli/import/stand-in';

export const HOME = { account: '111122223333', region: 'us-east-1', partition: 'aws' };
export const TODAY = '2026-11-22';

export function policyOf(...statements: readonly object[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements as PolicyDocument['Statement'] };
}

export function importOf(source: Partial<ImportSource>, options: Partial<ImportOptions> = {}): Promise<Imported> {
  return importPolicies([{ name: 'deploy', documents: [], ...source }], {
    home: HOME,
    today: TODAY,
    split: false,
    gate: 'mfa',
    taken: () => false,
    ...options,
  });
}

/** `write: s3:PutObject on arn…`, statement by statement. */
export function inWords({ access, allow, deny }: DraftRole): string {
  const never = deny.length === 0 ? '' : `; never ${statementsInWords(deny)}`;
  return `${access}: ${statementsInWords(allow)}${never}`;
}

function statementsInWords(all: DraftRole['allow']): string {
  const statements = all.map(({ actions, resources, conditions }) => {
    const keys = Object.entries(conditions).flatMap(([operator, block]) =>
      Object.keys(block).map((key) => `${operator} ${key}`),
    );
    const limits = keys.length === 0 ? '' : ` if ${keys.join(', ')}`;
    return `${actions.join(' ')} on ${resources.join(' ')}${limits}`;
  });
  return statements.join('; ');
}

/** What `validate` says of an import, in a project that names its variables; texts that begin with TODO aside. */
export async function complaintsOf({ yaml, roles }: Imported): Promise<readonly string[]> {
  if (yaml === '') return [];
  const loaded = loadDefinitions([], {
    texts: [
      { name: 'project.yaml', text: standIn(roles, { home: HOME, gate: 'mfa' }) },
      { name: 'roles.yaml', text: yaml },
    ],
  });
  const checked = loaded.definitions && (await checkDefinitions(loaded.definitions, { today: TODAY }));
  return [...loaded.findings, ...(checked?.findings ?? [])]
    .filter(({ id, severity }) => severity === 'error' && id !== 'no-placeholder')
    .map(({ id, message }) => `${id}: ${message}`);
}
