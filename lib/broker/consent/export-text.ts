/** The text of an exported audit. The command line and the console write the same bytes for the same records. */
import type { AuditExport } from '@leasehold/contract/consent';
import { visibleJson } from '@leasehold/contract/text';

/** JSON that is indented by two spaces and ends with a line break. Invisible characters are escaped. */
export function exportText({ leases, people }: Omit<AuditExport, 'format'>): string {
  const audit: AuditExport = { format: 'leasehold.audit/1', leases, people };
  return `${visibleJson(JSON.stringify(audit, undefined, 2))}\n`;
}
