/** The approval channel at a real terminal, from a process whose standard streams are somewhere else. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anApprovalRequest } from '../runtime/support/approval-request';
import { describeWithRealTools } from './support/needs';

const TERMINAL = join(__dirname, '../../runtime/dist/channels/terminal/index.js');

interface Seen {
  readonly shown: string;
  readonly printed: string;
  readonly echoBefore: boolean;
  readonly echoWhileTyping: readonly boolean[];
  readonly status: number;
}

describeWithRealTools('at a terminal', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'leasehold-terminal-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs a program that asks once and prints what came of it, and types. */
  async function ask(keys: readonly (readonly [string, string])[], seconds = 60): Promise<Seen> {
    const program = join(folder, 'ask.cjs');
    const { answerBy: _, expiresAt, ...request } = anApprovalRequest();
    writeFileSync(
      program,
      `const { terminal } = require(${JSON.stringify(TERMINAL)});
      const request = { ...${JSON.stringify(request)}, expiresAt: new Date(${JSON.stringify(expiresAt)}),
        answerBy: new Date(Date.now() + ${seconds * 1000}) };
      terminal()(request, { signal: new AbortController().signal }).then(
        (approval) => console.log(approval.approver, approval.takeCode()),
        (error) => console.log(error.code),
      );`,
    );
    const child = spawn('python3', [join(__dirname, 'support/at_terminal.py')], { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.end(JSON.stringify({ argv: [process.execPath, program], keys }));
    let text = '';
    for await (const chunk of child.stdout) text += chunk;
    return JSON.parse(text);
  }

  it('asks there, shows no code, and lets the process end', async () => {
    const seen = await ask([
      ['Who are you', '2\r'],
      ["Code of oncall's device", '907718\r'],
    ]);
    expect(seen).toMatchObject({ printed: 'oncall 907718\n', status: 0, echoBefore: true });
    expect(seen.shown).toContain('may s3:GetObject, s3:PutObject');
    expect(seen.shown).toContain('Approved by oncall.');
    expect(seen.shown).not.toContain('907');
    expect(seen.echoWhileTyping).toEqual([false, false]);
  });

  it('takes Ctrl-C for a no, which ends no process', async () => {
    const seen = await ask([['Who are you', '\x03']]);
    expect(seen).toMatchObject({ printed: 'denied\n', status: 0 });
  });

  it('lapses, and lets the process end', async () => {
    const seen = await ask([['Who are you', '1\r']], 1);
    expect(seen).toMatchObject({ printed: 'lapsed\n', status: 0 });
    expect(seen.shown).toContain('Lapsed');
  });
});
