/**
 * Determines whether this process may use its terminal. The system stops a background job that tries to use the
 * terminal.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * True if another job controls the terminal of this process. False if there is no terminal, or if this cannot be
 * determined. Source: `tpgid` in https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html and in ps(1)
 */
export function isInBackground(): boolean {
  const [group, foreground] = processGroups() ?? [];
  return group !== undefined && foreground !== undefined && foreground > 0 && group !== foreground;
}

/** The process group of this process, and the foreground group of its terminal. */
function processGroups(): readonly number[] | undefined {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync('/proc/self/stat', 'utf8');
      // The program name, in parentheses, may contain any character.
      const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return [Number(group), Number(foreground)];
    }
    const { stdout } = spawnSync('ps', ['-o', 'pgid=,tpgid=', '-p', String(process.pid)], { encoding: 'utf8' });
    return stdout.trim().split(/\s+/).map(Number);
  } catch {
    return undefined;
  }
}
