/** Loads the accounts of a sandbox from the chosen source. */

import type { Definitions } from '@leasehold/definitions';
import { loadDefinitions, renderFindings } from '@leasehold/definitions';
import { stackName } from '@leasehold/documents';
import { checkDefinitions } from '@leasehold/guardrails';
import type { Account } from '../account/model';
import { SandboxError } from '../errors';
import type { Backing } from '../forward';
import type { SandboxOptions } from '../options';
import { appliedAccount } from './applied';
import { accountsOf } from './definitions';
import { accountOfStack } from './stack';

/** The accounts and defaults of a new sandbox. */
export interface LoadedAccounts {
  readonly accounts: readonly Account[];
  /** Account id of the chosen environment, with twelve digits. */
  readonly account: string;
  /** Its region. */
  readonly region: string;
  /** Prefix of the names in the chosen environment, for example `hermes-dev-`; empty if any name is accepted. */
  readonly prefix: string;
}

/** Reads the accounts from the source in the options. Throws `SandboxError` if the source cannot be read. */
export async function load(options: SandboxOptions, backing: Backing | undefined): Promise<LoadedAccounts> {
  const source = options.source ?? { paths: 'roles' };
  if ('definitions' in source) return fromDefinitions(source.definitions, options);
  if ('paths' in source) return fromDefinitions(await readDefinitions(source.paths, source.guardrails), options);
  if ('stacks' in source) return fromStacks(source.stacks);
  if (!backing) {
    throw new SandboxError(
      'There is no backing server to read from',
      'Pass the address of the moto server as `backing`.',
    );
  }
  const { account, region } = source.applied;
  const applied = await appliedAccount(backing, account);
  if (applied.users.size + applied.roles.size === 0) {
    throw new SandboxError(
      `The backing server has neither users nor roles in account ${account}`,
      'First apply the stack to this account of the backing server.',
    );
  }
  return { accounts: [applied], account, region, prefix: '' };
}

async function readDefinitions(
  paths: string | readonly string[],
  guardrails: 'run' | 'skip' = 'run',
): Promise<Definitions> {
  const { definitions, findings } = loadDefinitions(paths);
  const today = new Date().toISOString().slice(0, 10);
  const checked = guardrails === 'run' && definitions ? (await checkDefinitions(definitions, { today })).findings : [];
  const errors = [...findings, ...checked].filter(({ severity }) => severity === 'error');
  if (definitions && errors.length === 0) return definitions;
  throw new SandboxError(
    `The definitions have errors:\n${renderFindings(errors, { color: false })}`,
    'Fix them; `leasehold validate` shows them too.',
  );
}

function fromDefinitions(definitions: Definitions, { environment: wanted }: SandboxOptions): LoadedAccounts {
  const { environments } = definitions;
  const chosen = wanted === undefined ? environments[0] : environments.find(({ name }) => name === wanted);
  if (!chosen) {
    const names = environments.map(({ name }) => name).join(', ');
    throw new SandboxError(`There is no environment ${wanted}`, `Use one of: ${names}.`);
  }
  const { account, region } = chosen;
  return { accounts: accountsOf(definitions), account, region, prefix: `${stackName(chosen)}-` };
}

function fromStacks(files: readonly string[]): LoadedAccounts {
  const loaded = files.map(accountOfStack);
  const ids = new Set(loaded.map(({ account }) => account.id));
  if (ids.size < loaded.length) {
    throw new SandboxError('Two stacks deploy to the same account', 'Load these stacks from their YAML.');
  }
  const [first] = loaded;
  if (!first) throw new SandboxError('No stack is given', "Pass the path of a stack's cdk.tf.json.");
  const { account, region, prefix } = first;
  return { accounts: loaded.map((each) => each.account), account: account.id, region, prefix };
}
