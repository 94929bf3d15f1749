/**
 * Determines which claims of a token identify the token's owner, and how precisely. A value identifies nothing, the
 * owner, or one project, repository or account. Only text before the first wildcard counts, and only parts that are
 * complete there: `repo:acme*` does not identify an owner, because another owner's name may begin the same way.
 * Sources: https://docs.github.com/en/actions/reference/security/oidc,
 * https://docs.gitlab.com/ci/secrets/id_token_authentication/,
 * https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/aws-configuration,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
 */
import { isPattern, type Written } from './conditions';

/** How precisely the value of a claim identifies the owner of a token. */
export type Fixed = 'nothing' | 'owner' | 'one';

/**
 * How precisely a claim's value identifies the owner of a token; `undefined` for claims that do not identify an owner.
 */
export function fixedBy(claim: string, written: Written): Fixed | undefined {
  const read = CLAIMS[claim];
  if (read === undefined || written.family === 'Null') return undefined;
  const { value } = written;
  if (value.includes('${')) return 'nothing';
  const level = typeof read === 'string' ? (text: Part) => (text.ended ? read : 'nothing') : read;
  if (isPattern(written)) return level({ text: value.slice(0, value.search(/[*?]/)), ended: false });
  // No issuer writes a star into a claim, so a literal star matches no token.
  return /[*?]/.test(value) ? 'one' : level({ text: value, ended: true });
}

/** The text before the first wildcard, and whether the value ends there without one. */
interface Part {
  readonly text: string;
  readonly ended: boolean;
}

type Read = (part: Part) => Fixed;

/** Claims that identify the owner. An entry without a function is for claims that have no parts. */
const CLAIMS: Readonly<Record<string, Fixed | Read>> = {
  sub: readSubject,
  repository: ownerAndName,
  project_path: ownerAndName,
  // The author of a workflow may differ from the party that runs it: any repository may call a workflow that it can
  // read.
  job_workflow_ref: (part) => (ownerAndName(part) === 'nothing' ? 'nothing' : 'owner'),
  repository_id: 'one',
  project_id: 'one',
  repository_owner: 'owner',
  repository_owner_id: 'owner',
  organization: 'owner',
  organization_id: 'owner',
  enterprise: 'owner',
  enterprise_id: 'owner',
  namespace_path: 'owner',
  namespace_id: 'owner',
  user_id: 'one',
  id: 'one',
};

/** Labels inside subjects. The value states what the part after each label identifies. */
const LABELS: Readonly<Record<string, Fixed | Read>> = {
  ...CLAIMS,
  sub: 'nothing',
  id: 'nothing',
  repo: ownerAndName,
  org: 'owner',
  owner: 'owner',
  account: 'owner',
  team: 'owner',
  space: 'owner',
  project: 'one',
  pipeline: 'one',
  workspace: 'one',
};

/**
 * Labels whose parts exist for every owner. A part after such a label identifies one thing only together with an
 * identified owner.
 */
const OF_AN_OWNER: ReadonlySet<string> = new Set(['project', 'pipeline', 'workspace']);

/** For `acme/app`. The name counts only if a separator follows it, because groups may contain groups. */
function ownerAndName({ text, ended }: Part): Fixed {
  const parts = text.split('/');
  const complete = (ended ? parts : parts.slice(0, -1)).filter((part) => part !== '');
  if (complete.length === 0) return 'nothing';
  return ended && complete.length >= 2 ? 'one' : 'owner';
}

function readSubject(part: Part): Fixed {
  const { text, ended } = part;
  if (text.startsWith('system:serviceaccount:')) return ofServiceAccount(part);
  if (/^\{[0-9a-f-]{36}\}/i.test(text)) return 'one';
  const labels = labelled(/^(org|project|user)\//.test(text) ? { text: text.replaceAll('/', ':'), ended } : part);
  const known = labels.filter(([label]) => LABELS[label] !== undefined);
  if (known.length === 0) return ofParts(part);
  let best: Fixed = 'nothing';
  for (const [label, value] of known) {
    const read = LABELS[label] ?? 'nothing';
    if (typeof read !== 'string') best = better(best, read(value));
    // A project is unique only together with an identified owner.
    else if (value.ended && value.text !== '')
      best = better(best, OF_AN_OWNER.has(label) && best === 'nothing' ? 'owner' : read);
  }
  return best;
}

/** A Kubernetes service account. Each cluster has its own issuer. A namespace counts as the owner. */
function ofServiceAccount({ text, ended }: Part): Fixed {
  const [namespace = '', account] = text.slice('system:serviceaccount:'.length).split(':', 2);
  if (namespace === '' || (account === undefined && !ended)) return 'nothing';
  return ended ? 'one' : 'owner';
}

/**
 * GitHub claims that can have the same value for every owner. They identify nothing if a customized subject begins with
 * them.
 */
const EVERYBODYS =
  /^(workflow|environment|ref|ref_type|actor|actor_id|event_name|context|runner_environment|base_ref|head_ref):/;

/**
 * A subject of any other form. A complete value identifies one thing. With a wildcard, two complete parts identify one
 * thing, and one complete part its owner.
 */
function ofParts({ text, ended }: Part): Fixed {
  if (EVERYBODYS.test(text)) return 'nothing';
  if (ended) return 'one';
  const complete = text
    .replace(/^[a-z]+:\/\//, '')
    .split(/[:/|@]/)
    .slice(0, -1)
    .filter((part) => part !== '');
  return complete.length >= 2 ? 'one' : complete.length === 1 ? 'owner' : 'nothing';
}

/** The parts of `label:part:label:part…`, each part with the label before it. */
function labelled({ text, ended }: Part): readonly (readonly [string, Part])[] {
  const parts = text.split(':');
  return parts.flatMap((value, index) => {
    const label = parts[index - 1];
    const part = { text: value, ended: ended || index < parts.length - 1 };
    return label === undefined ? [] : [[label, part] as const];
  });
}

const ORDER: readonly Fixed[] = ['nothing', 'owner', 'one'];

function better(one: Fixed, other: Fixed): Fixed {
  return ORDER.indexOf(one) >= ORDER.indexOf(other) ? one : other;
}
