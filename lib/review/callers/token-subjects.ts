/**
 * Which claims of a token say whose it is, and how much of it a value fixes: nothing, the owner, or the one project,
 * repository or account. Only what comes before the first wildcard counts, and only parts that end before it: `repo:acme*`
 * fixes no owner, since another may be called so too.
 * Sources: https://docs.github.com/en/actions/reference/security/oidc,
 * https://docs.gitlab.com/ci/secrets/id_token_authentication/,
 * https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/aws-configuration,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
 */
import { isPattern, type Written } from './conditions';

/** How much of whose token it is a value fixes. */
export type Fixed = 'nothing' | 'owner' | 'one';

/** What a value of a claim fixes; `undefined` for claims that do not say whose token it is. */
export function fixedBy(claim: string, written: Written): Fixed | undefined {
  const read = CLAIMS[claim];
  if (read === undefined || written.family === 'Null') return undefined;
  const { value } = written;
  if (value.includes('${')) return 'nothing';
  const level = typeof read === 'string' ? (text: Part) => (text.ended ? read : 'nothing') : read;
  if (isPattern(written)) return level({ text: value.slice(0, value.search(/[*?]/)), ended: false });
  // No issuer writes a star into a claim: as a letter it is met by nobody.
  return /[*?]/.test(value) ? 'one' : level({ text: value, ended: true });
}

/** What comes before the first wildcard, and whether the value ends there without one. */
interface Part {
  readonly text: string;
  readonly ended: boolean;
}

type Read = (part: Part) => Fixed;

/** Claims that say whose token it is. A level for those that name one thing and have no parts. */
const CLAIMS: Readonly<Record<string, Fixed | Read>> = {
  sub: readSubject,
  repository: ownerAndName,
  project_path: ownerAndName,
  // Who wrote a workflow is not who runs it: any repository may call one that it can read.
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

/** Labels inside of subjects, with what the part behind them fixes. */
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

/** Labels whose parts every owner may have: they fix one thing only behind an owner that is fixed. */
const OF_AN_OWNER: ReadonlySet<string> = new Set(['project', 'pipeline', 'workspace']);

/** `acme/app`: the name counts once something ends it, since groups may have groups. */
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
    // A project is one only of an owner that is fixed.
    else if (value.ended && value.text !== '')
      best = better(best, OF_AN_OWNER.has(label) && best === 'nothing' ? 'owner' : read);
  }
  return best;
}

/** A service account of one cluster, whose issuer is its own: a namespace owns it. */
function ofServiceAccount({ text, ended }: Part): Fixed {
  const [namespace = '', account] = text.slice('system:serviceaccount:'.length).split(':', 2);
  if (namespace === '' || (account === undefined && !ended)) return 'nothing';
  return ended ? 'one' : 'owner';
}

/** Claims of GitHub that every owner may have with the same value, where a customised subject begins with them. */
const EVERYBODYS =
  /^(workflow|environment|ref|ref_type|actor|actor_id|event_name|context|runner_environment|base_ref|head_ref):/;

/** A subject of any other form. In full it is of one; cut short, two parts that end before fix one thing, one its owner. */
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

/** The parts of `label:part:label:part…`, each part under the label before it. */
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
