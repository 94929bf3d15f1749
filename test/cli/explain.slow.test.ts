import cases from './cases/explain.json';
import { expectGoldenText, leasehold, project } from './support';

describe.each(['', ' --json'])('explain%s', (format) => {
  it.each(cases as readonly { case: string; ask: string; allowed: boolean; because?: string; project?: string }[])(
    '$case: $allowed',
    async ({ ask, allowed, because, project: name = 'hermes' }) => {
      const { code, out } = await leasehold(`explain ${ask}${format}`, { cwd: project(name) });
      expect(code).toBe(allowed ? 0 : 1);
      if (format !== '') {
        expect(JSON.parse(out).allowed).toBe(allowed);
        return;
      }
      expect(/^yes {2}/m.test(out) && !/^no {3}/m.test(out)).toBe(allowed);
      expect(out).toContain(because ?? 'is allowed by');
    },
  );
});

describe('explain', () => {
  const ASK =
    'explain s3-deploy s3:DeleteObject arn:aws:s3:::hermes-dev-deploy/1.4.2/app.js --env dev --param release=1.4.2';

  it('says for each statement why it does not match', async () => {
    expectGoldenText('explain-denied.txt', (await leasehold(ASK)).out);
  });

  it('wraps on a terminal', async () => {
    expectGoldenText('explain-denied-80.txt', (await leasehold(ASK, { outColumns: 80, env: { NO_COLOR: '1' } })).out);
  });

  it('has a stable shape in JSON', async () => {
    expectGoldenText('explain-denied.json', (await leasehold(`${ASK} --json`)).out);
  });

  it('tells of a parameter without a value, and asks all the same', async () => {
    const { code, err } = await leasehold('explain s3-deploy --trust --env dev');
    expect(code).toBe(1);
    expect(err).toBe('note: parameter release has no value; add --param release=VALUE\n');
  });

  it('tells of a value that only a client would refuse, and gives the verdict of IAM', async () => {
    const { code, err } = await leasehold([
      'explain',
      's3-deploy',
      '--trust',
      '--env',
      'dev',
      '--param',
      'release=UPPER',
    ]);
    expect(code).toBe(0);
    expect(err).toBe('note: "UPPER" is not a valid value of release: a client refuses it before it calls AWS\n');
  });

  it('tells that the policy of a key decides, too, and is not known', async () => {
    const key = 'arn:aws:kms:ap-northeast-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
    const { code, out } = await leasehold(`explain ec2-read kms:Decrypt ${key} --env dev`);
    expect(code).toBe(1);
    expect(out).toContain('- The resource policy must also allow the action.');
    const { out: ofBucket } = await leasehold('explain ec2-read s3:GetObject arn:aws:s3:::b/k --env dev');
    expect(ofBucket).not.toContain('The policy of the resource itself');
  });

  it('does not say yes to a resource that the action does not work on', async () => {
    const { code, out } = await leasehold('explain ec2-read ec2:DescribeInstances arn:aws:s3:::b --env dev');
    expect(code).toBe(1);
    expect(out).toContain('no   an open lease of ec2-read may not do ec2:DescribeInstances on it');
    expect(out).toContain('The action does not apply to this resource');
  });

  it('shows what a variable stands for where a resource does not match', async () => {
    const object = 'arn:aws:s3:::hermes-dev-deploy/1.4.1/a';
    const { out } = await leasehold(`explain s3-deploy s3:PutObject ${object} --env dev --param release=1.4.2`);
    expect(out.replace(/\s+/g, ' ')).toContain('aws:PrincipalTag/param.release is "1.4.2"');
  });

  it.each([
    ['a misspelt action', 's3-deploy s3:PutObjct arn:aws:s3:::b/k --env dev', 'Did you mean "s3:PutObject"?'],
    ['an action of no service', 's3-deploy nosuch:Thing arn:aws:s3:::b/k --env dev', 'is not an action that AWS lists'],
    ['a wildcard', 's3-deploy s3:* arn:aws:s3:::b/k --env dev', 'without wildcards'],
    ['a resource that is no ARN', 's3-deploy s3:PutObject b/k --env dev', 'expected: the ARN of one resource'],
    ['no resource', 's3-deploy s3:PutObject --env dev', 'no resource is named'],
    ['a derived key', 'ec2-read --trust --env dev --context AWS:principalarn=x', 'follows from who asks for what'],
    ['a key without a service', 'ec2-read --trust --env dev --context SourceIp=1.2.3.4', 'this is not a condition key'],
    [
      'a key that no document reads',
      'ec2-read --trust --env dev --context aws:UserAgent=curl',
      'no document that is asked reads this key',
    ],
    [
      'a misspelt key',
      'ec2-read --trust --env dev --context aws:MultiFactorAuthPresnt=true',
      'Did you mean "aws:MultiFactorAuthPresent"?',
    ],
    [
      'a key of the session where it alone is not asked',
      's3-deploy --trust --env dev --param release=1 --context aws:PrincipalTag/param.release=2',
      'no document that is asked reads this key',
    ],
    ['a misspelt parameter', 's3-deploy --trust --env dev --param releas=1', 'Did you mean "release"?'],
    ['a parameter where there is none', 'ec2-read --trust --env dev --param x=1', 'expected: no parameter'],
    [
      'a parameter without a value',
      's3-deploy --trust --env dev --param release',
      'there is no name before an equals sign',
    ],
  ])('refuses %s as a mistake, with exit code 2', async (_, ask, told) => {
    const { code, out, err } = await leasehold(`explain ${ask}`);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(told);
  });
});

describe('can', () => {
  it('lists every action with where it is permitted, in every environment that has the role', async () => {
    const { code, out, err } = await leasehold('can s3-deploy');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expectGoldenText('can-s3-deploy.txt', out);
    expect((await leasehold('can queue-clean')).out).toMatch(/^queue-clean in dev: 2 actions of 1 service\n/);
  });

  it('expands wildcards and names no wildcard itself', async () => {
    const { out } = await leasehold('can ec2-read --env dev');
    expectGoldenText('can-ec2-read.txt', out);
    expect(out).not.toMatch(/ec2:[A-Za-z]*\*/);
  });

  it('wraps on a terminal', async () => {
    const { out } = await leasehold('can s3-deploy --env dev', { outColumns: 60, env: { NO_COLOR: '1' } });
    expectGoldenText('can-s3-deploy-60.txt', out);
  });

  it('has the same in JSON', async () => {
    const { out } = await leasehold('can s3-deploy --env dev --json');
    expectGoldenText('can-s3-deploy.json', out);
  });

  it('lists only what `explain` allows', async () => {
    const { roles } = JSON.parse((await leasehold('can ec2-read --env dev --json')).out);
    for (const { action } of roles[0].actions) {
      expect((await leasehold(`explain ec2-read ${action} * --env dev`)).code).toBe(0);
    }
  });
});
