/** Answers whether a role's own policy permits an action on a resource, and why, with the engine of `leasehold explain`. */
import type { RoleView } from '@leasehold/contract';
import { visible } from '@leasehold/contract/text';
import {
  type ActionInfo,
  type Catalogue,
  evaluate,
  explain,
  isArn,
  isDerivedKey,
  keysRead,
  loadCatalogueFor,
  needsNoPermission,
  prepare,
} from '@leasehold/policy/core';
import { parameterWords } from '../request/draft.ts';

/** What a person asks, as it was typed. */
export interface Question {
  readonly action: string;
  readonly resource: string;
  /** The values of the role's parameters. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The values of the other context keys that the policy reads. An empty text: the request does not contain the key. */
  readonly context: Readonly<Record<string, string>>;
}

/** What is wrong with a question, by field. */
export interface QuestionFaults {
  readonly action?: string;
  readonly resource?: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export type Answer =
  | { readonly kind: 'faults'; readonly faults: QuestionFaults }
  | {
      readonly kind: 'answer';
      /** Unknown: the role has AWS-managed policies, whose text the console does not contain. */
      readonly outcome: 'allowed' | 'denied' | 'unknown';
      readonly sentence: string;
      /** Every statement of the role, and whether it matches. */
      readonly statements: readonly { readonly matched: boolean; readonly sentence: string }[];
      /** What else the reader should know about this question. */
      readonly notes: readonly string[];
    };

/** The parameters and the other context keys on which the role's policy depends. */
export interface RoleKeys {
  readonly parameters: readonly string[];
  readonly context: readonly string[];
}

const TAG = 'aws:principaltag/';
/** Tags that every lease has. A lease that does not exist yet has these values. */
const LEASE = 'lh-example';
const TAGS: Readonly<Record<string, string>> = { 'lease-id': LEASE, reason: 'Example of a reason' };

/** @throws {PolicyError} if the role's policy cannot be read */
export function keysOf(role: RoleView): RoleKeys {
  const keys = keysRead(policiesOf(role)).filter((key) => !isDerivedKey(key));
  const tags = keys.filter((key) => key.toLowerCase().startsWith(TAG)).map((key) => key.slice(TAG.length));
  const parameters = Object.keys(role.parameters).filter((name) => tags.includes(`param.${name}`));
  const known = [...Object.keys(TAGS), ...parameters.map((name) => `param.${name}`)];
  return {
    parameters,
    context: keys.filter((key) => !(key.toLowerCase().startsWith(TAG) && known.includes(key.slice(TAG.length)))),
  };
}

/** The answer of the policy engine, or what is wrong with the question. */
export async function decide(role: RoleView, question: Question): Promise<Answer> {
  const action = question.action.trim();
  const resource = question.resource.trim();
  const catalogue = ACTION.test(action) ? await loadCatalogueFor([action]) : undefined;
  const info = catalogue?.action(action);
  const actionFault = faultOfAction(action, catalogue);
  const resourceFault = faultOfResource(resource, info);
  const parameters = Object.fromEntries(
    keysOf(role).parameters.flatMap((name) => {
      const rule = role.parameters[name];
      const fault = rule && parameterWords(rule, question.parameters[name] ?? '');
      return fault === undefined ? [] : [[name, fault] as const];
    }),
  );
  if (actionFault !== undefined || resourceFault !== undefined || Object.keys(parameters).length > 0) {
    return {
      kind: 'faults',
      faults: {
        ...(actionFault === undefined ? {} : { action: actionFault }),
        ...(resourceFault === undefined ? {} : { resource: resourceFault }),
        parameters,
      },
    };
  }
  const verdict = evaluate(
    {
      action,
      resource,
      principal: { kind: 'session', roleArn: role.arn, sessionName: LEASE },
      context: contextOf(question),
    },
    policiesOf(role),
  );
  const { outcome } = verdict;
  const { statements, sentence } = explain(verdict);
  const isHidden = outcome === 'implicitly denied' && (role.managedPolicies ?? []).length > 0;
  return {
    kind: 'answer',
    outcome: isHidden ? 'unknown' : outcome === 'allowed' ? 'allowed' : 'denied',
    sentence: visible(sentence),
    statements: statements.map((note) => ({ matched: note.matched, sentence: visible(note.sentence) })),
    notes: [
      ...(isHidden
        ? [
            'The role has AWS-managed policies, which may allow the action. The console does not contain the text of these policies.',
          ]
        : []),
      ...(info !== undefined && catalogue?.acceptsResource(info, resource) === false
        ? [`AWS documents no resource of this form for the action ${info.id}.`]
        : []),
      ...(needsNoPermission(action) ? ['AWS permits this action to everybody, without a policy.'] : []),
    ],
  };
}

const ACTION = /^[A-Za-z0-9-]+:[A-Za-z0-9]+$/;

function faultOfAction(action: string, catalogue: Catalogue | undefined): string | undefined {
  if (catalogue === undefined) return 'Enter one action without wildcards, for example s3:GetObject.';
  if (catalogue.action(action) !== undefined) return undefined;
  const [service = ''] = action.split(':');
  const near =
    catalogue.nearestAction(action) ?? (catalogue.hasService(service) ? undefined : catalogue.nearestService(service));
  return `AWS lists no action ${visible(action)}.${near === undefined ? '' : ` Did you mean ${near}?`}`;
}

function faultOfResource(resource: string, info: ActionInfo | undefined): string | undefined {
  if (resource !== '*' && !(isArn(resource) && !/\s/.test(resource)))
    return 'Enter an ARN, or * for an action without resources.';
  if (resource === '*' && info?.resourceTypes.some(({ required }) => required)) {
    return `${info.id} works on one resource: enter its ARN.`;
  }
  return resource !== '*' && info?.scopable === false ? `${info.id} works on no single resource: enter *.` : undefined;
}

function contextOf({ parameters, context }: Question): Readonly<Record<string, string>> {
  const tags = {
    ...TAGS,
    ...Object.fromEntries(Object.entries(parameters).map(([name, value]) => [`param.${name}`, value] as const)),
  };
  return {
    ...Object.fromEntries(Object.entries(context).filter(([, value]) => value !== '')),
    ...Object.fromEntries(Object.entries(tags).map(([tag, value]) => [`aws:PrincipalTag/${tag}`, value] as const)),
  };
}

function policiesOf({ policy }: RoleView) {
  return prepare({ identity: [policy] });
}
