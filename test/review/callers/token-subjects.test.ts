/** How much of whose token it is a claim's value fixes. */
import { fixedBy } from '../../../lib/review/callers/token-subjects';

const written = (family: string, value: string) => ({ family, set: false, key: 'issuer:claim', value });

test.each([
  // GitHub.
  ['sub', 'repo:acme/app:*', 'one'],
  ['sub', 'repo:acme/app:ref:refs/heads/*', 'one'],
  ['sub', 'repo:acme@1234/app@5678:*', 'one'],
  ['sub', 'repo:acme/app*', 'owner'],
  ['sub', 'repo:acme/*', 'owner'],
  ['sub', 'repo:acme/*:ref:refs/heads/main', 'owner'],
  ['sub', 'repo:acme*', 'nothing'],
  ['sub', 'repo:*/app:ref:refs/heads/main', 'nothing'],
  ['sub', 'repo:?cme/app:*', 'nothing'],
  ['sub', '*', 'nothing'],
  ['sub', '*:repo:acme/app:*', 'nothing'],
  ['sub', 'workflow:deploy:repo:acme/app:*', 'one'],
  ['sub', 'workflow:deploy:repo:acme/*', 'owner'],
  ['sub', 'repository_owner:acme:*', 'owner'],
  ['sub', 'repository_id:1234:*', 'one'],
  ['sub', 'repository_id:12*', 'nothing'],
  ['sub', 'job_workflow_ref:acme/shared/.github/workflows/deploy.yml@*', 'owner'],
  ['sub', 'environment:prod:*', 'nothing'],
  ['repository', 'acme/app', 'one'],
  ['repository', 'acme/*', 'owner'],
  ['repository', 'acme*', 'nothing'],
  ['repository_owner', 'acme', 'owner'],
  ['repository_owner', 'acme*', 'nothing'],
  ['repository_owner_id', '1234', 'owner'],
  ['organization', 'acme', 'owner'],
  ['job_workflow_ref', 'acme/shared/.github/workflows/deploy.yml@refs/heads/main', 'owner'],
  ['job_workflow_ref', 'acme/*', 'owner'],
  ['job_workflow_ref', 'acme*', 'nothing'],
  ['environment', 'prod', undefined],
  ['actor', 'octocat', undefined],
  // GitLab.
  ['sub', 'project_path:acme/app:ref_type:branch:*', 'one'],
  ['sub', 'project_path:acme/team/*', 'owner'],
  ['sub', 'project_path:acme*/app:ref_type:branch:ref:main', 'nothing'],
  ['sub', 'acme*/project:main', 'nothing'],
  ['namespace_path', 'acme', 'owner'],
  // HCP Terraform, Buildkite, Vercel, CircleCI, Bitbucket.
  ['sub', 'organization:acme:project:p:workspace:w:run_phase:*', 'one'],
  ['sub', 'organization:acme:project:p:workspace:*', 'one'],
  ['sub', 'organization:acme:*', 'owner'],
  ['sub', 'organization:acme*:project:p:workspace:w:run_phase:apply', 'nothing'],
  ['sub', 'organization:*:project:p:workspace:w:run_phase:apply', 'nothing'],
  ['sub', 'organization:acme:pipeline:deploy:*', 'one'],
  ['sub', 'owner:acme:project:site:environment:*', 'one'],
  ['sub', 'org/1111/project/2222/user/*', 'one'],
  ['sub', 'org/1111/*', 'owner'],
  ['sub', '{8a1f2b3c-0000-4000-8000-000000000001}*:*', 'one'],
  ['sub', '{8a1f*', 'nothing'],
  // Clusters.
  ['sub', 'system:serviceaccount:app:worker', 'one'],
  ['sub', 'system:serviceaccount:app:*', 'owner'],
  ['sub', 'system:serviceaccount:app:work*', 'owner'],
  ['sub', 'system:serviceaccount:app*:worker', 'nothing'],
  ['sub', 'system:serviceaccount:*:worker', 'nothing'],
  // People, and whoever has no form of their own.
  ['sub', '1*', 'nothing'],
  ['sub', 'auth0|*', 'owner'],
  ['sub', 'acme/project:*', 'one'],
  ['sub', 'sc://acme/*', 'owner'],
  ['sub', '${aws:PrincipalTag/sub}', 'nothing'],
] as const)('%s like %s: %s', (claim, value, fixed) => {
  expect(fixedBy(claim, written('StringLike', value))).toBe(fixed);
});

test.each([
  ['sub', '108912341234123412341', 'one'],
  ['sub', 'repo:acme/app:pull_request', 'one'],
  ['sub', 'repository_owner:acme', 'owner'],
  ['sub', 'environment:prod', 'nothing'],
  // No token has a star: whoever writes one here lets nobody in.
  ['sub', 'repo:*', 'one'],
  ['sub', 'organization:acme*:project:p', 'one'],
  ['repository_owner', '*', 'one'],
] as const)('%s equal to %s: %s', (claim, value, fixed) => {
  expect(fixedBy(claim, written('StringEquals', value))).toBe(fixed);
});
