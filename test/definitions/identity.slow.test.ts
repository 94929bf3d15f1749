/** Where an agent's credentials come from: names that mean one thing, put in literally. */
import type { Identity } from '../../lib/definitions/model';
import { brief, load, PROJECT, ROLE } from './support';

describe('an identity', () => {
  const identity = (yaml: string): Identity | undefined => {
    const project = PROJECT.replace('worker: { identity: { type: ecs-task } }', () => `worker: { identity: ${yaml} }`);
    const { definitions, findings } = load({ 'project.yaml': project, 'role.yaml': ROLE });
    expect(brief(findings)).toEqual([]);
    return definitions?.environments[0]?.agents[2]?.identity;
  };

  it.each([
    ['acme/shop', ['acme/shop']],
    ['acme@12/shop.js@345', ['acme/shop.js', 'acme@12/shop.js@345']],
  ])('of the repository %s is known by %j', (repository, repositories) => {
    expect(identity(`{ type: github-oidc, repository: ${repository}, subject: "environment:prod" }`)).toEqual({
      type: 'github-oidc',
      repositories,
      subject: 'environment:prod',
    });
  });

  it('holds variables put in', () => {
    expect(
      identity('{ type: existing-role, roleArn: "arn:${env.partition}:iam::${env.account}:role/x/${env.name}" }'),
    ).toEqual({ type: 'existing-role', roleArn: 'arn:aws:iam::123456789012:role/x/dev' });
  });

  const formats = {
    'eks-irsa': { issuer: 'oidc.example.com/id/ABC', namespace: 'agents', serviceAccount: 'hermes' },
    'eks-pod-identity': { cluster: 'main', namespace: 'agents', serviceAccount: 'hermes' },
    'github-oidc': { repository: 'acme/shop', subject: 'ref:refs/heads/main' },
    'roles-anywhere': {
      trustAnchorArn: 'arn:aws:rolesanywhere:eu-west-1:123456789012:trust-anchor/12345678-1234-1234-1234-123456789012',
      commonName: 'edge 1',
    },
    'existing-role': { roleArn: 'arn:aws:iam::123456789012:role/x' },
  };
  const fields = Object.entries(formats).flatMap(([type, keys]) =>
    Object.keys(keys).map((key) => [type, key] as const),
  );

  it.each(fields.flatMap(([type, key]) => ['*', '?', '$', '${*}', '\n'].map((odd) => [type, key, odd] as const)))(
    '%s takes no %s with %j in it',
    (type, key, odd) => {
      const good: Record<string, string> = { ...formats[type as keyof typeof formats] };
      expect(identity(JSON.stringify({ type, ...good }))).toMatchObject({ type });
      for (const bad of [`${good[key]}${odd}`, `${odd}${good[key]}`, odd]) {
        const yaml = JSON.stringify({ type, ...good, [key]: bad });
        const project = PROJECT.replace(
          'worker: { identity: { type: ecs-task } }',
          () => `worker: { identity: ${yaml} }`,
        );
        expect(load({ 'project.yaml': project, 'role.yaml': ROLE }).definitions).toBeUndefined();
      }
    },
  );
});
