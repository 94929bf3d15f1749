/** Roles outside the stack that an agent could assume. */
import type { PolicyDocument } from '@leasehold/policy';
import type { LiveIdentity } from '../live/authorization';
import { callerOf, generously, grants, parsedDocument } from '../live/grants';
import type { Live } from '../live/live';
import { deployedIdentities } from '../roles/deployed-identities';
import type { AccountVerification, Damage } from '../verification';
import { hasAgents, observeAgents } from './agent-users';

const ASSUME = 'sts:AssumeRole';

export const agentReach: AccountVerification = {
  id: 'agent-reach',
  part: 'identity',
  severity: 'critical',
  title: 'No role outside the stack lets an agent assume it',
  why: 'A trust policy that names the agent grants access by itself. One that names the account grants it to everybody whose policies allow the call. All roles of the account are read; the policy engine decides with the policies that the agent has today.',
  applies: hasAgents,
  verify: (patient) =>
    observeAgents(patient, async ({ deployed, live }) => {
      const authorization = await patient.live.authorization();
      const ours = new Set(deployedIdentities(patient.environment).map(({ arn }) => arn));
      const strangers = [...authorization.roles.values()].filter(({ arn }) => !ours.has(arn));
      const powers = await powersOf(live, patient.live);
      return strangers
        .flatMap((role) => reach(live, powers, role))
        .map((damage) => ({ ...damage, place: deployed.arn }));
    }),
};

interface Powers {
  readonly identity: readonly PolicyDocument[];
  readonly boundary: PolicyDocument | undefined;
  /** Whether a policy cannot be read. */
  readonly unclear: boolean;
}

/** The policies that a user or role has today, including those of its groups. */
async function powersOf({ inline, attached, groups, boundary }: LiveIdentity, account: Live): Promise<Powers> {
  const all = await account.authorization();
  const joined = groups.flatMap((name) => all.groups.get(name) ?? []);
  const texts = [
    ...inline.values(),
    ...joined.flatMap((group) => [...group.inline.values()]),
    ...(await Promise.all(
      [...attached, ...joined.flatMap((group) => group.attached)].map((arn) => account.policyText(arn)),
    )),
  ];
  const documents = texts.map(readIdentityPolicy);
  const limit = boundary === undefined ? undefined : readIdentityPolicy(await account.policyText(boundary));
  return {
    identity: documents.filter((document) => document !== undefined),
    boundary: limit,
    unclear: documents.includes(undefined),
  };
}

function reach(agent: LiveIdentity, powers: Powers, role: LiveIdentity): readonly Omit<Damage, 'place'>[] {
  const trust = parsedDocument(role.trust ?? '');
  const caller = callerOf(agent);
  if (trust === undefined) return [unreadable(role)];
  const relaxed = generously(trust, caller);
  const identity = powers.identity.map((document) => generously(document, caller));
  const asks = (with_: object) => grants({ trust: relaxed, ...with_ }, ASSUME, role.arn, caller);
  const byTrust = asks({});
  const byPolicies = asks({ identity });
  if (byTrust === 'unreadable' || byPolicies === 'unreadable') return [unreadable(role)];
  if (byTrust !== 'granted' && byPolicies !== 'granted') return [];
  const now = asks({ identity, ...(powers.boundary && { boundary: generously(powers.boundary, caller) }) });
  const how = byTrust === 'granted' ? 'names the agent' : "names the account, and the agent's policies allow the call";
  return [
    {
      kind: 'damage',
      severity: now === 'not granted' ? 'high' : 'critical',
      message:
        `The trust policy of ${role.arn} ${how}. ` +
        (now === 'not granted' ? "Only the agent's boundary denies it." : 'Nothing denies it.'),
      hint: `Remove the agent from that trust policy, unless ${role.name} is meant for it; then define it as a role of the project.`,
    },
  ];
}

function unreadable(role: LiveIdentity): Omit<Damage, 'place'> {
  return {
    kind: 'damage',
    severity: 'high',
    message: `The trust policy of ${role.arn} cannot be read, so it may let the agent in.`,
    hint: 'Read it by hand.',
  };
}

function readIdentityPolicy(text: string): PolicyDocument | undefined {
  try {
    return JSON.parse(text) as PolicyDocument;
  } catch {
    return undefined;
  }
}
