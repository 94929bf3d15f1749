import { accessOf, escalation, foldAscii } from '@leasehold/policy';
import { conditionsOf, sameKey } from '../conditions';
import { nameOfRole } from '../example-resource';
import { pageOf, type RoleGuardrail } from '../guardrail';
import { type AllowReading, isRefused, listed, readAllows } from '../reading';

/** No role may permit an action that is known to enable privilege escalation. */
export const noPrivilegeEscalation: RoleGuardrail = {
  id: 'no-privilege-escalation',
  title: 'No role can gain more permissions than it has',
  severity: 'error',
  page: pageOf('no-privilege-escalation'),
  unwaivable: 'a role that can escalate has no limits for the other guardrails to check',
  over: 'role',
  *check({ role, catalogue }) {
    const allows = readAllows(role, catalogue);
    for (const allow of allows) {
      for (const [entry, { pattern, wildcard, escalating }] of allow.actions.entries()) {
        const [first] = escalating;
        if (first === undefined) continue;
        const why = escalation(first.id)?.why;
        yield {
          message: wildcard
            ? `\`${pattern}\` also matches ${listed(escalating)}: ${why}`
            : `\`${first.id}\` leads to more permissions: ${why}`,
          hint:
            declaration(foldAscii(first.id), allow, allows) ??
            'Remove it from `allow:`, and leave it to a human administrator, or to a pipeline that is not an agent.',
          at: role.locate(['allow', allow.index, 'actions', entry]),
        };
      }
    }
  },
};

/**
 * The hint for an action that requires the key `passes` or `assumes` in the role. The hint says what to write in the
 * role and in the project.
 */
function declaration(id: string, allow: AllowReading, allows: readonly AllowReading[]): string | undefined {
  const passes = id === 'iam:passrole';
  if (!passes && id !== 'sts:assumerole') return undefined;
  const roles = allow.allow.resources.map((arn) => ({ arn, name: nameOfRole(arn) }));
  const named = roles.flatMap(({ arn, name }) => (name === undefined ? [] : [{ arn, name }]));
  if (named.length === 0 || named.length < roles.length) {
    return passes
      ? 'Remove it from `allow:`, declare each role under `external:` of the project, and list it under `passes:` with the service that receives it.'
      : 'Remove it from `allow:`, declare each role under `external:` of the project, and list it under `assumes:`.';
  }
  const entries = named.map(({ name }) =>
    passes ? `{ role: ${name}, to: ${serviceTaking(allow, allows)}, because: … }` : `{ role: ${name}, because: … }`,
  );
  const external = named.map(({ arn, name }) => `${name}: { arn: ${JSON.stringify(arn)}, may: … }`);
  return (
    `Remove it from \`allow:\` and write \`${passes ? 'passes' : 'assumes'}: [${entries.join(', ')}]\`; ` +
    `in the project declare \`external: { ${external.join(', ')} }\`, with what ${named.length === 1 ? 'that role' : 'each role'} may do.`
  );
}

/** The service in the statement's condition, or the service that most likely uses the passed role. */
function serviceTaking(allow: AllowReading, allows: readonly AllowReading[]): string {
  const condition = conditionsOf(allow).find(({ key }) => sameKey(key, 'iam:PassedToService'));
  const [only, ...more] = condition?.values ?? [];
  if (only !== undefined && more.length === 0 && !/[*?$]/.test(only)) return only;
  const changing = allows
    .flatMap(({ granted }) => granted)
    .filter((action) => accessOf(action) !== 'read' && !isRefused(action))
    .map(({ service }) => service);
  const service = changing.find((each) => Object.hasOwn(PRINCIPALS, each)) ?? changing[0] ?? 'ecs';
  return `${PRINCIPALS[service] ?? service}.amazonaws.com`;
}

/** Services that run code with a passed role, and their service principals. */
const PRINCIPALS: Readonly<Record<string, string>> = {
  autoscaling: 'ec2',
  batch: 'ecs-tasks',
  ec2: 'ec2',
  ecs: 'ecs-tasks',
  eks: 'eks',
  glue: 'glue',
  lambda: 'lambda',
  sagemaker: 'sagemaker',
  states: 'states',
};
