/** Renders verdicts of the policy engine, for people and for programs. */
import { defined } from '@leasehold/contract/defined';
import { onOneLine } from '@leasehold/contract/text';
import type { HypotheticalLease, LeaseExplanation } from '@leasehold/documents';
import { type Explanation, explain, type StatementNote, type Verdict } from '@leasehold/policy';
import type { Paint } from '../colour';
import { wrap } from './text';

/** The explanation for a lease that the agent may request. */
type Eligible = Extract<LeaseExplanation, { eligible: true }>;

/**
 * Renders the explanation as text: each verdict and, for a denial, the statements that could have allowed the action.
 */
export function renderExplanation(
  lease: HypotheticalLease,
  explained: LeaseExplanation,
  paint: Paint,
  terminal = Number.POSITIVE_INFINITY,
): string {
  if (!explained.eligible) return `no   ${onOneLine(explained.because)}\n`;
  const columns = Math.max(terminal, NARROWEST);
  const { opening, request, works } = explained;
  const refused = opening.filter((verdict) => !isYes(verdict));
  const blocks = [
    block(refused.length === 0, openingTitle(lease, explained), refused.length === 0 ? opening.slice(0, 1) : refused),
    ...(request ? [block(works && isYes(request), requestTitle(lease, request, works), [request], works)] : []),
  ];
  return `${blocks.join('\n\n')}\n`;

  function block(yes: boolean, title: string, verdicts: readonly Verdict[], real = true): string {
    const word = paint(yes ? 'green' : 'red', yes ? 'yes' : 'no ');
    const [head = '', ...rest] = wrap(onOneLine(title), columns - INDENT);
    return [
      `${word}  ${paint('bold', head)}`,
      ...rest.map((line) => ' '.repeat(INDENT) + paint('bold', line)),
      ...(real ? [] : wrap(NO_RESOURCE, columns - INDENT).map((line) => ' '.repeat(INDENT) + line)),
      ...verdicts.flatMap((verdict) => reasons(verdict)),
    ].join('\n');
  }

  function reasons(verdict: Verdict): readonly string[] {
    const explanation = explain(verdict);
    const statements = isYes(verdict) ? [] : telling(verdict, explanation);
    const notes = [...statements.map(({ sentence }) => sentence), ...(asksResource(verdict) ? [ASKS_RESOURCE] : [])];
    return [
      ...wrap(onOneLine(explanation.sentence), columns - INDENT).map((line) => ' '.repeat(INDENT) + line),
      ...notes.flatMap((sentence) =>
        wrap(onOneLine(sentence), columns - INDENT - 2).map(
          (line, index) => ' '.repeat(INDENT) + paint('dim', `${index === 0 ? '- ' : '  '}${line}`),
        ),
      ),
    ];
  }
}

/** Version of the JSON format. */
const VERSION = 1;

/**
 * The explanation as data, including every statement. The format is stable: `version` increases with breaking changes.
 */
export function explanationJson({ environment, role, agent }: HypotheticalLease, explained: LeaseExplanation) {
  if (!explained.eligible) {
    return { version: VERSION, allowed: false, eligible: false, because: explained.because };
  }
  const { allowed, opening, openedBy, request, works } = explained;
  return {
    version: VERSION,
    environment: environment.name,
    role: role.name,
    agent: agent.name,
    allowed,
    lease: { opens: opening.every(isYes), openedBy, verdicts: opening.map(verdictJson) },
    ...defined({ request: request && { ...verdictJson(request), actionWorksOnResource: works } }),
  };
}

const INDENT = 5;
/** Minimum width of the output. A narrower terminal breaks the lines itself. */
const NARROWEST = 40;

function isYes({ outcome }: Verdict): boolean {
  return outcome === 'allowed';
}

function openingTitle({ role, environment, agent, mfa }: HypotheticalLease, { opening, openedBy }: Eligible): string {
  const yes = opening.every(isYes);
  const where = `a lease of ${role.name} in ${environment.name}`;
  if (openedBy === 'broker') return `IAM ${yes ? 'lets' : 'does not let'} the broker open ${where} for ${agent.name}`;
  return `${where} ${yes ? 'opens' : 'does not open'} for ${agent.name} ${mfa ? "with an approver's code" : 'without a code'}`;
}

function requestTitle({ role }: HypotheticalLease, { request, outcome }: Verdict, works: boolean): string {
  return `an open lease of ${role.name} ${works && outcome === 'allowed' ? 'may' : 'may not'} do ${request.action} on it`;
}

/**
 * The statements that denied the request. If no statement denied it, the statements that could have allowed it, each
 * with the reason why it did not allow the request.
 */
function telling({ by, lacking }: Verdict, { statements }: Explanation): readonly StatementNote[] {
  if (by) return statements.filter(({ effect, matched }) => effect === 'Deny' && matched);
  const kinds = new Set(lacking.map(({ kind }) => kind));
  return statements.filter(
    ({ statement, effect, matched }) => effect === 'Allow' && !matched && kinds.has(statement.kind),
  );
}

/**
 * Whether a resource policy outside the project must also allow the request: the policy of a KMS key, or the policy of
 * a resource in another account.
 */
function asksResource({ lacking }: Verdict): boolean {
  return lacking.some(({ kind }) => kind === 'resource');
}

const NO_RESOURCE =
  'The action does not apply to this resource, so AWS cannot allow any such call. The following lines show only what the policies state.';

const ASKS_RESOURCE =
  'The resource policy must also allow the action. The definitions do not contain this policy, so Leasehold assumes nothing about it.';

function verdictJson(verdict: Verdict) {
  const { request, outcome, by, delegatedBy, lacking, rule } = verdict;
  const { sentence, statements } = explain(verdict);
  return {
    action: request.action,
    resource: request.resource,
    principal: request.principal,
    context: request.context,
    outcome,
    sentence,
    ...defined({ by, delegatedBy, rule }),
    lacking,
    statements,
  };
}
