/**
 * The AWS provider as a folder that Terraform links to. A mirror made with `terraform providers mirror` has it zipped, and
 * every `terraform init` would unpack some 600 MB; here Terraform unpacks it once, for all suites and all later runs.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

const AWS = join('registry.terraform.io', 'hashicorp', 'aws');
const PINNED = join(__dirname, '..', '..', 'plans', 'provider.tf');

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
    const provider = place && join(place, AWS);
    return provider && existsSync(provider) && readdirSync(provider).length > 0;
  });
}

/** A mirror with the provider unpacked: the one of this machine, or one made of it or of the registry. */
export function unpackedMirror(mirror: string | undefined = providerMirror()): string {
  if (mirror !== undefined && !isPacked(mirror)) return mirror;
  const source = createHash('sha256').update(`${userInfo().uid} ${mirror}`).digest('hex').slice(0, 16);
  const unpacked = join(tmpdir(), `leasehold-terraform-providers-${source}`);
  if (existsSync(join(unpacked, AWS))) return unpacked;
  const work = mkdtempSync(`${unpacked}-`);
  try {
    copyFileSync(PINNED, join(work, 'provider.tf'));
    const settings = join(work, 'terraform.rc');
    writeFileSync(settings, installation(mirror));
    const env = { ...process.env, TF_CLI_CONFIG_FILE: settings, CHECKPOINT_DISABLE: '1' };
    const init = spawnSync('terraform', ['init', '-input=false', '-no-color'], { cwd: work, env, encoding: 'utf8' });
    if (init.status !== 0) throw new Error(`terraform cannot unpack the AWS provider: ${init.stderr}`);
    publish(join(work, '.terraform', 'providers'), unpacked);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return unpacked;
}

/** Settings with which Terraform takes providers from a mirror, or without one from its registry, and tells nobody. */
export function installation(mirror: string | undefined): string {
  const from =
    mirror === undefined
      ? ''
      : `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`;
  return `disable_checkpoint = true\n${from}`;
}

function isPacked(mirror: string): boolean {
  return readdirSync(join(mirror, AWS)).some((name) => name.endsWith('.zip'));
}

/** Renames it into place. Another process that was first made the same. */
function publish(made: string, place: string): void {
  try {
    renameSync(made, place);
  } catch (error) {
    if (!existsSync(join(place, AWS))) throw error;
  }
}
