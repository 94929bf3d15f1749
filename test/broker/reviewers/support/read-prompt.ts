/** Reads a prompt back, as strictly as a parser can: what is data, and what is said beside it. */
import { createHash } from 'node:crypto';

/** A turn of a prompt, taken apart. */
export interface ReadTurn {
  /** Name of a block → the value in it. */
  readonly blocks: Readonly<Record<string, unknown>>;
  /** The text with every block's content left out. */
  readonly beside: string;
}

/**
 * Takes a turn apart. Throws where a block stands twice, holds what is no JSON, markup or something unseen, or states a
 * length or a hash that is not its own.
 */
export function readTurn(text: string): ReadTurn {
  const blocks: Record<string, unknown> = {};
  const beside = text.replace(BLOCK, (_, name: string, stated: string | undefined, content: string) => {
    if (Object.hasOwn(blocks, name)) throw new Error(`block ${name} stands twice`);
    if (stated !== undefined && stated !== statement(content)) throw new Error(`block ${name} is not what it states`);
    if (UNSAFE.test(content)) throw new Error(`block ${name} holds more than data`);
    blocks[name] = JSON.parse(content);
    return `<${name}/>`;
  });
  return { blocks, beside };
}

/** From the first opening of a block to the first closing of it. */
const BLOCK = /^<([a-z]+)( [^>]*)?>\n(.*?)\n<\/\1>$/gms;

const UNSAFE = /[<>&]|(?!\n)[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

function statement(content: string): string {
  const sha256 = createHash('sha256').update(content, 'utf8').digest('hex');
  return ` length="${content.length}" sha256="${sha256}"`;
}
