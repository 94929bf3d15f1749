/** A diagnosis as JSON, for programs. */
import type { Diagnosis } from '../examine';
import { countOf } from './summary';

/**
 * Version of the JSON format. Removing a field or changing its meaning increases the version; adding a field does not.
 */
const VERSION = 1;

/** The diagnosis as data. */
export function diagnosisJson(diagnosis: Diagnosis) {
  return {
    version: VERSION,
    subject: diagnosis.subject,
    verifications: diagnosis.verified.map(({ id, part, title, result, damages, unchecked }) => ({
      id,
      part,
      title,
      result,
      damages: damages.map(({ severity, place, message, hint }) => ({ severity, place, message, hint })),
      notChecked: unchecked.map(({ place, why, hint }) => ({ place, why, hint })),
    })),
    summary: {
      ok: countOf(diagnosis, 'ok'),
      damaged: countOf(diagnosis, 'damaged'),
      notChecked: countOf(diagnosis, 'not checked'),
      skipped: countOf(diagnosis, 'skipped'),
      calls: diagnosis.calls,
    },
  };
}
