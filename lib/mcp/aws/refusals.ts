/** Refusals that several steps of a call use. */
import { Refusal } from '../error';

export function streams(): Refusal {
  return new Refusal(
    'unsupported',
    'the operation streams events, which a tool cannot do',
    'Use another operation. If no other operation is possible, report the problem to the human.',
  );
}

/** @param otherwise The alternative for the model if there is no folder. */
export function noFolder(otherwise: string): Refusal {
  return new Refusal(
    'file-refused',
    'there is no folder for files',
    `${otherwise}, or ask the human to start the server with --files FOLDER.`,
  );
}
