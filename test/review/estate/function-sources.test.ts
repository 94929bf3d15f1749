/** What may call a function is known where the source is a resource of the same plan, whose ARN is known only after apply. */
import { ACCOUNT, change, configuration, type Json, planned, reviewOf, told } from '../planned';

const RULE = change('aws_cloudwatch_event_rule.nightly', { after: { name: 'nightly' }, unknown: { arn: true } });
const API = change('aws_apigatewayv2_api.web', { after: { name: 'web' }, unknown: { id: true, execution_arn: true } });

function withSource(principal: string, source: Json, beside: readonly Json[]) {
  const changes = [
    change('aws_lambda_permission.call', {
      after: { action: 'lambda:InvokeFunction', function_name: 'job', principal },
      unknown: { source_arn: true },
    }),
    ...beside,
  ];
  return { changes, parts: { configuration: configuration({ 'aws_lambda_permission.call': { source_arn: source } }) } };
}

const cases: readonly (readonly [name: string, principal: string, source: Json, beside: readonly Json[], Json])[] = [
  [
    'a rule',
    'events.amazonaws.com',
    { references: ['aws_cloudwatch_event_rule.nightly.arn', 'aws_cloudwatch_event_rule.nightly'] },
    [RULE],
    { 'AWS:SourceArn': [`arn:aws:events:*:${ACCOUNT}:rule/nightly`] },
  ],
  [
    'a route of an API',
    'apigateway.amazonaws.com',
    { references: ['aws_apigatewayv2_api.web.execution_arn', 'aws_apigatewayv2_api.web'] },
    [API],
    {
      'AWS:SourceArn': ['', '/*'].map(
        (route) => `arn:aws:execute-api:*:${ACCOUNT}:known-after-apply/aws_apigatewayv2_api.web${route}`,
      ),
    },
  ],
];

test.each(cases)('%s of the plan is the source', async (_, principal, source, beside, expected) => {
  const { changes, parts } = withSource(principal, source, beside);
  const policies = [...planned(changes, parts).after.resourcePolicies.values()];
  expect(policies.map(({ policy }) => policy.document)).toEqual([
    {
      kind: 'known',
      value: expect.objectContaining({
        Statement: [expect.objectContaining({ Principal: { Service: principal }, Condition: { ArnLike: expected } })],
      }),
      assumes: expect.stringMatching(/^aws_\w+\.\w+$/),
    },
  ]);
  const findings = told(await reviewOf(changes, parts));
  expect(findings).toEqual([
    expect.stringMatching(/^medium unknown-policy: .*The review assumes that these values identify .*\.$/),
  ]);
});

test.each([
  ['a value that the plan does not resolve', { references: ['local.source'] }, [RULE]],
  [
    'one of two rules',
    { references: ['aws_cloudwatch_event_rule.nightly.arn', 'aws_cloudwatch_event_rule.daily.arn'] },
    [RULE, change('aws_cloudwatch_event_rule.daily', { after: { name: 'daily' }, unknown: { arn: true } })],
  ],
  ['a rule of which nothing names its ARN', { references: ['aws_cloudwatch_event_rule.nightly.description'] }, [RULE]],
] as const)('%s stays unknown', async (_, source, beside) => {
  const { changes, parts } = withSource('events.amazonaws.com', source, beside);
  expect(told(await reviewOf(changes, parts))).toEqual([
    expect.stringMatching(/^high unknown-policy: .*source_arn is known only after apply/),
  ]);
});
