import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { guardrails } from '@leasehold/guardrails';
import { projectSarif } from '../../lib/cli/render/sarif';
import { expectGoldenText, leasehold, newProject, project, removeFolders } from './support';

afterAll(removeFolders);

const BROKEN = { cwd: project('broken') };

describe('validate, for people', () => {
  it('shows the waivers in force and what was checked, and ends with 0', async () => {
    const { code, out, err } = await leasehold('validate');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expectGoldenText('validate.txt', out);
    expect(out).toContain('waived scoped-resources for role queue-clean, until 2027-03-31 (129 days left)');
  });

  it('shows every complaint with its place, a caret and the hint, and ends with 1', async () => {
    const { code, out, err } = await leasehold('validate', BROKEN);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expectGoldenText('validate-broken.txt', out);
    expect(out).toContain('roles/bad-scope.yaml:8:15 error');
    expect(out).toContain('Did you mean `s3:PutObject`?');
  });

  it('reads the paths that are named', async () => {
    const { code, out } = await leasehold('validate roles/project.yaml roles/ec2-read.yaml');
    expect({ code, out }).toEqual({ code: 0, out: '1 role, 2 environments, 2 files: no errors\n' });
  });

  it('turns a waiver into an error on the day after it ends', async () => {
    const last = await leasehold('validate', { today: '2027-03-31' });
    expect(last.code).toBe(0);
    expect(last.out).toContain('until 2027-03-31 (ends today)');
    const after = await leasehold('validate', { today: '2027-04-01' });
    expect(after.code).toBe(1);
    expect(after.out).toContain('[waiver-ended]');
  });

  it('counts warnings without failing', async () => {
    const { code, out } = await leasehold('validate', { cwd: project('workloads') });
    expect(code).toBe(0);
    expect(out).toMatch(/: no errors, 1 warning, 1 note\n$/);
  });
});

describe('validate --json', () => {
  it('has the documented shape', async () => {
    const { code, out, err } = await leasehold('validate --json');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expectGoldenText('validate.json', out);
    expect(Object.keys(JSON.parse(out))).toEqual(['version', 'findings', 'waived', 'summary']);
  });

  it('has every finding, and fails like the text', async () => {
    const { code, out } = await leasehold('validate --json', BROKEN);
    expect(code).toBe(1);
    expectGoldenText('validate-broken.json', out);
    const { findings, summary } = JSON.parse(out);
    expect(summary.errors).toBe(findings.length);
  });

  it('is JSON also where nothing can be read', async () => {
    const { code, out } = await leasehold('validate --json nowhere');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ version: 1, summary: { project: null, files: 0, errors: 1 } });
  });
});

describe('validate --sarif', () => {
  it('is a log of one run', async () => {
    const { code, out, err } = await leasehold('validate --sarif', BROKEN);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    const log = JSON.parse(out);
    expect(log.version).toBe('2.1.0');
    expect(log.$schema).toMatch(/^https:\/\/.*sarif-schema-2\.1\.0\.json$/);
    expect(log.runs).toHaveLength(1);
    expect(log.runs[0]).toMatchObject({ tool: { driver: { name: 'leasehold' } }, columnKind: 'utf16CodeUnits' });
    // The index counts the rules before it, of which there will be more.
    const results = log.runs[0].results.map((result: object) => ({ ...result, ruleIndex: 'checked below' }));
    expectGoldenText('validate-broken-results.sarif.json', `${JSON.stringify(results, null, 2)}\n`);
  });

  it('describes every guardrail once, and every other rule that found something', async () => {
    const { out } = await leasehold('validate --sarif nowhere');
    const ids: string[] = JSON.parse(out).runs[0].tool.driver.rules.map(({ id }: { id: string }) => id);
    expect(ids).toEqual([...guardrails.map(({ id }) => id), 'file-unreadable'].sort());
  });

  it('carries the page of every guardrail, as text and, where the pages are published, as an absolute address', async () => {
    const project = { definitions: undefined, files: 0, findings: [], waived: [] };
    const addressed = projectSarif(project, { version: '1.0.0', homepage: 'https://leasehold.example/v1' });
    const bare = projectSarif(project, { version: '1.0.0' });
    for (const [index, { id, page }] of [...guardrails].sort((a, b) => (a.id < b.id ? -1 : 1)).entries()) {
      expect(addressed.runs[0]?.tool.driver.rules[index]).toMatchObject({
        id,
        helpUri: `https://leasehold.example/v1/${page}`,
        help: { markdown: readFileSync(join(__dirname, '..', '..', page), 'utf8') },
      });
      expect(bare.runs[0]?.tool.driver.rules[index]).not.toHaveProperty('helpUri');
    }
  });

  it('gives each result a rule, a level, a message, and a place that counts from 1 in a relative address', async () => {
    for (const cwd of [project('broken'), project('hermes'), project('workloads')]) {
      const { out } = await leasehold('validate --sarif', { cwd });
      const { results, tool } = JSON.parse(out).runs[0];
      expect(results.length).toBeGreaterThan(0);
      for (const { ruleId, ruleIndex, level, message, locations } of results) {
        expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
        expect(['error', 'warning', 'note']).toContain(level);
        expect(message.text).not.toBe('');
        expect(locations).toHaveLength(1);
        const { artifactLocation, region } = locations[0].physicalLocation;
        expect(artifactLocation).toEqual({
          uri: expect.stringMatching(/^roles\/[a-z0-9-]+\.yaml$/),
          uriBaseId: '%SRCROOT%',
        });
        expect(region.startLine).toBeGreaterThanOrEqual(1);
        expect(region.startColumn).toBeGreaterThanOrEqual(1);
        expect(region.endLine).toBeGreaterThanOrEqual(region.startLine);
        expect(region.endColumn).toBeGreaterThanOrEqual(region.endLine > region.startLine ? 1 : region.startColumn);
      }
    }
  });

  it('keeps what is waived, as suppressed, with the reason', async () => {
    const { code, out } = await leasehold('validate --sarif');
    expect(code).toBe(0);
    const [result] = JSON.parse(out).runs[0].results;
    expect(result).toMatchObject({
      ruleId: 'scoped-resources',
      suppressions: [{ kind: 'inSource' }],
    });
    expect(result.suppressions[0].justification).toMatch(/made anew every night.*until 2027-03-31/);
  });

  it('escapes what an address may not hold', async () => {
    const cwd = newProject({ 'ein #1 weiß:es.yaml': 'kind: Rolle\n' });
    const { out } = await leasehold('validate --sarif', { cwd });
    const [{ locations }] = JSON.parse(out).runs[0].results;
    expect(locations[0].physicalLocation.artifactLocation.uri).toBe('roles/ein%20%231%20wei%C3%9F%3Aes.yaml');
  });

  it('is the same log in every folder', async () => {
    const text = { 'a.yaml': 'kind: Rolle\n' };
    const [one, two] = [newProject(text), newProject(text)];
    const logs = [await leasehold('validate --sarif', { cwd: one }), await leasehold('validate --sarif', { cwd: two })];
    expect(logs[0]).toEqual(logs[1]);
    expect(logs[0]?.out).not.toContain(one);
  });
});
