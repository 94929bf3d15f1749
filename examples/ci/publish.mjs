/**
 * Publishes reviews: one comment a plan, found again by its hidden first line and updated; on GitHub code scanning and a
 * commit status, too. Needs Node 20 and nothing else.
 *
 *   node publish.mjs github <reviews>
 *   node publish.mjs gitlab <reviews>
 *
 * What is published where is decided by the platform's own word alone (which commit, which pull request), never by
 * anything that the pull request could have written.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const MARKER = /^<!-- leasehold-review(?:: [A-Za-z0-9][A-Za-z0-9._/-]{0,99})? -->$/;
const PAGE = 100;
/** Other runs publish the other plans of this pull request: their comments are not out of date, and the status is not ours. */
const ONE_OF_SEVERAL = process.env.ONE_OF_SEVERAL === '1';
/** More pages than this are no pull request that anybody reviews. */
const MOST_PAGES = 50;

/** The comments to publish, by their markers. */
function comments(folder) {
  const found = new Map();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.md'))) {
    const body = readFileSync(join(folder, file), 'utf8').trimEnd();
    const marker = firstLine(body);
    if (!MARKER.test(marker)) throw new Error(`${file}: its first line is no marker of a review`);
    found.set(marker, body);
  }
  if (found.size === 0) throw new Error(`${folder}: there is no review`);
  return found;
}

/** Updates the comments that are there, writes those that are not, and marks those that no plan belongs to any more. */
async function publishComments(reviews, own, commit, { update, create }) {
  const foot = `\n\n<sub>At commit \`${commit}\`.</sub>`;
  const seen = new Set();
  for (const { id, body } of own) {
    const marker = firstLine(body);
    if (!MARKER.test(marker) || (ONE_OF_SEVERAL && !reviews.has(marker))) continue;
    // A second one with the same marker is a leftover: nobody should read an old review as the present one.
    const review = seen.has(marker) ? undefined : reviews.get(marker);
    seen.add(marker);
    await update(id, (review ?? `${marker}\n## Leasehold: out of date\n\nThere is no such plan any more.`) + foot);
  }
  for (const [marker, body] of reviews) if (!seen.has(marker)) await create(body + foot);
}

async function github(folder) {
  const repository = need('GITHUB_REPOSITORY', /^[\w.-]+\/[\w.-]+$/);
  const commit = need('HEAD_SHA', /^[0-9a-f]{40}$/);
  const author = process.env.COMMENT_AUTHOR ?? 'github-actions[bot]';
  const api = client(`${need('GITHUB_API_URL')}/repos/${repository}`, {
    authorization: `Bearer ${need('GITHUB_TOKEN')}`,
    accept: 'application/vnd.github+json',
    'x-github-api-version': '2022-11-28',
  });
  const reviews = comments(folder);
  const pulls = await pullRequests(api, commit);
  if (pulls.length === 0) say('no open pull request is at this commit; a newer one is reviewed by itself');
  for (const { number } of pulls) {
    const all = await api.all(`/issues/${number}/comments`);
    await publishComments(
      reviews,
      all.filter(({ user }) => user?.login === author),
      commit,
      {
        update: (id, body) => api.call('PATCH', `/issues/comments/${id}`, { body }),
        create: (body) => api.call('POST', `/issues/${number}/comments`, { body }),
      },
    );
    say(`pull request ${number}: ${reviews.size} commented`);
    if (!ONE_OF_SEVERAL) await uploadSarif(api, folder, commit, `refs/pull/${number}/head`);
  }
  if (ONE_OF_SEVERAL) return;
  const ownPlan = await Promise.all(pulls.map(({ number }) => changesItsReview(api, number)));
  await api.call('POST', `/statuses/${commit}`, { context: 'leasehold/review', ...status(ownPlan.includes(true)) });
}

/** The open pull requests whose head is this commit of this branch of this repository. */
async function pullRequests(api, commit) {
  const given = process.env.PULL_NUMBER;
  if (given !== undefined) return [await api.call('GET', `/pulls/${need('PULL_NUMBER', /^\d+$/)}`)];
  const repository = need('HEAD_REPOSITORY', /^[\w.-]+\/[\w.-]+$/);
  const head = encodeURIComponent(`${repository.split('/')[0]}:${need('HEAD_BRANCH')}`);
  const found = await api.all(`/pulls?state=open&head=${head}`);
  return found.filter((pull) => pull.head.sha === commit && pull.head.repo?.full_name === repository);
}

/** Whether a pull request changes how its own plan is made: then the plan says what it was made to say. */
async function changesItsReview(api, number) {
  const files = await api.all(`/pulls/${number}/files`);
  const paths = files.flatMap(({ filename, previous_filename: before }) => [filename, before ?? filename]);
  // GitHub lists 3,000 files; what is beyond them is not known.
  return files.length >= 3000 || paths.some((path) => /^(?:\.github|examples\/ci)\//.test(path));
}

function status(changesItself) {
  const code = need('REVIEW_CODE', /^\d+$/);
  if (changesItself) return { state: 'failure', description: 'This changes how its plan is made: review it by hand' };
  if (code === '0') return { state: 'success', description: 'No finding is severe enough to stop it' };
  if (code === '1') return { state: 'failure', description: 'There are findings: see the comment' };
  return { state: 'error', description: 'A plan could not be reviewed' };
}

async function uploadSarif(api, folder, commit, ref) {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.sarif'))) {
    const sarif = gzipSync(readFileSync(join(folder, file))).toString('base64');
    try {
      await api.call('POST', '/code-scanning/sarifs', { commit_sha: commit, ref, sarif });
    } catch (error) {
      // A private repository may be without code scanning; the comment says everything.
      if (error.status !== 403 && error.status !== 404) throw error;
      say(`code scanning did not take ${file} (${error.status})`);
    }
  }
}

async function gitlab(folder) {
  const project = need('PROJECT_ID', /^\d+$/);
  const api = client(need('CI_API_V4_URL'), { 'private-token': need('GITLAB_TOKEN') });
  const reviews = comments(folder);
  // The job that planned, as GitLab knows it: its merge request and its commit are not a matter of trust.
  const job = await api.call('GET', `/projects/${project}/jobs/${need('JOB_ID', /^\d+$/)}`);
  const [, iid] = /^refs\/merge-requests\/(\d+)\/(?:head|merge|train)$/.exec(job.ref) ?? [];
  if (iid === undefined) throw new Error('the plan was not made for a merge request');
  const request = await api.call('GET', `/projects/${project}/merge_requests/${iid}`);
  const isPresent = request.sha === job.commit.id || request.head_pipeline?.id === job.pipeline.id;
  if (request.state !== 'opened' || !isPresent) {
    say('the merge request has moved on; its newer commit is reviewed by itself');
    return;
  }
  const me = await api.call('GET', '/user');
  const notes = `/projects/${project}/merge_requests/${iid}/notes`;
  const all = await api.all(notes);
  await publishComments(
    reviews,
    all.filter(({ author }) => author?.id === me.id),
    job.commit.id,
    {
      update: (id, body) => api.call('PUT', `${notes}/${id}`, { body }),
      create: (body) => api.call('POST', notes, { body }),
    },
  );
  say(`merge request ${iid}: ${reviews.size} commented`);
}

/** Calls of an API: one, or every page of a list. */
function client(base, headers) {
  const call = async (method, path, body) => {
    const response = await fetch(base + path, {
      method,
      headers: { ...headers, 'user-agent': 'leasehold', ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
      // A token goes nowhere but to the API that it is for.
      redirect: 'error',
    });
    if (!response.ok) {
      throw Object.assign(new Error(`${method} ${path.split('?')[0]}: ${response.status}`), {
        status: response.status,
      });
    }
    return response.json();
  };
  const all = async (path) => {
    const list = [];
    for (let page = 1; page <= MOST_PAGES; page++) {
      const part = await call('GET', `${path}${path.includes('?') ? '&' : '?'}per_page=${PAGE}&page=${page}`);
      list.push(...part);
      if (part.length < PAGE) return list;
    }
    throw new Error(`${path.split('?')[0]}: more than ${MOST_PAGES * PAGE} entries`);
  };
  return { call, all };
}

function firstLine(text) {
  return text.split(/\r?\n/, 1)[0];
}

function need(name, pattern = /./) {
  const value = process.env[name] ?? '';
  if (!pattern.test(value)) throw new Error(`${name} is missing, or not what it should be`);
  return value;
}

function say(text) {
  process.stdout.write(`publish.mjs: ${text}\n`);
}

const [platform, folder] = process.argv.slice(2);
const publish = { github, gitlab }[platform];
if (publish === undefined || folder === undefined) {
  process.stderr.write('usage: node publish.mjs github|gitlab <reviews>\n');
  process.exit(2);
}
publish(folder).catch((error) => {
  process.stderr.write(`publish.mjs: ${error.message}\n`);
  process.exitCode = 1;
});
