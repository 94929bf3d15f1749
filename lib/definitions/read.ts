/** Reads definition files as UTF-8 text, within the limits. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { firstUnseen } from '@leasehold/contract/text';
import type { Complaint, Complaints } from './complaints';
import { type FoundFile, refusal } from './files';
import { MAX_FILE_BYTES, MAX_TOTAL_BYTES } from './limits';
import { Source, unreadPlace } from './source';

/**
 * The texts of the files, without byte order marks. A path is reported and left out if it is not a regular file, or
 * if the file is too large or is not UTF-8 text.
 */
export function readSources(files: readonly FoundFile[], complaints: Complaints): readonly Source[] {
  // One byte more than the limit, to detect a file that grows while it is read.
  const buffer = Buffer.allocUnsafe(MAX_FILE_BYTES + 1);
  const sources: Source[] = [];
  let total = 0;
  for (const { name, absolute } of files) {
    const bytes = readBytes(absolute, name, buffer);
    if ('id' in bytes) {
      complaints.add(unreadPlace(name), bytes);
      continue;
    }
    total += bytes.length;
    if (total > MAX_TOTAL_BYTES) {
      complaints.add(unreadPlace(name), {
        id: 'file-limit',
        message: `Together, the definition files have more than ${MAX_TOTAL_BYTES} bytes; this file and the files after it were not read.`,
        hint: 'Name a smaller folder.',
      });
      break;
    }
    const source = decode(bytes, name, complaints);
    if (source !== undefined) sources.push(source);
  }
  return sources;
}

/** Checks texts that are not on disk, in the same way as files. */
export function readTexts(
  texts: readonly { readonly name: string; readonly text: string }[],
  complaints: Complaints,
): readonly Source[] {
  return texts.flatMap(({ name, text }) => {
    const bytes = Buffer.from(text);
    if (bytes.length <= MAX_FILE_BYTES) return decode(bytes, name, complaints) ?? [];
    complaints.add(unreadPlace(name), tooLarge(name, `${bytes.length} bytes`));
    return [];
  });
}

function readBytes(absolute: string, name: string, buffer: Buffer): Buffer | Complaint {
  let file: number | undefined;
  try {
    // Without O_NONBLOCK, opening a named pipe would wait for a writer forever.
    file = openSync(absolute, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stats = fstatSync(file);
    if (stats.isDirectory()) return unreadable(name, 'is a folder, not a file');
    if (!stats.isFile()) return unreadable(name, 'is a device, a pipe or a socket, not a file');
    if (stats.size > MAX_FILE_BYTES) return tooLarge(name, `${stats.size} bytes`);
    let length = 0;
    for (;;) {
      const read = readSync(file, buffer, length, buffer.length - length, null);
      if (read === 0) return buffer.subarray(0, length);
      length += read;
      if (length > MAX_FILE_BYTES) return tooLarge(name, 'more');
    }
  } catch (error) {
    return unreadable(name, refusal(error));
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function unreadable(name: string, why: string): Complaint {
  return {
    id: 'file-unreadable',
    message: `\`${name}\` ${why}.`,
    hint: 'Replace the file with a readable file, or remove the file.',
  };
}

function tooLarge(name: string, size: string): Complaint {
  return {
    id: 'file-limit',
    message: `\`${name}\` is too large to be definitions: at most ${MAX_FILE_BYTES} bytes are read, and it has ${size}.`,
    hint: 'Split the file into several files, or, if it does not contain definitions, move it out of the folder.',
  };
}

const MARKS: readonly (readonly [bytes: readonly number[], encoding: string])[] = [
  [[0xff, 0xfe, 0, 0], 'UTF-32'],
  [[0, 0, 0xfe, 0xff], 'UTF-32'],
  [[0xff, 0xfe], 'UTF-16'],
  [[0xfe, 0xff], 'UTF-16'],
];

function decode(bytes: Buffer, name: string, complaints: Complaints): Source | undefined {
  const mark = MARKS.find(([start]) => start.every((byte, index) => bytes[index] === byte));
  if (mark !== undefined) {
    complaints.add(unreadPlace(name), wrongEncoding(`\`${name}\` is ${mark[1]} text.`));
    return undefined;
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const source = new Source(name, bytes.toString('utf8').replace(/^\ufeff/, ''));
    const place = source.range(...firstInvalid(bytes));
    complaints.add(place, wrongEncoding('Here is a byte that is not UTF-8.'));
    return undefined;
  }
  const source = new Source(name, text);
  const unseen = firstUnseen(text);
  if (unseen === undefined) return source;
  complaints.add(source.range(unseen.index, unseen.index + unseen.char.length), {
    id: 'control-character',
    message: `The text contains the invisible character ${unseen.code} here. Such a character can make the text look different from its actual content.`,
    expected: 'text without characters that are invisible or change how other characters are displayed',
    hint: 'Delete it.',
  });
  return undefined;
}

/** The position of the first byte that is not UTF-8, as offsets in the text with replacement characters. */
function firstInvalid(bytes: Buffer): [start: number, end: number] {
  // A prefix decodes only if it ends before the first invalid byte, so a binary search finds it.
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (decodes(bytes.subarray(0, middle))) low = middle;
    else high = middle - 1;
  }
  const start = new TextDecoder().decode(bytes.subarray(0, low), { stream: true }).length;
  return [start, start + 1];
}

function decodes(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function wrongEncoding(message: string): Complaint {
  return { id: 'file-encoding', message, expected: 'UTF-8 text', hint: 'Save the file as UTF-8.' };
}
