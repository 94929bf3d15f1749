/** The roles in the `leasehold` output of a plan. */
import { isTrue, valueAt } from './attributes';

/** The roles of a manifest with their names. */
export function rolesOf(manifest: unknown): readonly (readonly [string, unknown])[] {
  const roles = valueAt(manifest, 'roles');
  return typeof roles === 'object' && roles !== null ? Object.entries(roles) : [];
}

/** The role with the given name in a manifest; `undefined` if the manifest has no such role. */
export function ownRole(manifest: unknown, name: string): unknown {
  return rolesOf(manifest).find(([other]) => other === name)?.[1];
}

/** Whether one lease of a role can both write and delete. */
export function isMixed(role: unknown): boolean {
  return valueAt(role, 'access') === 'write+delete';
}

/** The guardrail name that is shown for an entry under the project's `mixedAccess:` key. */
export const MIXED_ACCESS = 'mixed-access';

/** A waiver, or an entry under the project's `mixedAccess:` key. */
export interface ManifestWaiver {
  readonly guardrail: string;
  readonly because: string;
  readonly until: string;
}

/** The waivers of a role. */
export function waiversOf(role: unknown): readonly ManifestWaiver[] {
  const waivers = valueAt(role, 'waivers');
  if (!Array.isArray(waivers)) return [];
  const text = (waiver: unknown, name: string) => {
    const value = valueAt(waiver, name);
    return typeof value === 'string' ? value : isTrue(value) ? 'true' : '';
  };
  return waivers.map((waiver) => ({
    guardrail: text(waiver, 'guardrail'),
    because: text(waiver, 'because'),
    until: text(waiver, 'until'),
  }));
}
