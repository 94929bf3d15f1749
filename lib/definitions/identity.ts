/** Resolves an agent's identity for deployment. Every name must be literal, without wildcards. */

import { ASCII_TAG_CHARACTERS_IN_WORDS } from '@leasehold/contract/text';
import { type Complaint, shown } from './complaints';
import type { Identity, Partition } from './model';
import type { IdentityYaml } from './schema-project';

/**
 * Replaces the variables in `text`, which is the value of `key` in the identity. Undefined if the text has an error.
 */
export type Put = (key: string, text: string) => string | undefined;

/** The identity, or undefined if the identity has an error. */
export function resolveIdentity(
  yaml: IdentityYaml,
  partition: Partition,
  put: Put,
  complain: (key: string, complaint: Complaint) => void,
): Identity | undefined {
  const text = (key: string, written: string, format: Format): string | undefined => {
    const value = put(key, written);
    if (value === undefined || (format.of.test(value) && !/[*?]/.test(value))) return value;
    const wildcard = /[*?]/.exec(value);
    complain(key, {
      id: 'identity-format',
      message:
        wildcard === null
          ? `${shown(value)} is not ${format.what}.`
          : `${shown(value)} matches more than this one agent, by its wildcard \`${wildcard[0]}\`.`,
      expected: format.expected,
      hint: wildcard === null ? format.hint : 'Name exactly one identity.',
    });
    return undefined;
  };
  const arn = (key: string, written: string, format: Format): string | undefined => {
    const value = text(key, written, format);
    if (value === undefined || value.startsWith(`arn:${partition}:`)) return value;
    complain(key, {
      id: 'partition-mismatch',
      message: `${shown(value)} is not in the environment's partition.`,
      expected: `an ARN that begins with \`arn:${partition}:\``,
      hint: 'Write `arn:${env.partition}:…`, or the right ARN.',
    });
    return undefined;
  };

  switch (yaml.type) {
    case 'iam-user':
    case 'ec2':
    case 'ecs-task':
    case 'lambda':
      return { type: yaml.type };
    case 'eks-irsa':
      return whole({
        type: yaml.type,
        issuer: text('issuer', yaml.issuer, ISSUER),
        namespace: text('namespace', yaml.namespace, NAMESPACE),
        serviceAccount: text('serviceAccount', yaml.serviceAccount, SERVICE_ACCOUNT),
      });
    case 'eks-pod-identity':
      return whole({
        type: yaml.type,
        cluster: text('cluster', yaml.cluster, CLUSTER),
        namespace: text('namespace', yaml.namespace, NAMESPACE),
        serviceAccount: text('serviceAccount', yaml.serviceAccount, SERVICE_ACCOUNT),
      });
    case 'github-oidc': {
      const repository = text('repository', yaml.repository, REPOSITORY);
      return whole({
        type: yaml.type,
        repositories: repository === undefined ? undefined : spellings(repository),
        subject: text('subject', yaml.subject, SUBJECT),
      });
    }
    case 'roles-anywhere':
      return whole({
        type: yaml.type,
        trustAnchorArn: arn('trustAnchorArn', yaml.trustAnchorArn, TRUST_ANCHOR),
        commonName: text('commonName', yaml.commonName, COMMON_NAME),
      });
    case 'existing-role':
      return whole({ type: yaml.type, roleArn: arn('roleArn', yaml.roleArn, ROLE) });
  }
}

interface Format {
  readonly of: RegExp;
  /** The rest of the sentence "`x` is not …". */
  readonly what: string;
  readonly expected: string;
  readonly hint: string;
}

const ISSUER: Format = {
  of: /^[a-z0-9-]+(\.[a-z0-9-]+)+(\/[A-Za-z0-9._-]+)*$/,
  what: 'an OIDC issuer without its scheme',
  expected: 'for example `oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF`',
  hint: "Write the cluster's issuer without `https://` and without a slash at its end.",
};

// A DNS label and a DNS subdomain: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
const NAMESPACE: Format = {
  of: /^(?=.{1,63}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
  what: 'the name of a Kubernetes namespace',
  expected: 'lower-case letters, digits and hyphens, at most 63',
  hint: "Write the namespace's name.",
};
const SERVICE_ACCOUNT: Format = {
  of: /^(?=.{1,253}$)[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/,
  what: 'the name of a Kubernetes service account',
  expected: 'lower-case letters, digits, hyphens and dots, at most 253',
  hint: "Write the service account's name.",
};

// https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html
const CLUSTER: Format = {
  of: /^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/,
  what: 'the name of an EKS cluster',
  expected: 'letters, digits, `-` and `_`, at most 100',
  hint: "Write the cluster's name, not its ARN.",
};

const REPOSITORY: Format = {
  of: /^[A-Za-z0-9-]{1,39}(@[0-9]+\/[A-Za-z0-9._-]{1,100}@[0-9]+|\/[A-Za-z0-9._-]{1,100})$/,
  what: 'a GitHub repository',
  expected: '`org/repo`, or `org@123/repo@456` with the ids of both',
  hint: 'Write the organization and the repository with one slash between them. Write the ids of both, or omit both ids.',
};

// https://docs.github.com/en/actions/reference/security/oidc (example subject claims)
const SUBJECT: Format = {
  of: /^(ref:refs\/(heads|tags)\/[A-Za-z0-9._/@+-]+|environment:[A-Za-z0-9._/%+ -]+|pull_request)$/,
  what: "the end of a GitHub token's subject",
  expected: '`ref:refs/heads/…`, `ref:refs/tags/…`, `environment:…` or `pull_request`',
  hint: 'Name the branch, the tag or the environment, for example `ref:refs/heads/main`.',
};

const TRUST_ANCHOR: Format = {
  of: /^arn:aws[a-z-]*:rolesanywhere:[a-z0-9-]+:[0-9]{12}:trust-anchor\/[0-9a-f-]{36}$/,
  what: 'the ARN of a trust anchor',
  expected: '`arn:aws:rolesanywhere:<region>:<account>:trust-anchor/<id>`',
  hint: "Copy the trust anchor's ARN.",
};
const COMMON_NAME: Format = {
  of: /^[A-Za-z0-9._@:/+=-]([A-Za-z0-9 ._@:/+=-]{0,62}[A-Za-z0-9._@:/+=-])?$/,
  what: 'a common name that is valid as a session tag',
  expected: `1 to 64 ${ASCII_TAG_CHARACTERS_IN_WORDS}`,
  hint: "Write the certificate's CN.",
};

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
const ROLE: Format = {
  of: /^arn:aws[a-z-]*:iam::[0-9]{12}:role\/([!-)+->@-~]+\/)?[A-Za-z0-9+=,.@_-]{1,64}$/,
  what: 'the ARN of an IAM role',
  expected: '`arn:aws:iam::<account>:role/<path and name>`',
  hint: "Copy the role's ARN, not that of one of its sessions.",
};

/** `org@1/repo@2` is also matched as `org/repo`: tokens of repositories created before July 2026 contain no ids. */
function spellings(repository: string): readonly string[] {
  const plain = repository.replaceAll(/@[0-9]+/g, '');
  return plain === repository ? [repository] : [plain, repository];
}

type Loose<T> = { readonly [K in keyof T]: T[K] | undefined };

function whole<T extends Identity>(identity: Loose<T>): T | undefined {
  return Object.values(identity).includes(undefined) ? undefined : (identity as T);
}
