/** What is removed from text such as `password = "…"`, in every notation of names, operators and values. */
import { redactText } from '../../../lib/mcp/aws/redact';
import { REMOVED } from '../../../lib/mcp/secrets';

const OPERATORS = ['=', ':', '=>', ':=', '==', '||=', ' = ', ' : ', ': ', ' => ', ' := ', ' <- ', '\\u003d', '&#61;'];
const QUOTES = [
  '"',
  "'",
  '`',
  '\\"',
  "\\'",
  '\\\\\\"',
  '\\\\\\\\\\\\\\"',
  '&quot;',
  '&#39;',
  '&apos;',
  '\\u0022',
  '"""',
];

describe.each(OPERATORS)('the operator %j', (operator) => {
  it.each(QUOTES)('and quotes %j', (quote) => {
    const text = (value: string) => `size${operator}${quote}3${quote}, password${operator}${quote}${value}${quote}, n`;
    expect(redactText(text('hunter2, a=b'))).toBe(text(REMOVED));
  });
});

it.each(QUOTES.slice(0, 10))('a name in quotes %j', (quote) => {
  const text = (value: string) => `{${quote}db_password${quote}: ${quote}${value}${quote}, ${quote}n${quote}: 1}x`;
  expect(redactText(text('hunter2'))).toBe(text(REMOVED));
});

it.each([
  ['"password": "a\\"hunter2", "b": 1}x', `"password": "${REMOVED}", "b": 1}x`],
  ["password = 'a\\'hunter2' + b", `password = '${REMOVED}' + b`],
  ['\\"password\\":\\"a\\\\\\"hunter2\\",\\"b\\":1', `\\"password\\":\\"${REMOVED}\\",\\"b\\":1`],
  ['config["password"] = "hunter2"', `config["password"] = "${REMOVED}"`],
  ['$env:DB_PASS = "hunter2"', `$env:DB_PASS = "${REMOVED}"`],
  ["password: b'hunter2'", `password: b'${REMOVED}'`],
  [`"password":${' '.repeat(50)}"hunter2"`, `"password":${' '.repeat(50)}"${REMOVED}"`],
  ['"password":\n"hunter2"', `"password":\n"${REMOVED}"`],
  ['"passwords": ["hunter2", "hunter3"], "a": 1', `"passwords": ${REMOVED}], "a": 1`],
  ["mysql --password 'hunter2' -h db", `mysql --password '${REMOVED}' -h db`],
  ['mysql --password hunter2 -h db', `mysql --password ${REMOVED} -h db`],
  ['mysql --password=hunter2 -h db', `mysql --password=${REMOVED} -h db`],
  ['DB_PASSWORD=hunter2', `DB_PASSWORD=${REMOVED}`],
  ['A=b\nDB_PASS=hun,ter;2 &x\nC=d', `A=b\nDB_PASS=${REMOVED}\nC=d`],
  ['A=b\r\nexport API_KEY=hunter2\r\nC=d', `A=b\r\nexport API_KEY=${REMOVED}\r\nC=d`],
  ['DB_PASS={hunter2}\nTOKEN=[hunter2]hunter2\nPWD=<a', `DB_PASS=${REMOVED}\nTOKEN=${REMOVED}\nPWD=<a`],
  ['db:\n  password: hunter2 hunter3\n  port: 1', `db:\n  password: ${REMOVED}\n  port: 1`],
  ['- password: hunter2\n- a: b', `- password: ${REMOVED}\n- a: b`],
  ['db.password = hunter2\ndb.port = 1', `db.password = ${REMOVED}\ndb.port = 1`],
  ['password:hunter2', `password:${REMOVED}`],
  ['Server=a;Uid=u;Pwd=hunter2;Port=1', `Server=a;Uid=u;Pwd=${REMOVED};Port=1`],
  ['connected with password=hunter2, port=1', `connected with password=${REMOVED}, port=1`],
  ['["A=b","TOKEN=hunter2","C=d"] x', `["A=b","TOKEN=${REMOVED}","C=d"] x`],
  ['x "A=b\\nTOKEN=hunter2\\nC=d"', `x "A=b\\nTOKEN=${REMOVED}\\nC=d"`],
  ['note aws_secret_access_key = hunter2 here', `note aws_secret_access_key = ${REMOVED} here`],
  ['the token: hunter2hunter2hunter2 is', `the token: ${REMOVED} is`],
  ['GET / HTTP/1.1\nAuthorization: Basic aHVudGVyMg==\nHost: a', `GET / HTTP/1.1\nAuthorization: ${REMOVED}\nHost: a`],
  ['Set-Cookie: a="hunter2"; b=hunter3\nX: y', `Set-Cookie: ${REMOVED}\nX: y`],
  ["curl -H 'Authorization: Bearer hunter2' a", `curl -H 'Authorization: ${REMOVED}' a`],
  ['sent Cookie: a=hunter2; b=c', `sent Cookie: ${REMOVED}`],
  ['{"field":"password","value":"hunter2"} x', `{"field":"password","value":"${REMOVED}"} x`],
  ['{"value":"hunter2{","name":"password"} x', `{"value":"${REMOVED}","name":"password"} x`],
  ['{"value":"a token=b hunter2","name":"password"} x', `{"value":"${REMOVED}","name":"password"} x`],
  ["{id: 'api-key', stringValue: 'hunter2'}", `{id: 'api-key', stringValue: '${REMOVED}'}`],
  [
    '- name: DB_PASSWORD\n  value: hunter2\n- name: A\n  value: b',
    `- name: DB_PASSWORD\n  value: ${REMOVED}\n- name: A\n  value: b`,
  ],
  ['- value: hunter2\n  name: DB_PASSWORD\n- value: b', `- value: ${REMOVED}\n  name: DB_PASSWORD\n- value: b`],
  ['[name=db-password, value=hunter2] [name=a, value=b]', `[name=db-password, value=${REMOVED}] [name=a, value=b]`],
])('%j', (text, expected) => {
  expect(redactText(text)).toBe(expected);
  expect(redactText(expected)).toBe(expected);
});

it.each([
  'User: arn:aws:sts::123456789012:assumed-role/r/s is not authorized to perform: secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/db-1-AbCdEf because no identity-based policy allows it',
  '"arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/db-password-AbCdEf",',
  'ExpiredToken: The security token included in the request is expired',
  'InvalidClientTokenId: the token: unexpected end at line 12',
  "Secrets Manager can't find the specified secret.",
  'Resources:\n  Db:\n    Properties:\n      MasterUserPassword: !Ref DbPassword\n      Engine: mysql\nParameters:\n  DbPassword:\n    Type: String\n    NoEcho: true',
  'password = ${DB_PASSWORD}\ntoken: ${{ secrets.TOKEN }}\nTOKEN=$(aws sts get)\npassword: null\nsecret: true',
  'function login(user: string, password: string): Promise<void> {}',
  'if (token === undefined) return;',
  'INIT_START Runtime Version: nodejs:20.v9\tRuntime Version ARN: arn:aws:lambda:eu-west-1::runtime:0c1',
  'REPORT RequestId: 3f8a1f7e-1c2d-4a5b-9c0e-aaaaaaaaaaaa\tDuration: 3.1 ms\tMax Memory Used: 66 MB',
  'PWD=/srv/app\nPATH=/usr/bin:/bin\nOLDPWD=/',
  '- name: LOG_LEVEL\n  value: debug\n- name: PORT\n  value: "8080"',
  '{"tokens": 12, "token": 3, "password": null} x',
  'password="" token=\'\' secret=',
  '2026-11-30T12:00:00Z INFO rotated the password for shop, secret version 3',
  '--secret-id shop/db --token-code 123456 --password --verbose',
])('%j is left as it is', (text) => {
  expect(redactText(text)).toBe(text);
});
