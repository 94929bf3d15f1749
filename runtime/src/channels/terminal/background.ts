/** Whether this process may use its terminal: a job in the background is stopped by the system when it tries. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Whether another job has the terminal of this process. False where there is no terminal, and where nobody can tell.
 * Source: `tpgid` in https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html and in ps(1)
 */
export function isInBackground(): boolean {
  const [group, foreground] = processGroups() ?? [];
  return group !== undefined && foreground !== undefined && foreground > 0 && group !== foreground;
}

/** This process's group, and the one in the foreground of its terminal. */
function processGroups(): readonly number[] | undefined {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync('/proc/self/stat', 'utf8');
      // The name of the program, in brackets, may hold anything.
      const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return [Number(group), Number(foreground)];
    }
    const { stdout } = spawnSync('ps', ['-o', 'pgid=,tpgid=', '-p', String(process.pid)], { encoding: 'utf8' });
    return stdout.trim().split(/\s+/).map(Number);
  } catch {
    return undefined;
  }
}
