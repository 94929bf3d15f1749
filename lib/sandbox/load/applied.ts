/** What Terraform applied to a backing server, read over IAM's own API. */

import type { PolicyDocument } from '@leasehold/policy';
import { many, parseArn } from '@leasehold/policy';
import type { Account } from '../account/model';
import { SandboxError } from '../errors';
import { type Backing, unsignedFor } from '../forward';
import type { XmlElement } from '../wire/read-xml';
import { AccountBuilder } from './account-builder';
import { child, children, readAnswer, textOf } from './query-answer';

/**
 * The account as the backing server has it.
 * @throws {SandboxError} when it cannot be read, whole and without doubt.
 */
export async function appliedAccount(backing: Backing, id: string): Promise<Account> {
  const iam = new IamReader(backing, id);
  const users = await iam.list('ListUsers', {}, 'Users');
  const roles = (await iam.list('ListRoles', {}, 'Roles')).filter(
    (role) => !textOf(role, 'Path').startsWith('/aws-service-role/'),
  );
  const policies = await iam.list('ListPolicies', { Scope: 'Local' }, 'Policies');
  const [anyone] = [...users, ...roles];
  const partition = (anyone && parseArn(textOf(anyone, 'Arn'))?.partition) ?? 'aws';
  const builder = new AccountBuilder(id, partition);
  for (const policy of policies) {
    const arn = textOf(policy, 'Arn');
    const version = await iam.call('GetPolicyVersion', {
      PolicyArn: arn,
      VersionId: textOf(policy, 'DefaultVersionId'),
    });
    const document = decoded(textOf(child(version, 'PolicyVersion'), 'Document'), arn);
    builder.policy({ name: textOf(policy, 'PolicyName'), path: textOf(policy, 'Path'), document });
  }
  for (const user of users) {
    const name = textOf(user, 'UserName');
    const whole = child(await iam.call('GetUser', { UserName: name }), 'User');
    if ((await iam.list('ListGroupsForUser', { UserName: name }, 'Groups')).length > 0) {
      throw new SandboxError(
        `${name} is in a group, and the sandbox does not know groups`,
        'Take the user out of the group: what it denies would be passed over.',
      );
    }
    builder.user(await iam.identity('User', name, whole));
  }
  for (const role of roles) {
    const name = textOf(role, 'RoleName');
    const whole = child(await iam.call('GetRole', { RoleName: name }), 'Role');
    const duration = Number(textOf(whole, 'MaxSessionDuration') || '3600');
    builder.role({
      ...(await iam.identity('Role', name, whole)),
      trust: decoded(textOf(whole, 'AssumeRolePolicyDocument'), name),
      maxSessionDuration: duration,
    });
  }
  return builder.build();
}

type Parameters = Readonly<Record<string, string>>;

/** Calls IAM on a server that verifies nothing. */
class IamReader {
  readonly #backing: Backing;
  readonly #account: string;

  constructor(backing: Backing, account: string) {
    this.#backing = backing;
    this.#account = account;
  }

  /** The result of a call. */
  async call(action: string, parameters: Parameters): Promise<XmlElement> {
    const body = Buffer.from(new URLSearchParams({ Action: action, Version: '2010-05-08', ...parameters }).toString());
    const { status, body: answer } = await this.#backing.send(
      'POST',
      '/',
      {
        host: 'iam.amazonaws.com',
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': String(body.length),
        'x-moto-account-id': this.#account,
        authorization: unsignedFor('AKIAIOSFODNN7EXAMPLE', 'us-east-1', 'iam'),
      },
      body,
    );
    if (status !== 200) {
      throw new SandboxError(`The backing server answered ${action} with ${status}`, 'Apply the stack to it first.');
    }
    return child(readAnswer(answer.toString('utf8')), `${action}Result`);
  }

  /** All members of a list, of every page. */
  async list(action: string, parameters: Parameters, name: string): Promise<readonly XmlElement[]> {
    const found: XmlElement[] = [];
    for (let marker: string | undefined = ''; marker !== undefined; ) {
      const page = await this.call(action, { ...parameters, ...(marker === '' ? {} : { Marker: marker }) });
      found.push(...children(child(page, name)));
      marker = textOf(page, 'IsTruncated') === 'true' ? textOf(page, 'Marker') : undefined;
    }
    return found;
  }

  /** What users and roles have in common. */
  async identity(kind: 'User' | 'Role', name: string, whole: XmlElement) {
    const who = { [`${kind}Name`]: name };
    const inline: Record<string, PolicyDocument> = {};
    for (const item of await this.list(`List${kind}Policies`, who, 'PolicyNames')) {
      const policy = await this.call(`Get${kind}Policy`, { ...who, PolicyName: item.text });
      inline[item.text] = decoded(textOf(policy, 'PolicyDocument'), `${item.text} of ${name}`);
    }
    const attached = await this.list(`ListAttached${kind}Policies`, who, 'AttachedPolicies');
    const boundary = textOf(child(whole, 'PermissionsBoundary'), 'PermissionsBoundaryArn');
    const tags = children(child(whole, 'Tags')).map((tag) => [textOf(tag, 'Key'), textOf(tag, 'Value')]);
    return {
      name,
      path: textOf(whole, 'Path') || '/',
      inline,
      attached: attached.map((policy) => textOf(policy, 'PolicyArn')),
      tags: Object.fromEntries(tags),
      ...(boundary === '' ? {} : { boundary }),
    };
  }
}

/** A document as IAM answers it: percent-encoded JSON. */
function decoded(text: string, what: string): PolicyDocument {
  try {
    const document: PolicyDocument = JSON.parse(decodeURIComponent(text));
    if (many(document.Statement).length === 0) throw new TypeError('no statement');
    return document;
  } catch (cause) {
    throw new SandboxError(`The policy of ${what} cannot be read from the backing server`, 'Apply the stack again.', {
      cause,
    });
  }
}
