import { dirname, join } from 'node:path';
import { append } from '@leasehold/contract/any-length';
import { observeEach } from '../unread';
import type { Damage, MachineVerification } from '../verification';
import type { FileRights, Machine } from './machine';

export const hereSockets: MachineVerification = {
  id: 'here-sockets',
  part: 'here',
  severity: 'high',
  title: "Leasehold's sockets and token files can be used only by their owner",
  why: 'Whoever can connect to a socket of Leasehold can get the leases that this socket serves. Whoever can replace the folder of the holder, the background process that keeps leases in memory, can impersonate the holder.',
  verify: (machine) =>
    observeEach(
      folders(machine),
      (folder) => folder,
      async (folder) => {
        const rights = await machine.rights(folder);
        if (rights === undefined) return [];
        const above = await parentsOf(folder, machine);
        const inside = rights.kind === 'folder' ? await within(folder, machine) : [];
        return [
          ...faults(folder, rights, machine),
          ...above,
          ...inside.flatMap(([path, each]) => faults(path, each, machine)),
        ];
      },
    ),
};

/** The folders that Leasehold uses for sockets and token files. */
function folders({ env, home, temporary, uid }: Machine): readonly string[] {
  const runtime = env.XDG_RUNTIME_DIR;
  return [
    ...(runtime ? [join(runtime, 'leasehold')] : []),
    join(home, '.leasehold', 'run'),
    ...(uid === undefined ? [] : [join(temporary, `leasehold-${uid}`)]),
  ];
}

/** Maximum depth to which a folder is searched. Leasehold's own folders are two levels deep. */
const DEEPEST = 3;

async function within(
  folder: string,
  machine: Machine,
  depth = 1,
): Promise<readonly (readonly [string, FileRights])[]> {
  const found: (readonly [string, FileRights])[] = [];
  for (const name of await machine.names(folder)) {
    const path = join(folder, name);
    const rights = await machine.rights(path);
    if (rights === undefined) continue;
    found.push([path, rights]);
    if (rights.kind === 'folder' && depth < DEEPEST) append(found, await within(path, machine, depth + 1));
  }
  return found;
}

const OTHERS = 0o077;
const WRITABLE_BY_OTHERS = 0o022;
/**
 * The sticky bit: in a folder with this bit, only the folder's owner, the file's owner and root may rename or remove a
 * file.
 */
const STICKY = 0o1000;

function faults(path: string, { uid, mode, kind }: FileRights, machine: Machine): readonly Damage[] {
  if (kind === 'link')
    return [damage(path, 'This path is a symbolic link, which may point to a path that belongs to somebody else.')];
  return [
    ...(machine.uid !== undefined && uid !== machine.uid ? [damage(path, 'It belongs to another user.')] : []),
    ...((mode & OTHERS) !== 0
      ? [damage(path, `Other users can use this path: its mode is 0${mode.toString(8)}.`)]
      : []),
  ];
}

/** Finds the nearest parent folder in which another user could replace the folder or one of its parents. */
async function parentsOf(folder: string, machine: Machine): Promise<readonly Damage[]> {
  for (let above = dirname(folder); ; above = dirname(above)) {
    const rights = await machine.rights(above);
    const foreign = rights !== undefined && rights.uid !== 0 && machine.uid !== undefined && rights.uid !== machine.uid;
    const open = rights !== undefined && (rights.mode & WRITABLE_BY_OTHERS) !== 0 && (rights.mode & STICKY) === 0;
    if (foreign || open) return [damage(above, `Another user can replace ${folder} in it.`)];
    if (above === dirname(above)) return [];
  }
}

function damage(place: string, message: string): Damage {
  return {
    kind: 'damage',
    place,
    message,
    hint: 'Stop `leasehold serve`, remove the folder, and start it again as the right user.',
  };
}
