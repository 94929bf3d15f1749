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

const timeout = fc.constantFrom('1s', '12s');
const reviewer = fc.oneof(
  fc.record(
    { provider: fc.constant('bedrock'), model: fc.constantFrom('${var.bucket}', 'a.b-v1:0'), timeout },
    { requiredKeys: ['provider', 'model'] },
  ),
  fc.record(
    {
      provider: fc.constant('openai'),
      model: name,
      endpoint: fc.constantFrom('http://localhost:11434/v1', 'https://${env.name}.example.com'),
      key: fc.boolean(),
      timeout,
    },
    { requiredKeys: ['provider', 'model'] },
  ),
  fc.record({ provider: fc.constant('anthropic'), model: name, timeout }, { requiredKeys: ['provider', 'model'] }),
);
const budget = fc.record(
  { limit: fc.integer({ min: 1, max: 100_000 }), window: fc.constantFrom('1m', '24h', '3600s') },
  { requiredKeys: [] },
);
const subject = fc.record(
  {
    issuer: name.map((host) => `https://${host}.example.com`),
    audiences: fc.oneof(name, fc.uniqueArray(name, { minLength: 1, maxLength: 2 })),
    tokenUse: fc.constantFrom('id', 'access'),
    algorithm: fc.constantFrom('RS256', 'ES256'),
    jwks: name.map((path) => `https://keys.example.com/${path}?of=${path}`),
    claims: fc.uniqueArray(fc.constantFrom('custom:tenant', 'https://example.com/tenant'), { minLength: 1 }),
  },
  { requiredKeys: ['issuer', 'audiences'] },
);
const ofBroker = {
  reviewer,
  budgets: fc.record({ requests: budget, denials: budget }, { requiredKeys: [] }),
  approval: fc.record({ humans: fc.integer({ min: 1, max: 8 }) }),
  hours: fc.constantFrom({ from: 22, to: 6 }, { from: 0, to: 24 }),
  subjects: fc.uniqueArray(subject, { minLength: 1, maxLength: 3, selector: ({ issuer }) => issuer }),
};

const broker = (known: readonly string[]) =>
  fc
    .record(
      {
        ...ofBroker,
        environments: fc.oneof(
          fc.subarray([...known], { minLength: 1 }),
          fc.dictionary(
            fc.constantFrom(...known),
            fc.oneof(fc.constant(false), fc.record(ofBroker, { requiredKeys: [] })),
          ),
        ),
      },
      { requiredKeys: [] },
    )
    .map((rest) => ({ kind: 'Broker', ...rest }));

const ofPrincipal = (known: readonly string[]) => ({
  policy: fc.array(sentence, { minLength: 1, maxLength: 3 }).map((lines) => lines.join('\n')),
  environments: fc.oneof(
    fc.subarray([...known], { minLength: 1 }),
    fc.dictionary(fc.constantFrom(...known), fc.constant(false)),
  ),
});

/** People have other names than agents. */
const principals = (known: readonly string[], identities: readonly string[]) =>
  fc
    .tuple(
      fc.dictionary(
        name.map((one) => `P.${one}`),
        fc.record(
          {
            ...ofPrincipal(known),
            groups: fc.uniqueArray(name, { minLength: 1, maxLength: 3 }),
            administrator: fc.boolean(),
          },
          { requiredKeys: [] },
        ),
        { maxKeys: 3 },
      ),
      fc.dictionary(fc.constantFrom(...identities), fc.record(ofPrincipal(known), { requiredKeys: [] })),
    )
    .map(([people, agentsOf]) => [
      ...Object.entries(people).map(([key, rest]) => ({ kind: 'Principal', type: 'person', name: key, ...rest })),
      ...Object.entries(agentsOf).map(([key, rest]) => ({ kind: 'Principal', type: 'agent', name: key, ...rest })),
    ]);

/** A project and its roles, and perhaps a broker and whom it knows. */
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
    brokers: fc.array(broker(known), { maxLength: 1 }),
    principals: principals(known, Object.keys(declared)),
  }),
);
