/** What the end-to-end tests need beside Node, and how to install what is missing. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

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

/**
 * Folder with provider binaries: `TF_PLUGIN_DIR`, else the first of Terraform's own places that has the AWS provider.
 * Source: https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories
 */
export function providerMirror(): string | undefined {
  const places = [
    process.env.TF_PLUGIN_DIR,
    join(homedir(), '.terraform.d', 'plugins'),
    join(process.env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'terraform', 'plugins'),
    '/usr/local/share/terraform/plugins',
    '/usr/share/terraform/plugins',
  ];
  return places.find((place) => {
    const provider = place && join(place, 'registry.terraform.io', 'hashicorp', 'aws');
    return provider && existsSync(provider) && readdirSync(provider).length > 0;
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
