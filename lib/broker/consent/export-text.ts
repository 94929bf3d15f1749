/** The text of an exported audit. The command line and the console write the same bytes for the same records. */
import type { AuditExport } from '@leasehold/contract/consent';

/** JSON that is indented by two spaces and ends with a line break. */
export function exportText({ leases, people }: Omit<AuditExport, 'format'>): string {
  const audit: AuditExport = { format: 'leasehold.audit/1', leases, people };
  return `${JSON.stringify(audit, undefined, 2)}\n`;
}
