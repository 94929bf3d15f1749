/** Answers whether a role's own policy permits an action on a resource, and why, with the engine of `leasehold explain`. */
import type { RoleView } from '@leasehold/contract';
import { defined } from '@leasehold/contract/defined';
import type { PolicyDocument } from '@leasehold/contract/policy-document';
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
  permittingBound,
  prepare,
  type StatementNote,
} from '@leasehold/policy/core';
import { parameterWords } from '../request/draft.ts';

/** What a person asks, as it was typed. */
export interface Question {
  readonly action: string;
  readonly resource: string;
  /** The values of the role's parameters. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The values of the other context keys that the policy reads. An empty text: the value is not known. */
  readonly context: Readonly<Record<string, string>>;
  /** Context keys that the request does not contain. */
  readonly absent: readonly string[];
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
      /**
       * - `depends`: on context keys whose values are not known.
       * - `unknown`: AWS-managed policies of the role may allow it, or AWS documents no such resource for the action.
       */
      readonly outcome: 'allowed' | 'denied' | 'depends' | 'unknown';
      readonly sentence: string;
      /** Every statement of the role, and whether it matches. */
      readonly statements: readonly StatementAnswer[];
      /** What else the reader should know about this question. */
      readonly notes: readonly string[];
    };

/** Whether a statement matches. It may depend on context keys whose values are not known. */
export interface StatementAnswer {
  readonly matched: boolean | 'depends';
  readonly sentence: string;
}

/** The parameters and the other context keys on which the role's policy depends. */
export interface RoleKeys {
  readonly parameters: readonly string[];
  readonly context: readonly string[];
}

const TAG = 'aws:principaltag/';
/** The session name of a lease that does not exist yet. */
const LEASE = 'lh-example';

/** Context keys whose values are known for every lease, and what to tell about them. Undefined: not in the request. */
const KNOWN: Readonly<Record<string, { readonly value: string | undefined; readonly note: string }>> = {
  'aws:securetransport': { value: 'true', note: 'The answer is about requests over HTTPS (aws:SecureTransport).' },
  'aws:multifactorauthpresent': {
    value: 'false',
    note: 'The session of a role has no MFA, even if its role needs an MFA code (aws:MultiFactorAuthPresent).',
  },
  'aws:multifactorauthage': {
    value: undefined,
    note: 'The session of a role has no MFA, even if its role needs an MFA code (aws:MultiFactorAuthAge).',
  },
};

/** @throws {PolicyError} if the role's policy cannot be read */
export function keysOf(role: RoleView): RoleKeys {
  const keys = keysIn(role).filter((key) => !isDerivedKey(key) && !Object.hasOwn(KNOWN, key.toLowerCase()));
  const read = new Set(keys.map((key) => key.toLowerCase()));
  const tagOf = (name: string) => `${TAG}param.${name}`.toLowerCase();
  const parameters = Object.keys(role.parameters).filter((name) => read.has(tagOf(name)));
  const tags = new Set(parameters.map(tagOf));
  return { parameters, context: keys.filter((key) => !tags.has(key.toLowerCase())) };
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
    return { kind: 'faults', faults: { ...defined({ action: actionFault, resource: resourceFault }), parameters } };
  }
  const answer = answerOf(role, { ...question, action, resource });
  const notes = notesOn(role, resource, answer.isExplicit);
  if (info !== undefined && catalogue?.acceptsResource(info, resource) === false && !answer.isExplicit) {
    const sentence = `AWS documents no resource of this form for the action ${info.id}, so it is not known what AWS decides.`;
    return { kind: 'answer', outcome: 'unknown', sentence, statements: answer.statements, notes };
  }
  const { outcome, sentence, statements } = answer;
  return { kind: 'answer', outcome, sentence, statements, notes };
}

/** What the role's own policy permits, with any values of the keys that are not known. */
function answerOf(role: RoleView, question: Question) {
  const { action, resource, context, absent } = question;
  const unknown = keysOf(role).context.filter((key) => !context[key] && !absent.includes(key));
  const decided = (permitting: 'most' | 'least') => {
    // The engine has read the policy in `keysOf`, so it is one.
    const policy = permittingBound(role.policy as PolicyDocument, unknown, permitting);
    const principal = { kind: 'session', roleArn: role.arn, sessionName: LEASE } as const;
    return evaluate({ action, resource, principal, context: contextOf(question) }, prepare({ identity: [policy] }));
  };
  const [most, least] = [decided('most'), decided('least')];
  const [upper, lower] = [explain(most), explain(least)];
  const reads = [role.policy.Statement].flat().map((Statement) => {
    const read = keysIn({ policy: { ...role.policy, Statement } }).map((key) => key.toLowerCase());
    return unknown.filter((key) => read.includes(key.toLowerCase()));
  });
  const statements = upper.statements.map((note, index) =>
    statementAnswer(note, lower.statements[index] ?? note, reads[index] ?? []),
  );
  const isAllowed = most.outcome === 'allowed';
  if (isAllowed && least.outcome !== 'allowed') {
    const undecided = reads.filter((_, index) => statements[index]?.matched === 'depends').flat();
    const sentence = `It depends on ${[...new Set(undecided)].join(', ')}. Enter the value, or check that the request does not contain it.`;
    return { outcome: 'depends', sentence: visible(sentence), statements, isExplicit: false } as const;
  }
  const isHidden = most.outcome === 'implicitly denied' && (role.managedPolicies ?? []).length > 0;
  return {
    outcome: isHidden ? 'unknown' : isAllowed ? 'allowed' : 'denied',
    sentence: visible((isAllowed ? lower : upper).sentence),
    statements,
    isExplicit: most.outcome === 'explicitly denied',
  } as const;
}

/**
 * @param upper The statement in the policy that permits most: an allow whose unknown part matches, or a deny whose
 * unknown part does not.
 * @param lower The same statement in the policy that permits least.
 */
function statementAnswer(upper: StatementNote, lower: StatementNote, unknown: readonly string[]): StatementAnswer {
  if (upper.matched === lower.matched) {
    const { matched, sentence } = upper.effect === 'Allow' ? upper : lower;
    return { matched, sentence: visible(sentence) };
  }
  const { sid, statement } = upper.statement;
  const sentence = `Statement ${sid ? `"${sid}"` : statement + 1} (${upper.effect}) depends on ${unknown.join(', ')}.`;
  return { matched: 'depends', sentence: visible(sentence) };
}

function notesOn(role: RoleView, resource: string, isDenied: boolean): readonly string[] {
  const read = keysIn(role).map((key) => key.toLowerCase());
  const [, , , , account] = resource.split(':');
  return [
    ...((role.managedPolicies ?? []).length > 0 && !isDenied
      ? [
          'The role has AWS-managed policies, which may allow or deny the action. The console does not contain the text of these policies.',
        ]
      : []),
    ...(read.includes('aws:resourceaccount') && !account
      ? [
          'The ARN contains no account, so the answer is about a resource in the account of the role (aws:ResourceAccount).',
        ]
      : []),
    ...Object.entries(KNOWN).flatMap(([key, { note }]) => (read.includes(key) ? [note] : [])),
  ];
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
  if (resource !== '*' && /[*?]|\$\{/.test(resource)) {
    return 'The answer is about one resource. Replace each *, ? and ${…} by what the name of the resource contains.';
  }
  if (resource !== '*' && !(isArn(resource) && !/\s/.test(resource)))
    return 'Enter an ARN, or * for an action without resources.';
  if (resource === '*' && info?.resourceTypes.some(({ required }) => required)) {
    return `${info.id} works on one resource: enter its ARN.`;
  }
  return resource !== '*' && info?.scopable === false ? `${info.id} works on no single resource: enter *.` : undefined;
}

function contextOf({ parameters, context, absent }: Question): Readonly<Record<string, string>> {
  const given = Object.entries(context).filter(([key, value]) => value !== '' && !absent.includes(key));
  return {
    ...Object.fromEntries(
      Object.entries(KNOWN).flatMap(([key, { value }]) => (value === undefined ? [] : [[key, value]])),
    ),
    ...Object.fromEntries(given),
    ...Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [`aws:PrincipalTag/param.${name}`, value] as const),
    ),
  };
}

/** Every context key that the role's policy reads. */
function keysIn({ policy }: Pick<RoleView, 'policy'>): readonly string[] {
  return keysRead(prepare({ identity: [policy] }));
}
