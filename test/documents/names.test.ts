import { watchName } from '@leasehold/documents';
import { anEnvironment } from '../support/environment';
import { resourcesOf, synthStack } from '../support/synth';

describe('what watches an environment', () => {
  const project = 'a-project-with-a-long-name-here';
  const alerts = { emails: [], trail: 'create', hours: { from: 0, to: 10 } } as const;

  it('is named after its stack', () => {
    expect(watchName(anEnvironment())).toBe('hermes-dev');
    expect(watchName(anEnvironment({ project, name: 'production-1' }))).toBe(`${project}-production-1`);
  });

  it('has a name that EventBridge and S3 take, however long the stack’s is', () => {
    const stack = synthStack(anEnvironment({ project, name: 'production-in-another-country', alerts }));
    const name = 'a-project-with-a-long-name-here-pro-3f2e4d75';
    expect(resourcesOf(stack, 'aws_cloudtrail')).toMatchObject([{ name: `${name}-trail` }]);
    expect(resourcesOf(stack, 'aws_s3_bucket')).toMatchObject([{ bucket: `${name}-trail-123456789012` }]);
    for (const rule of resourcesOf(stack, 'aws_cloudwatch_event_rule')) {
      expect(rule.name).toMatch(new RegExp(`^${name}-[a-z-]+$`));
      expect(String(rule.name).length).toBeLessThanOrEqual(64);
    }
  });

  it('is told apart from that of a stack with the same beginning', () => {
    const names = ['production-in-another-country', 'production-in-another-company'].map((name) =>
      watchName(anEnvironment({ project, name })),
    );
    expect(new Set(names).size).toBe(2);
  });
});
