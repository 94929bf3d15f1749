/** Reads the declarations from the definitions that are stored next to a plan, for the review of that plan. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { AssumedRole, Definitions } from '@leasehold/definitions';
import { hasErrors } from '@leasehold/definitions';
import { roleArn } from '@leasehold/documents';
import { isDeclaredPowerful } from '@leasehold/guardrails';
import type { DeclaredHanding, DeclaredRole } from '@leasehold/review';
import { DEFAULT_PATH } from './choose';
import type { Host } from './host';
import { checkProject } from './project';

/**
 * The roles in the definitions that can pass or assume other roles, or that can both write and delete. If the
 * definitions contain errors, no role counts as declared, so that the review reports every role.
 */
export async function declaredRoles(
  roles: readonly string[] | undefined,
  host: Host,
): Promise<readonly DeclaredRole[]> {
  if (roles === undefined && !existsSync(resolve(host.cwd, DEFAULT_PATH))) return [];
  const { definitions, findings } = await checkProject(roles ?? [DEFAULT_PATH], host);
  return definitions === undefined || hasErrors(findings) ? [] : rolesOf(definitions);
}

async function rolesOf({ environments }: Definitions): Promise<readonly DeclaredRole[]> {
  const found = environments.flatMap((environment) =>
    environment.roles.map(async (role): Promise<readonly DeclaredRole[]> => {
      const allowed = environment.mixedAccess.find((entry) => entry.role === role.name);
      if (role.passes.length === 0 && role.assumes.length === 0 && allowed === undefined) return [];
      return [
        {
          arn: roleArn(role, environment),
          passes: await Promise.all(role.passes.map(async (each) => ({ ...(await handing(each)), to: each.to }))),
          assumes: await Promise.all(role.assumes.map(handing)),
          ...(allowed === undefined ? {} : { mixedAccess: { because: allowed.because, until: allowed.until } }),
        },
      ];
    }),
  );
  return (await Promise.all(found)).flat();
}

async function handing({ role, because }: AssumedRole): Promise<DeclaredHanding> {
  return { arn: role.arn, because, administrator: await isDeclaredPowerful(role) };
}
