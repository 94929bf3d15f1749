/** The policy variables for the values of parameters. */

/** Name of the parameter of a role for single calls: the end of the resource of the call. */
export const CALL_PARAMETER = 'call';

/** Tag keys are compared case-insensitively, as in IAM. */
const VARIABLE = /\$\{aws:PrincipalTag\/param\.([^}]*)\}/gi;

/** Returns a function that replaces the variables of parameters by their values. Other variables are kept. */
export function parameterFiller(parameters: Readonly<Record<string, string>>): (text: string) => string {
  const values = new Map(Object.entries(parameters).map(([name, value]) => [name.toLowerCase(), value]));
  return (text) => text.replace(VARIABLE, (variable, name: string) => values.get(name.toLowerCase()) ?? variable);
}

/** The text with the variables of parameters as in the definitions: `${param.NAME}`. */
export function asTemplate(text: string): string {
  return text.replace(VARIABLE, '$${param.$1}');
}
