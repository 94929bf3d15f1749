/** Who asks, and for which role. */
import type { AgentEntry, RoleEntry } from '../manifest';

/** Who asks: an agent of the manifest. */
export interface Asker {
  readonly name: string;
  readonly entry: AgentEntry;
}

/** A role of the manifest, by its name. */
export interface NamedRole {
  readonly name: string;
  readonly entry: RoleEntry;
}
