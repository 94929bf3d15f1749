/**
 * Converts a synthesized stack (`cdktf.out/stacks/<name>/cdk.tf.json`) into its account. All strings in the stack
 * must be literals. An expression is an error, because only Terraform can compute its value.
 */
import { readFileSync } from 'node:fs';
import type { PolicyDocument } from '@leasehold/policy';
import type { Account } from '../account/model';
import { SandboxError } from '../errors';
import { AccountBuilder } from './account-builder';

/** The account that a stack would create. */
export interface StackAccount {
  readonly account: Account;
  readonly region: string;
  /**
   * Prefix of the names of the stack's users and roles, for example `hermes-dev-`; empty if the stack's manifest does
   * not contain the stack's name.
   */
  readonly prefix: string;
}

/**
 * The account that a stack would create.
 * @param file path of `cdk.tf.json`.
 * @throws {SandboxError} for a file that is not a Leasehold stack.
 */
export function accountOfStack(file: string): StackAccount {
  const stack = readStack(file);
  const provider = record(list(record(stack.provider).aws)[0]);
  const region = text(provider.region);
  const id = text(list(provider.allowed_account_ids)[0]);
  const partition = partitionOf(stack);
  const builder = new AccountBuilder(id, partition);
  const resources = (type: string) => Object.values(record(record(stack.resource)[type])).map(record);

  for (const policy of resources('aws_iam_policy')) {
    builder.policy({ name: text(policy.name), path: text(policy.path ?? '/'), document: document(policy.policy) });
  }
  const inline = group(
    resources('aws_iam_role_policy'),
    'role',
    ({ name, policy }) => [text(name), document(policy)] as const,
  );
  const ofRole = group(resources('aws_iam_role_policy_attachment'), 'role', (item) => text(item.policy_arn));
  const ofUser = group(resources('aws_iam_user_policy_attachment'), 'user', (item) => text(item.policy_arn));
  const inlineOfUser = group(
    resources('aws_iam_user_policy'),
    'user',
    ({ name, policy }) => [text(name), document(policy)] as const,
  );
  for (const user of resources('aws_iam_user')) {
    const name = text(user.name);
    builder.user({
      ...identity(user),
      inline: Object.fromEntries(inlineOfUser.get(name) ?? []),
      attached: ofUser.get(name) ?? [],
    });
  }
  for (const role of resources('aws_iam_role')) {
    const name = text(role.name);
    builder.role({
      ...identity(role),
      trust: document(role.assume_role_policy),
      ...(typeof role.max_session_duration === 'number' ? { maxSessionDuration: role.max_session_duration } : {}),
      ...(role.description === undefined ? {} : { description: text(role.description) }),
      inline: Object.fromEntries(inline.get(name) ?? []),
      attached: ofRole.get(name) ?? [],
    });
  }
  return { account: builder.build(), region, prefix: prefixOf(stack) };
}

type Values = Readonly<Record<string, unknown>>;

function readStack(file: string): Values {
  try {
    return record(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    if (cause instanceof SandboxError) throw cause;
    throw new SandboxError(
      `${file} cannot be read as a stack`,
      'Run `leasehold synth`, and pass the path of its cdk.tf.json.',
      {
        cause,
      },
    );
  }
}

function identity(values: Values) {
  const { name, path = '/', permissions_boundary: boundary, tags } = values;
  return {
    name: text(name),
    path: text(path),
    ...(boundary === undefined ? {} : { boundary: text(boundary) }),
    ...(tags === undefined
      ? {}
      : { tags: Object.fromEntries(Object.entries(record(tags)).map(([key, value]) => [text(key), text(value)])) }),
  };
}

function group<T>(items: readonly Values[], by: string, read: (item: Values) => T): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = text(item[by]);
    groups.set(name, [...(groups.get(name) ?? []), read(item)]);
  }
  return groups;
}

function document(value: unknown): PolicyDocument {
  try {
    return JSON.parse(text(value));
  } catch (cause) {
    if (cause instanceof SandboxError) throw cause;
    throw new SandboxError('A policy in the stack is not JSON', 'Synthesize the stack again.', { cause });
  }
}

/** Unescapes a literal in the same way as Terraform: `$${` and `%%{` become `${` and `%{`. */
function text(value: unknown): string {
  if (typeof value !== 'string') {
    throw new SandboxError(
      `The stack has ${JSON.stringify(value)} where a text was expected`,
      'Synthesize the stack with this version of Leasehold.',
    );
  }
  if (/(?<![$])\$\{|(?<!%)%\{/.test(value)) {
    throw new SandboxError(
      `The stack has an expression, ${JSON.stringify(value)}, whose value only Terraform knows`,
      'Apply the stack to a moto server, and start the sandbox with --backing.',
    );
  }
  return value.replaceAll('$${', () => '${').replaceAll('%%{', '%{');
}

function record(value: unknown): Values {
  if (value === undefined) return {};
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Values;
  throw new SandboxError('The stack is not in the form that cdktf writes', 'Synthesize it again.');
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Partition of the ARNs in the stack's manifest. */
function partitionOf(stack: Values): string {
  const { partition } = manifestOf(stack);
  return typeof partition === 'string' ? partition : 'aws';
}

/** Prefix of the names of the stack's roles. */
function prefixOf(stack: Values): string {
  const { stack: name } = manifestOf(stack);
  return typeof name === 'string' ? `${name}-` : '';
}

function manifestOf(stack: Values): Values {
  return record(record(record(stack.output).leasehold).value);
}
