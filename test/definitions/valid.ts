/** Random definitions without a fault. */
import * as fc from 'fast-check';

const name = fc.stringMatching(/^[a-z][a-z0-9]{0,9}(-[a-z0-9]{1,5})?$/);
const sentence = fc.stringMatching(/^[A-Z][a-z ,]{0,40}[a-z]\.$/);
const action = fc.constantFrom('s3:GetObject', 's3:PutObject', 'ec2:Describe*', 'logs:GetLogEvents');
const lease = fc.constantFrom({}, { max: '1h' }, { default: '15m', max: '45m' }, { default: '1h' });
const environments = fc.uniqueArray(name, { minLength: 1, maxLength: 3 });
const agents = fc.dictionary(name, fc.constant({ identity: { type: 'iam-user' } }), { minKeys: 1, maxKeys: 3 });
const from = fc.constantFrom('requester.name', 'subject.sub', 'subject.claims.custom:tenant');

const parameter = fc.oneof(
  fc.record(
    { description: sentence, pattern: fc.constantFrom('[a-z]+', '\\d{1,4}', '(a|b)+', 'v[0-9.]+'), from },
    { requiredKeys: ['description', 'pattern'] },
  ),
  fc.record(
    { description: sentence, values: fc.uniqueArray(name, { minLength: 1, maxLength: 3 }), from },
    { requiredKeys: ['description', 'values'] },
  ),
);

const humans = fc.record(
  { humans: fc.nat(8), window: fc.constantFrom('1m', '90s', '24h') },
  { requiredKeys: ['humans'] },
);

/** Keys of a role that only the broker reads. */
const brokerRules = (identities: readonly string[]) =>
  fc.record(
    {
      approval: humans,
      reviewer: fc.constantFrom('off', 'advise', 'decide'),
      eligible: fc.oneof(
        fc.record({ agents: fc.subarray([...identities], { minLength: 1 }) }),
        fc.record({ groups: fc.uniqueArray(name, { minLength: 1, maxLength: 3 }) }),
      ),
    },
    { requiredKeys: [] },
  );

const role = (known: readonly string[], identities: readonly string[]) =>
  fc
    .tuple(
      fc.record(
        {
          purpose: sentence,
          access: fc.constantFrom('read', 'write', 'delete'),
          gate: fc.constantFrom('mfa', 'broker', ['mfa', 'broker']),
          lease,
          parameters: fc.dictionary(name, parameter, { maxKeys: 2 }),
          environments: fc.oneof(
            fc.subarray([...known], { minLength: 1 }),
            fc.dictionary(fc.constantFrom(...known), fc.constantFrom({}, { lease: { max: '30m' } })),
          ),
          allow: fc.uniqueArray(
            fc.record({
              actions: fc.oneof(action, fc.uniqueArray(action, { minLength: 1 })),
              resources: fc.constantFrom('*', 'arn:aws:s3:::${var.bucket}-${env.name}/*'),
            }),
            { minLength: 1, maxLength: 3, selector: (statement) => JSON.stringify(statement) },
          ),
        },
        { requiredKeys: ['purpose', 'access', 'gate', 'allow'] },
      ),
      fc.subarray([...identities], { minLength: 1 }),
    )
    .chain(([rest, askers]) =>
      fc.record({
        rest: fc.constant({ ...rest, agents: askers }),
        rules: rest.gate === 'mfa' ? fc.constant({}) : brokerRules(askers),
      }),
    )
    .map(({ rest, rules }) => ({ ...rest, ...rules }));

/** A project and its roles. */
export const validDefinitions = fc.tuple(name, environments, agents).chain(([projectName, known, declared]) =>
  fc.record({
    project: fc.constant({
      kind: 'Project',
      name: projectName,
      environments: Object.fromEntries(
        known.map((one, index) => [
          one,
          { account: String(index).padStart(12, '0'), region: 'eu-west-1', variables: { bucket: `b-${one}` } },
        ]),
      ),
      agents: declared,
      approvers: ['oncall'],
    }),
    roles: fc
      .dictionary(name, role(known, Object.keys(declared)), { minKeys: 1, maxKeys: 4 })
      .map((roles) => Object.entries(roles).map(([key, rest]) => ({ kind: 'Role', name: key, ...rest }))),
  }),
);
