/** The requesting agent and the requested role. */
import type { AgentEntry, RoleEntry } from '../manifest';

/** A requesting agent of the manifest. */
export interface Asker {
  readonly name: string;
  readonly entry: AgentEntry;
}

/** A role of the manifest, with its name. */
export interface NamedRole {
  readonly name: string;
  readonly entry: RoleEntry;
}
