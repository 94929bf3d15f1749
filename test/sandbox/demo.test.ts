/** The story that `leasehold sandbox --demo` tells. */
import { type Scene, tellStory } from '@leasehold/sandbox/demo';
import { anEnvironment } from '../support/environment';
import { aSandbox, DEV } from './support/sandbox';

async function told(): Promise<{
  readonly scenes: readonly Scene[];
  readonly text: string;
}> {
  const sandbox = await aSandbox(DEV);
  try {
    const story = tellStory(sandbox, DEV);
    const scenes: Scene[] = [];
    for await (const scene of story.scenes) scenes.push(scene);
    return { scenes, text: JSON.stringify([scenes, story.event()]) };
  } finally {
    await sandbox.stop();
  }
}

it('shows a lease from the asking to its end', async () => {
  const { scenes, text } = await told();
  expect(scenes.map(({ outcome, sentence }) => [outcome, sentence].filter(Boolean).join(': '))).toMatchInlineSnapshot(`
    [
      "AccessDenied: User: arn:aws:iam::123456789012:user/agents/hermes-dev-agent is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/leasehold/hermes-dev/hermes-dev-s3-deploy because no role trust policy allows the sts:AssumeRole action",
      "a lease for 15 minutes",
      "allowed",
      "AccessDenied: User: arn:aws:sts::123456789012:assumed-role/hermes-dev-s3-deploy/lh-demo-2 is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::hermes-dev-deploy/1.4.20/app.js" because no identity-based policy allows the s3:PutObject action",
      "AccessDenied: MultiFactorAuthentication failed with invalid MFA one time pass code.",
      "ExpiredToken: The provided token has expired.",
    ]
  `);
  expect(text).toContain('Deploy build 1.4.2 to the dev bucket - ticket OPS-481');
});

it('shows no secret', async () => {
  const { text } = await told();
  expect(text).not.toMatch(/\b\d{6}\b|secret|IQoJ/i);
  expect(text).not.toMatch(/[A-Za-z0-9+/]{40}/);
});

it('says what it needs when the project cannot play it', async () => {
  const sandbox = await aSandbox(DEV);
  expect(() => tellStory(sandbox, anEnvironment({ roles: [] }))).toThrow('has no role s3-deploy');
  await sandbox.stop();
});
