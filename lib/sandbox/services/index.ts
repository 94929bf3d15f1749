/** Every service whose requests the sandbox can map: a table a service. */
import type { ServiceMapping } from '../service-mapping';

export const SERVICE_MAPPINGS: readonly ServiceMapping[] = [];
