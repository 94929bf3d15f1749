/** `examples/ci`: what people copy has to be what it says. */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { leasehold, newFolder, removeFolders } from '../cli/support';
import { LEASEHOLD } from '../support/sources';

afterAll(removeFolders);

const ROOT = join(__dirname, '..', '..');
const CI = join(ROOT, 'examples', 'ci');
const files = readdirSync(CI, { recursive: true, encoding: 'utf8' }).sort();
const texts = new Map(
  files.filter((file) => /\.(?:ya?ml|sh|mjs)$/.test(file)).map((file) => [file, readFileSync(join(CI, file), 'utf8')]),
);
const text = (file: string): string => texts.get(file) ?? '';

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly if: string;
        readonly permissions: Readonly<Record<string, string>>;
        readonly steps: readonly {
          readonly uses?: string;
          readonly run?: string;
          readonly with?: Readonly<Record<string, unknown>>;
        }[];
      }
    >
  >;
}

function yaml(file: string): unknown {
  const document = parseDocument(text(file), { strict: true });
  expect([file, document.errors, document.warnings]).toEqual([file, [], []]);
  return document.toJS();
}

const plan = yaml('github/leasehold-plan.yml') as Workflow;
const review = yaml('github/leasehold-review.yml') as Workflow;
const stepsOf = (workflow: Workflow) => Object.values(workflow.jobs).flatMap(({ steps }) => steps);

describe('every file', () => {
  it.each([...texts.keys()].filter((file) => /\.ya?ml$/.test(file)))('%s is YAML', (file) => {
    expect(yaml(file)).toEqual(expect.any(Object));
  });

  it.each([...texts.keys()].filter((file) => file.endsWith('.sh')))('%s is bash', (file) => {
    const { status, stderr } = spawnSync('bash', ['-n', join(CI, file)], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(text(file)).toMatch(/^#!\/usr\/bin\/env bash\n/);
    expect(text(file)).toContain('set -euo pipefail');
  });

  it('names only files and options that there are', async () => {
    const all = [...texts.values()].join('\n');
    const named = [...all.matchAll(/\bexamples\/ci\/[\w./-]*\.(?:sh|mjs)/g)].map(([path]) => path);
    expect(new Set(named).size).toBeGreaterThan(3);
    for (const path of named) expect([path, existsSync(join(ROOT, path))]).toEqual([path, true]);
    const help = (await leasehold('review --help')).out;
    const options = [...text('review.sh').matchAll(/ (--[a-z-]+) /g)].map(([, option]) => option);
    expect(options).toContain('--out');
    for (const option of options) expect(help).toContain(`${option} <`);
  });
});

describe('on GitHub', () => {
  it('every action is pinned to a whole commit, with its version beside it', () => {
    const all = text('github/leasehold-plan.yml') + text('github/leasehold-review.yml');
    const uses = all.split('\n').filter((line) => /\buses:/.test(line));
    expect(uses.length).toBeGreaterThan(3);
    for (const line of uses) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('what runs the code of a pull request has no secret and can write nothing', () => {
    expect(Object.keys(plan.on)).toEqual(['pull_request']);
    expect(plan.permissions).toEqual({});
    for (const { permissions, if: condition } of Object.values(plan.jobs)) {
      // `id-token: write` lets it ask for a token of its own, and nothing else: it is the only way to do that.
      expect(permissions).toEqual({ contents: 'read', 'id-token': 'write' });
      expect(condition).toContain('head.repo.full_name == github.repository');
    }
    expect(text('github/leasehold-plan.yml')).not.toMatch(/secrets\.|github\.token|GITHUB_TOKEN|pull_request_target/);
  });

  it('what can write never checks out the pull request, nor runs what it made', () => {
    expect(Object.keys(review.on)).toEqual(['workflow_run']);
    expect(review.permissions).toEqual({});
    for (const { uses, with: inputs } of stepsOf(review)) {
      if (uses === undefined) continue;
      expect(uses).toMatch(/^actions\/checkout@/);
      expect(JSON.stringify(inputs)).not.toMatch(/head|pull_request|merge/);
    }
    const runs = stepsOf(review).flatMap(({ run }) => (run === undefined ? [] : [run]));
    for (const run of runs) expect(run).not.toMatch(/(?:bash|sh|node|source|\.) +["']?(?:plans|reviews)\//);
  });

  it('no step puts what others wrote into a script, and no checkout leaves its token behind', () => {
    for (const { run, uses, with: inputs } of [...stepsOf(plan), ...stepsOf(review)]) {
      expect(run ?? '').not.toContain('${{');
      if (uses?.startsWith('actions/checkout')) expect(inputs).toMatchObject({ 'persist-credentials': false });
    }
  });

  it('the second workflow follows the first by its name', () => {
    const { workflow_run: trigger } = review.on as { workflow_run: { workflows: string[] } };
    expect(trigger.workflows).toEqual([(plan as unknown as { name: string }).name]);
  });
});

describe('on GitLab', () => {
  it('the token is in the other project alone, which takes nothing but listed projects and numbers', () => {
    expect(text('gitlab/plan.gitlab-ci.yml')).not.toMatch(/TOKEN(?!_FILE)(?<!AWS_ID_TOKEN)/);
    const jobs = yaml('gitlab/review.gitlab-ci.yml') as Record<string, { script: string[]; rules: { if: string }[] }>;
    const job = jobs['leasehold-review'];
    expect(job?.rules.map((rule) => rule.if)).toEqual([
      '$CI_PIPELINE_SOURCE == "pipeline" && $CI_COMMIT_REF_PROTECTED == "true"',
    ]);
    const guard = job?.script[0] ?? '';
    const allowed = (project: string, jobId: string) =>
      spawnSync('bash', ['-c', guard], {
        env: { PLAN_PROJECT_ID: project, PLAN_JOB_ID: jobId, REVIEWED_PROJECTS: '12 34' },
      }).status;
    expect([allowed('12', '5'), allowed('34', '77')]).toEqual([0, 0]);
    for (const [project, id] of [
      ['1', '5'],
      ['', '5'],
      ['12 34', '5'],
      ['12', '5/../../9'],
      ['12', ''],
      ['*', '5'],
    ]) {
      expect(allowed(project ?? '', id ?? '')).toBe(1);
    }
  });
});

describe('review.sh', () => {
  const CLI = [process.execPath, ...LEASEHOLD].join(' ');
  const PLAN = readFileSync(join(ROOT, 'test', 'cli', 'plans', 'thumbnails', 'plan.json'));
  const NOTHING = '{"format_version":"1.2","terraform_version":"1.11.4","resource_changes":[],"configuration":{}}';
  const run = (plans: Readonly<Record<string, string | Uint8Array>>, ...options: readonly string[]) => {
    const cwd = newFolder();
    mkdirSync(join(cwd, 'plans'));
    for (const [name, content] of Object.entries(plans)) writeFileSync(join(cwd, 'plans', name), content);
    symlinkSync('/etc/hostname', join(cwd, 'plans', 'link.json'));
    const env = { PATH: process.env.PATH ?? '', LEASEHOLD: CLI };
    const { status } = spawnSync('bash', [join(CI, 'review.sh'), 'plans', 'reviews', ...options], { cwd, env });
    const made = readdirSync(join(cwd, 'reviews')).sort();
    return { status, made, read: (name: string) => readFileSync(join(cwd, 'reviews', name), 'utf8') };
  };

  it('reviews every plan and ends with the worst exit code', () => {
    const { status, made, read } = run({ 'dev.json': NOTHING, 'prod.json': PLAN });
    expect(status).toBe(1);
    expect(made).toEqual(['dev.json', 'dev.md', 'dev.sarif', 'prod.json', 'prod.md', 'prod.sarif']);
    expect(read('dev.md')).toMatch(/^<!-- leasehold-review: dev -->\n## ✅ /);
    expect(read('prod.md')).toMatch(/^<!-- leasehold-review: prod -->\n## ⛔ /);
  });

  it('hands its further options to the review', () => {
    expect(run({ 'dev.json': NOTHING }, '--fail-on', 'info').status).toBe(0);
    expect(run({ 'dev.json': NOTHING }, '--fail-on', 'awful').status).toBe(2);
  });

  it('says so in the comment when a plan cannot be read, without a word of the plan', () => {
    const { status, made, read } = run({ 'dev.json': `${PLAN.toString('utf8', 0, 900)} @octocat`, 'prod.json': PLAN });
    expect(status).toBe(2);
    expect(made).toEqual(['dev.md', 'prod.json', 'prod.md', 'prod.sarif']);
    expect(read('dev.md')).toMatch(
      /^<!-- leasehold-review: dev -->\n## ⛔ Leasehold, `dev`: the plan could not be reviewed\n/,
    );
    expect(read('dev.md')).not.toContain('octocat');
  });

  it('says so where there is no plan', () => {
    const { status, made, read } = run({});
    expect([status, made]).toEqual([2, ['plan.md']]);
    expect(read('plan.md')).toMatch(/^<!-- leasehold-review -->\n## ⛔ Leasehold: there is no plan to review\n/);
  });

  it.each(['a b.json', '$(id).json', '--out.json', 'x--y.json', '-x.json', 'ä.json', "'.json", 'a`b`.json'])(
    'reviews no plan of the name %j, and does not pass',
    (name) => {
      const { status, made } = run({ [name]: NOTHING, 'dev.json': NOTHING });
      expect([status, made]).toEqual([2, ['dev.json', 'dev.md', 'dev.sarif']]);
    },
  );
});

describe('plan.sh', () => {
  /** A Terraform that notes how it was called, and plans what its folder is called. */
  const TERRAFORM = `#!/usr/bin/env bash
    echo "$*" >> "$LOG"
    for word in "$@"; do case $word in -out=*) echo binary > "\${word#-out=}" ;; esac; done
    if [ "$2" = show ]; then echo "{\\"folder\\": \\"$1\\"}"; fi
    [ "$2" != "\${BREAKS:-}" ]`;
  const run = (layout: readonly string[], args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) => {
    const cwd = join(newFolder(), 'my project');
    const bin = newFolder();
    mkdirSync(cwd);
    for (const path of layout) {
      mkdirSync(join(cwd, path, '..'), { recursive: true });
      writeFileSync(join(cwd, path), '');
    }
    writeFileSync(join(bin, 'terraform'), TERRAFORM, { mode: 0o755 });
    writeFileSync(join(bin, 'npx'), '#!/bin/sh\necho "npx $*" >> "$LOG"\n', { mode: 0o755 });
    const log = join(bin, 'log');
    const { status } = spawnSync('bash', [join(CI, 'plan.sh'), ...args], {
      cwd,
      env: { PATH: `${bin}:${process.env.PATH}`, LOG: log, ...env },
    });
    const plans = existsSync(join(cwd, 'plans')) ? readdirSync(join(cwd, 'plans')).sort() : [];
    return { status, plans, calls: existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [] };
  };

  it('plans the folder where it is started', () => {
    const { status, plans, calls } = run(['main.tf', '.terraform.lock.hcl']);
    expect([status, plans]).toEqual([0, ['my-project.json']]);
    expect(calls.map((call) => call.split(' ').slice(0, 2).join(' '))).toEqual([
      '-chdir=. init',
      '-chdir=. plan',
      '-chdir=. show',
    ]);
    expect(calls[0]).toContain('-lockfile=readonly');
  });

  it('synthesizes first where there is a cdktf.json, and plans every stack', () => {
    const stacks = ['hermes-dev', 'hermes-prod'].map((name) => `cdktf.out/stacks/${name}/cdk.tf.json`);
    const { status, plans, calls } = run(['cdktf.json', ...stacks]);
    expect([status, plans]).toEqual([0, ['hermes-dev.json', 'hermes-prod.json']]);
    expect(calls[0]).toBe('npx cdktf synth');
  });

  it('plans the folders that it is given', () => {
    expect(run(['a/main.tf', 'b/main.tf'], ['a', 'b']).plans).toEqual(['a.json', 'b.json']);
  });

  it.each(['init', 'plan', 'show'])('fails when terraform %s fails', (BREAKS) => {
    expect(run(['main.tf'], [], { BREAKS }).status).not.toBe(0);
  });

  it('does not write one plan over another', () => {
    expect(run(['a/x/main.tf', 'b/x/main.tf'], ['a/x', 'b/x']).status).toBe(2);
  });
});

describe('policy-check.sh of Atlantis', () => {
  const run = (leaseholdCode: number, publishCode = 0) => {
    const home = newFolder();
    mkdirSync(join(home, 'examples', 'ci'), { recursive: true });
    writeFileSync(join(home, 'examples', 'ci', 'review.sh'), text('review.sh'));
    writeFileSync(join(home, 'examples', 'ci', 'publish.mjs'), `console.log('fail'); process.exit(${publishCode});`);
    writeFileSync(join(home, 'plan.json'), '{}');
    const tool = join(home, 'tool');
    writeFileSync(
      tool,
      `#!/usr/bin/env bash\necho "this would fail @octocat"\nfor f in "$@"; do case $f in *.md) echo x > "$f" ;; esac; done\nexit ${leaseholdCode}\n`,
      { mode: 0o755 },
    );
    const { status, stdout } = spawnSync('bash', [join(CI, 'atlantis', 'policy-check.sh')], {
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH ?? '',
        LEASEHOLD_HOME: home,
        LEASEHOLD: tool,
        SHOWFILE: join(home, 'plan.json'),
        REPO_REL_DIR: 'live/prod',
        WORKSPACE: 'default',
        BASE_REPO_OWNER: 'acme',
        BASE_REPO_NAME: 'infra',
        ATLANTIS_GH_TOKEN: 'x',
        ATLANTIS_GH_USER: 'atlantis',
        HEAD_COMMIT: 'a'.repeat(40),
        PULL_NUM: '3',
      },
    });
    return { status, stdout };
  };

  it.each([
    [0, 'leasehold: pass\n'],
    [1, 'leasehold: fail: there are findings, see the comment\n'],
    [2, 'leasehold: fail: the plan could not be reviewed\n'],
    [70, 'leasehold: fail: the plan could not be reviewed\n'],
  ])('after exit code %d says %j, and nothing of the plan', (code, said) => {
    expect(run(code)).toEqual({ status: 0, stdout: said });
  });

  it('does not pass when the comment could not be published', () => {
    const { status, stdout } = run(0, 1);
    expect([status === 0, stdout]).toEqual([false, '']);
  });
});

describe('the pages on it', () => {
  const pages = ['docs/ci.md', 'docs/plan-review.md', 'examples/ci/README.md'];
  const page = (path: string) => readFileSync(join(ROOT, path), 'utf8');

  it.each(pages)('%s links to what there is', (path) => {
    const links = [...page(path).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)];
    expect(links.length).toBeGreaterThan(0);
    for (const [, target = '', anchor] of links) {
      const file = target === '' ? join(ROOT, path) : join(ROOT, path, '..', target);
      expect([target, existsSync(file)]).toEqual([target, true]);
      if (anchor === undefined) continue;
      const headings = [...readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
        heading.toLowerCase().replaceAll(' ', '-'),
      );
      expect(headings).toContain(anchor);
    }
  });

  it('name every variable that is to be set', () => {
    const github = [...texts].filter(([file]) => file.startsWith('github/')).map(([, content]) => content);
    const variables = [...github.join('\n').matchAll(/vars\.(\w+)/g)].map(([, name]) => name);
    for (const name of [
      'GITLAB_TOKEN',
      'REVIEWED_PROJECTS',
      'LEASEHOLD_PLAN_IMAGE',
      'LEASEHOLD_REVIEW_IMAGE',
      ...variables,
    ]) {
      expect(page('docs/ci.md')).toContain(`\`${name}\``);
    }
  });

  it('show a review as it is', async () => {
    const [, shown = ''] = /```text\n([\s\S]*?)```/.exec(page('docs/plan-review.md')) ?? [];
    const { out } = await leasehold('review plan.json', { cwd: join(ROOT, 'test', 'cli', 'plans', 'thumbnails') });
    expect(shown.length).toBeGreaterThan(100);
    expect(out).toContain(`\n\n${shown}\n`);
  });

  it('describe every exit code and format of the command', async () => {
    const help = (await leasehold('review --help')).out;
    const codes = [...help.matchAll(/^ {2}(\d+) {2,}/gm)].map(([, code]) => code);
    expect(codes).toEqual(['0', '1', '2', '70']);
    for (const code of codes) expect(page('docs/plan-review.md')).toContain(`\n| ${code} | `);
    for (const option of ['--markdown', '--json', '--sarif', '--out', '--fail-on', '--name', '--account', '--roles']) {
      expect(help).toContain(option);
      expect(page('docs/plan-review.md')).toContain(`\`${option}`);
    }
  });
});
