/**
 * Lets Terraform plan configurations of other providers and of registry modules with the AWS provider alone: what another
 * provider makes becomes `terraform_data`, of which a plan knows as little before the apply. Only copies are changed.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

/** Providers, and data sources that moto does not know, of which only `terraform_data` is left. */
const OTHERS =
  'archive|aws_ami|aws_ecrpublic_authorization_token|cloudinit|docker|external|helm|http|kubectl|kubernetes|local|null|opensearch|random|template|time|tls';

/** Rewrites every file of a folder and of those below it. `registry` has the folder of each module of the registry. */
export function useStandIns(path: string, registry: (name: string) => string | undefined): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) useStandIns(inner, registry);
    else if (entry.name.endsWith('.tf')) {
      const text = readFileSync(inner, 'utf8');
      const changed = withModules(withoutPackages(withoutProviders(text)), inner, registry);
      if (changed !== text) writeFileSync(inner, changed);
    }
  }
}

function withoutProviders(text: string): string {
  const provider = new RegExp(`^provider\\s+"(${OTHERS})"\\s*\\{`, 'm');
  const block = new RegExp(`^(?:resource|data)\\s+"((?:${OTHERS})(?:_\\w+)?)"\\s+"([\\w-]+)"\\s*\\{`, 'm');
  const required = new RegExp(`^\\s*(?:${OTHERS})\\s*=\\s*\\{[^{}]*\\}\\s*\\n`, 'gm');
  let rest = text.replace(required, '\n');
  for (;;) {
    const found = provider.exec(rest);
    if (found === null) break;
    rest = rest.slice(0, found.index) + rest.slice(endOf(rest, found.index));
  }
  for (;;) {
    const found = block.exec(rest);
    if (found === null) break;
    const [, type = '', name = ''] = found;
    const end = endOf(rest, found.index);
    const body = rest.slice(found.index, end);
    const kept = [...body.matchAll(/^ {2}(count|for_each)\s*=[^\n]*(?:\n {4}[^\n]*|\n {2}[\])}][^\n]*)*/gm)].map(
      ([line]) => line,
    );
    const made = `resource "terraform_data" "${type}__${name}" {\n${kept.join('\n')}\n}`;
    rest = rest.slice(0, found.index) + made + rest.slice(end);
  }
  // Whatever an attribute is, it is known only after apply.
  const use = new RegExp(
    `(?:\\bdata\\.((?:${OTHERS})(?:_\\w+)?)|(?<![\\w.-])((?:${OTHERS})_\\w+))\\.([\\w-]+)((?:\\[[^\\]\\n]*\\])?)((?:\\.(?:\\w+|\\*)(?:\\[[^\\]\\n]*\\])?)*)`,
    'g',
  );
  return rest.replace(
    use,
    (_, data: string | undefined, managed: string, name: string, index: string, attribute: string) =>
      `terraform_data.${data ?? managed}__${name}${index}${attribute === '' ? '' : '.id'}`,
  );
}

/** The position behind the block that begins at a position. */
function endOf(text: string, start: number): number {
  let depth = 0;
  for (let at = text.indexOf('{', start); at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    else if (text[at] === '}') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return text.length;
}

/** Nobody built the packages whose content is hashed. */
function withoutPackages(text: string): string {
  return text.replaceAll('filebase64sha256(', 'base64sha256(');
}

function withModules(text: string, file: string, registry: (name: string) => string | undefined): string {
  return text.replace(
    /^(\s*source\s*=\s*)"terraform-aws-modules\/([\w-]+)\/aws(?:\/\/([\w/-]+))?"[^\n]*\n(\s*version\s*=[^\n]*\n)?/gm,
    (whole: string, head: string, name: string, below = '') => {
      const folder = registry(name);
      const target = folder === undefined ? undefined : join(folder, below);
      if (target === undefined || !existsSync(target)) return whole;
      const path = relative(dirname(file), target);
      return `${head}"${path.startsWith('.') ? path : `./${path}`}"\n`;
    },
  );
}

/** The name of a module of the registry, by the name of its repository. */
export function moduleNameOf(repository: string): string {
  return basename(repository).replace(/^terraform-aws-/, '');
}
