/** What the end-to-end tests need beside Node, and how to install what is missing. */
import { spawnSync } from 'node:child_process';
import { providerMirror } from './provider';

/** A suite over real tools. Where one is missing the suite fails, and names it. */
export function describeWithRealTools(name: string, suite: () => void): void {
  const absent = missing();
  if (absent.length === 0) {
    describe(name, suite);
    return;
  }
  const message = `end-to-end tests need:\n${absent.map((each) => `  - ${each}`).join('\n')}`;
  describe(name, () => {
    it('finds its tools', () => {
      throw new Error(message);
    });
  });
}

function missing(): readonly string[] {
  const absent: string[] = [];
  if (!works('terraform', ['version'])) {
    absent.push('terraform 1.11: https://developer.hashicorp.com/terraform/install');
  }
  if (!works('python3', ['-c', 'import moto.server, flask'])) {
    absent.push("moto's server, on Python 3.9 or later: python3 -m pip install 'moto[server]==5.2.1'");
  }
  if (!works('python3', ['-c', 'import boto3'])) absent.push('boto3: python3 -m pip install boto3');
  if (!works('aws', ['--version'])) absent.push('the AWS CLI: python3 -m pip install awscli');
  if (!works('s3cmd', ['--version'])) absent.push('s3cmd: apt-get install s3cmd');
  if (!providerMirror() && !reachesRegistry()) {
    absent.push(
      'the AWS provider: a way to registry.terraform.io, or a mirror made with `terraform providers mirror <folder>` ' +
        'and named in TF_PLUGIN_DIR',
    );
  }
  return absent;
}

function works(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore', timeout: 60_000 }).status === 0;
}

function reachesRegistry(): boolean {
  const probe =
    "fetch('https://registry.terraform.io/.well-known/terraform.json').then((r) => process.exit(r.ok ? 0 : 1))";
  return works(process.execPath, ['-e', probe]);
}
