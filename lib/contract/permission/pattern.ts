/** Compares IAM patterns of actions and resources. */

/**
 * Whether one IAM pattern matches everything that another pattern matches. Only a `*` in the outer pattern covers a `*`
 * in the inner pattern, so the result can be false although the outer pattern matches everything, but it is never true
 * by mistake.
 */
export function within(inner: string, outer: string): boolean {
  // A standard glob matcher with one backtracking position, after the last star of the outer pattern.
  let [at, place, star, resume] = [0, 0, -1, 0];
  while (at < inner.length) {
    const [char, pattern] = [inner.charAt(at), outer.charAt(place)];
    if (pattern === '*') {
      star = place++;
      resume = at;
    } else if (char !== '*' && (pattern === char || pattern === '?')) {
      at++;
      place++;
    } else if (star >= 0) {
      at = ++resume;
      place = star + 1;
    } else return false;
  }
  return /^\**$/.test(outer.slice(place));
}
