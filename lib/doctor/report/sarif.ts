/** A diagnosis as SARIF. */
import { createHash } from 'node:crypto';
import { type SarifLevel, type SarifRule, sarifArtifact, sarifLog } from '@leasehold/contract/sarif';
import { onOneLine } from '@leasehold/contract/text';
import type { Diagnosis, Verified } from '../examine';
import type { DamageSeverity, VerificationFacts } from '../verification';

export interface DiagnosisSarifOptions {
  /** Version of Leasehold. */
  readonly version: string;
  /** The verifications that were run. */
  readonly verifications: readonly VerificationFacts[];
  /** The file that describes what should be deployed, relative to the repository. */
  readonly file: string;
  /** Absolute address of the page about a verification. */
  readonly page: (id: string) => string | undefined;
}

const LEVELS: Readonly<Record<DamageSeverity, SarifLevel>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
};

/** What code scanning shows as critical (over 9.0), high (7.0 to 8.9), medium (4.0 to 6.9) and low. */
const SCORES: Readonly<Record<DamageSeverity, string>> = { critical: '9.5', high: '8.0', medium: '5.5', low: '2.0' };

/**
 * The log of one run: a rule for every verification, a result for every damage, and a warning for everything that was
 * not checked. The account has no file: every result is at the definitions, with the resource as logical location.
 */
export function diagnosisSarif(diagnosis: Diagnosis, { version, verifications, file, page }: DiagnosisSarifOptions) {
  return sarifLog({
    driver: 'leasehold-doctor',
    version,
    rules: verifications.map(
      ({ id, title, severity, why }): SarifRule => ({
        id,
        title,
        level: LEVELS[severity],
        page: page(id),
        markdown: `${title}.\n\n${why}\n`,
        properties: { tags: ['security', 'iam'], 'security-severity': SCORES[severity] },
      }),
    ),
    results: diagnosis.verified.flatMap((verified) => results(verified, file)),
    run: { automationDetails: { id: `leasehold-doctor/${onOneLine(diagnosis.subject)}/` } },
  });
}

function results({ id, damages, unchecked }: Verified, file: string) {
  const result = (level: SarifLevel, place: string, text: string, properties: object) => ({
    ruleId: id,
    level,
    message: { text: plain(`${place}: ${text}`) },
    locations: [
      {
        physicalLocation: { artifactLocation: sarifArtifact(file), region: { startLine: 1 } },
        logicalLocations: [{ fullyQualifiedName: onOneLine(place), kind: 'resource' }],
      },
    ],
    partialFingerprints: { 'leaseholdDamage/v1': fingerprint([id, place, level]) },
    properties,
  });
  return [
    ...damages.map(({ place, message, hint, severity }) =>
      result(LEVELS[severity], place, `${message} ${hint}`, { severity, result: 'damaged' }),
    ),
    ...unchecked.map(({ place, why, hint }) =>
      result('warning', place, `Not checked: ${why}. ${hint}`, { result: 'not checked' }),
    ),
  ];
}

/** Text that links nothing and mentions nobody: names in an account can contain anything, and alerts become comments. */
function plain(text: string): string {
  return onOneLine(text).replaceAll('](', '] (').replaceAll('@', '(at)');
}

function fingerprint(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
