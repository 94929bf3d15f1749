/**
 * One task for an agent of any framework, with a model that follows a script: upload a file to release 1.4.2 under a lease
 * that a human approves; then try another release, and stop at the denial.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manifest } from '@leasehold/documents';
import type { Sandbox } from '@leasehold/sandbox';
import { aSandbox, DEV } from '../../sandbox/support/sandbox';
import { type Approver, startApprover } from './approver';

const BIN = join(__dirname, '../../../lib/cli/bin/leasehold.js');

/** What the model does next: a call of a tool, or its last words. */
export type Move = { readonly tool: string; readonly args: Record<string, unknown> } | { readonly text: string };

export class McpStory {
  /** Everything that the model was shown, as text. */
  seen = '';
  #step = 0;

  private constructor(
    readonly sandbox: Sandbox,
    readonly approver: Approver,
    readonly folder: string,
  ) {}

  static async open(): Promise<McpStory> {
    const sandbox = await aSandbox();
    const folder = mkdtempSync(join(tmpdir(), 'leasehold-mcp-e2e-'));
    const approver = await startApprover(sandbox, folder);
    writeFileSync(join(folder, 'leasehold.json'), JSON.stringify(manifest(DEV)));
    mkdirSync(join(folder, 'run'), { mode: 0o700 });
    mkdirSync(join(folder, 'files'), { mode: 0o700 });
    writeFileSync(join(folder, 'files', 'app.js'), 'console.log(1)');
    return new McpStory(sandbox, approver, folder);
  }

  /** How a client starts the server. */
  get server(): { command: string; args: string[]; cwd: string; env: Record<string, string> } {
    return {
      command: process.execPath,
      args: [BIN, 'mcp', '--files', 'files'],
      cwd: this.folder,
      env: {
        PATH: process.env.PATH ?? '',
        HOME: this.folder,
        ...this.sandbox.env,
        LEASEHOLD_APPROVE: this.approver.channel,
        XDG_RUNTIME_DIR: join(this.folder, 'run'),
      },
    };
  }

  /** The next move of the model, which has been shown this. */
  next(prompt: unknown): Move {
    const shown = JSON.stringify(prompt);
    this.seen += shown;
    const lease = /lh-[0-9a-z]{26}/.exec(shown)?.[0] ?? '';
    const put = (Key: string): Move => ({
      tool: 'call_aws',
      args: {
        lease,
        service: 's3',
        operation: 'PutObject',
        input: { Bucket: 'hermes-dev-deploy', Key, Body: { $file: 'app.js' } },
      },
    });
    const reason = 'Upload build 1.4.2 for ticket OPS-481';
    const moves: readonly Move[] = [
      { tool: 'list_roles', args: {} },
      { tool: 'request_lease', args: { role: 's3-deploy', parameters: { release: '1.4.2' }, reason } },
      { tool: 'lease_status', args: { lease } },
      put('1.4.2/app.js'),
      put('1.4.3/app.js'),
      { tool: 'end_lease', args: { lease } },
    ];
    const denied = /Do not retry/.test(shown) ? 'AWS denied 1.4.3, and I stopped.' : 'It is not denied.';
    return moves[this.#step++] ?? { text: denied };
  }

  /** What AWS saw of it. */
  uploads(): readonly unknown[] {
    return this.sandbox.log.events
      .filter(({ eventName }) => eventName === 'PutObject')
      .map(({ verdict, requestParameters }) => [verdict, (requestParameters as { key?: string }).key]);
  }

  /** Fails if the model was shown a credential. */
  expectNoCredential(): void {
    const { accessKeyId, secretAccessKey } = this.sandbox.keys;
    const issued = JSON.stringify(this.sandbox.log.events).match(/ASIA[A-Z0-9]{12,}/g) ?? [];
    expect(issued).not.toEqual([]);
    for (const secret of [accessKeyId, secretAccessKey, ...issued]) expect(this.seen.includes(secret)).toBe(false);
    expect(this.seen).not.toMatch(/secretAccessKey|sessionToken|X-Amz-Security-Token/i);
  }

  async close(): Promise<void> {
    await this.approver.stop();
    await this.sandbox.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
