/** A diagnosis as SARIF. */
import {
  type SarifLevel,
  type SarifRule,
  sarifArtifact,
  sarifFingerprint,
  sarifLevel,
  sarifLog,
  sarifRank,
  sarifText,
} from '@leasehold/contract/sarif';
import { onOneLine } from '@leasehold/contract/text';
import type { Diagnosis, Verified } from '../examine';
import type { VerificationFacts } from '../verification';

export interface DiagnosisSarifOptions {
  /** Version of Leasehold. */
  readonly version: string;
  /** The verifications that were run. */
  readonly verifications: readonly VerificationFacts[];
  /** Path of the definitions file, relative to the repository. */
  readonly file: string;
  /** URL of the documentation of a verification. */
  readonly page: (id: string) => string | undefined;
}

/**
 * The SARIF log of one run: a rule for every verification, a result for every damage, and a warning for everything that
 * was not checked. A resource in the account has no source file, so every result refers to the definitions file and has
 * the resource as its logical location.
 */
export function diagnosisSarif(diagnosis: Diagnosis, { version, verifications, file, page }: DiagnosisSarifOptions) {
  return sarifLog({
    driver: 'leasehold-doctor',
    version,
    rules: verifications.map(
      ({ id, title, severity, why }): SarifRule => ({
        id,
        title,
        ...sarifRank(severity),
        page: page(id),
        markdown: `${title}.\n\n${why}\n`,
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
    message: { text: sarifText(`${place}: ${text}`) },
    locations: [
      {
        physicalLocation: { artifactLocation: sarifArtifact(file), region: { startLine: 1 } },
        logicalLocations: [{ fullyQualifiedName: onOneLine(place), kind: 'resource' }],
      },
    ],
    partialFingerprints: { 'leaseholdDamage/v1': sarifFingerprint([id, place, level]) },
    properties,
  });
  return [
    ...damages.map(({ place, message, hint, severity }) =>
      result(sarifLevel(severity), place, `${message} ${hint}`, { severity, result: 'damaged' }),
    ),
    ...unchecked.map(({ place, why, hint }) =>
      result('warning', place, `Not checked: ${why}. ${hint}`, { result: 'not checked' }),
    ),
  ];
}
