/** What is removed from texts that AWS answers, whatever their length. */
import { redactText } from '../../../lib/mcp/aws/redact';
import { REMOVED } from '../../../lib/mcp/secrets';

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1c2VyLTEifQ.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9';
const SIGNED = '?[removed: signature]';
const PEM = '-----BEGIN RSA PRIVATE KEY-----\nMIIEow==\n-----END RSA PRIVATE KEY-----';

it.each([
  ['aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', `aws_secret_access_key = ${REMOVED}`],
  ['{"SecretAccessKey":"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}', `{"SecretAccessKey":"${REMOVED}"}`],
  ['{\\"sessionToken\\": \\"FwoGZXIvYXdzEJr//////////wEaDA\\"}', `{\\"sessionToken\\": \\"${REMOVED}\\"}`],
  ['AWS_SESSION_TOKEN=FwoGZXIvYXdzEJr//////////wEaDA', `AWS_SESSION_TOKEN=${REMOVED}`],
  ['see https://a.b/c?X-Amz-Signature=1&x=2, then', `see https://a.b/c${SIGNED} then`],
  ['https://a.b/c?x=1&amp;x-amz-security-token=1', `https://a.b/c${SIGNED}`],
  ['https://a.b/c?x=1\\u0026X-Amz-Credential=1', `https://a.b/c${SIGNED}`],
  ['https://cdn.example/v.mp4?Expires=1&Signature=s&Key-Pair-Id=K', `https://cdn.example/v.mp4${SIGNED}`],
  ['https://b.s3.amazonaws.com/k?AWSAccessKeyId=A&Expires=1&Signature=s', `https://b.s3.amazonaws.com/k${SIGNED}`],
  ['https://a.b/go?to=https%3A%2F%2Fc.d%2Fe%3FX-Amz-Signature%3D1', `https://a.b/go${SIGNED}`],
  ['https://a.b/callback#access_token=1&state=2', `https://a.b/callback${SIGNED}`],
  [
    'https://signin.aws.amazon.com/federation?Action=login&SigninToken=t',
    `https://signin.aws.amazon.com/federation${SIGNED}`,
  ],
  ['https://a.b/https%3A%2F%2Fc.d%2Fe%3Ftoken%3D1', `https://a.b/https%3A%2F%2Fc.d%2Fe%3F${SIGNED}`],
  ['postgres://shop:hunter2@db.example:5432/shop', `postgres://shop:${REMOVED}@db.example:5432/shop`],
  [
    '"url":"postgres:\\/\\/shop:hunter2@db.example\\/shop",',
    `"url":"postgres:\\/\\/shop:${REMOVED}@db.example\\/shop",`,
  ],
  ['\\"https:\\\\/\\\\/u:hunter2@a.b\\"', `\\"https:\\\\/\\\\/u:${REMOVED}@a.b\\"`],
  ['https:\\/\\/a.b\\/c?X-Amz-Signature=1&x=2, then', `https:\\/\\/a.b\\/c${SIGNED} then`],
  ['"SecretAccessKey":"wJalrXUtnFEMI\\/K7MDENG\\/bPxRfiCYEXAMPLEKEY",', `"SecretAccessKey":"${REMOVED}",`],
  ['SecretAccessKey=wJalrXUtnFEMI\\/K7MDENG\\/bPxRfiCYEXAMPLEKEY', `SecretAccessKey=${REMOVED}`],
  ['https://a.b/c?jwt=1', `https://a.b/c${SIGNED}`],
  ['https://a.b/cas?x=1&ticket=ST-1', `https://a.b/cas${SIGNED}`],
  ['https://a.b/c?to=%2Fd%3Fticket%3D1', `https://a.b/c${SIGNED}`],
  ['https://a.b/saml?SAMLResponse=PHNhbWw', `https://a.b/saml${SIGNED}`],
  ['https://a.b/c?x_api_key=1', `https://a.b/c${SIGNED}`],
  ['https://a.b?token=hunter2&x=1', `https://a.b${SIGNED}`],
  ['https://a.b?pwd=hunter2', `https://a.b${SIGNED}`],
  ['https://a.b/c?x=1&passphrase=hunter2', `https://a.b/c${SIGNED}`],
  ['https://a.b/c?api-key=hunter2', `https://a.b/c${SIGNED}`],
  ['https://a.b/c?X-Api-Key=hunter2', `https://a.b/c${SIGNED}`],
  ['https://a.b/c?password1=hunter2', `https://a.b/c${SIGNED}`],
  ['https://a.b/c?x=1\\u0026token\\u003dhunter2', `https://a.b/c${SIGNED}`],
  ['https://a.b/c?token\\u003dhunter2', `https://a.b/c${SIGNED}`],
  ['https://a.b/c?token&#61;hunter2', `https://a.b/c${SIGNED}`],
  ['GET /c?x=1&token=hunter2 HTTP/1.1', `GET /c${SIGNED} HTTP/1.1`],
  ['"POST /c?X-Amz-Signature=hunter2 HTTP/2" 200', `"POST /c${SIGNED} HTTP/2" 200`],
  ['GET /c?to=https%3A%2F%2Fd%3Fsig%3Dhunter2 HTTP/1.1', `GET /c${SIGNED} HTTP/1.1`],
  ['a.b/c?sig=hunter2', `a.b/c${SIGNED}`],
  ['grant_type=refresh&code=hunter2', `grant_type=refresh&${SIGNED}`],
  ['https://hunter2@a.b/c', `https://${REMOVED}@a.b/c`],
  ['git clone https:\\/\\/hunter2@a.b\\/c', `git clone https:\\/\\/${REMOVED}@a.b\\/c`],
  ['redis://:hunter2@a.b:6379', `redis://:${REMOVED}@a.b:6379`],
  ['postgres://u:hun/ter2@a.b/c', `postgres://u:${REMOVED}@a.b/c`],
  ['https://a.b/c,https://u:hunter2@a.b/c', `https://a.b/c,https://u:${REMOVED}@a.b/c`],
  [`the token ${JWT}, then`, `the token ${REMOVED}, then`],
  ...['_', 'x', '-', '%3D', '\\n', '\\t', '\\u003d', 'id.', 'eyJ', 'eyJx.', '('].map((before): [string, string] => [
    `a ${before}${JWT} b`,
    `a ${before === 'eyJ' ? '' : before}${REMOVED} b`,
  ]),
  [`${JWT}.${JWT}`, `${REMOVED}.${REMOVED}`],
  [`a ${PEM} b ${PEM}`, `a ${REMOVED} b ${REMOVED}`],
  [PEM.slice(0, 40), REMOVED],
  [`a ${PEM.replace('MIIEow==', `MI\n${PEM}\nhunter2`)} b`, `a ${REMOVED} b`],
  [`a ${PEM.slice(0, 40)} ${PEM} hunter2`, `a ${REMOVED}`],
  [`${'x '.repeat(524_288)}password=hunter2`, `${'x '.repeat(524_288)}${REMOVED}`],
])('%.200s', (text, expected) => {
  expect(redactText(text)).toBe(expected);
});

it.each([
  ['<Password>hunter2</Password>', `<Password>${REMOVED}</Password>`],
  ['<db:AdminPassword a="b">hunter2</db:AdminPassword>', `<db:AdminPassword a="b">${REMOVED}</db:AdminPassword>`],
  ['<Secret><![CDATA[hunter2]]></Secret>', `<Secret>${REMOVED}</Secret>`],
  ['<Token><a>hunter2</a><Token>b</Token>hunter2</Token>c', `<Token>${REMOVED}</Token>c`],
  ['<a><password>hunter2</a>', `<a><password>${REMOVED}</a>`],
  ['<a><password>hunter2', `<a><password>${REMOVED}`],
  ['&lt;Password&gt;hunter2&lt;/Password&gt;', `&lt;Password&gt;${REMOVED}&lt;/Password&gt;`],
  ['\\u003cPassword\\u003Ehunter2\\u003c/Password\\u003e', `\\u003cPassword\\u003E${REMOVED}\\u003c/Password\\u003e`],
  ['<Tag><Key>token</Key>\n<Value>hunter2</Value></Tag>', `<Tag><Key>token</Key>\n<Value>${REMOVED}</Value></Tag>`],
  ['<Name>psk</Name><Type>t</Type><Value>hunter2</Value>', `<Name>psk</Name><Type>t</Type><Value>${REMOVED}</Value>`],
  ['<Environment><LOG>hunter2</LOG></Environment>', `<Environment>${REMOVED}</Environment>`],
  ['<db password="hunter2" port="1"/>', `<db password="${REMOVED}" port="1"/>`],
  ["<db password = 'hunter2>hunter2'/>", `<db password = '${REMOVED}'/>`],
  ['<add key="DbPassword" value="hunter2"/>', `<add key="DbPassword" value="${REMOVED}"/>`],
  ['<add value="hunter2" key="DbPassword"/>', `<add value="${REMOVED}" key="DbPassword"/>`],
  ['<add key="DbPassword" value="hunter2">', `<add key="DbPassword" value="${REMOVED}">`],
  [
    '<entry name="password">hunter2</entry><entry name="a">b</entry>',
    `<entry name="password">${REMOVED}</entry><entry name="a">b</entry>`,
  ],
  ["<entry type='text' key = 'api-key' >hunter2</entry>", `<entry type='text' key = 'api-key' >${REMOVED}</entry>`],
  ['<property name="db.pwd"><value>hunter2</value></property>', `<property name="db.pwd">${REMOVED}</property>`],
  ['<field id="password">hunter2', `<field id="password">${REMOVED}`],
  [
    '&lt;entry name=&quot;password&quot;&gt;hunter2&lt;/entry&gt;',
    `&lt;entry name=&quot;password&quot;&gt;${REMOVED}&lt;/entry&gt;`,
  ],
  ['<entry name=\\"password\\">hunter2</entry>', `<entry name=\\"password\\">${REMOVED}</entry>`],
  [
    '\\u003centry name=\\"token\\"\\u003ehunter2\\u003c/entry\\u003e',
    `\\u003centry name=\\"token\\"\\u003e${REMOVED}\\u003c/entry\\u003e`,
  ],
  [
    '<dict><key>password</key>\n<string>hunter2</string><key>n</key><string>1</string></dict>',
    `<dict><key>password</key>\n<string>${REMOVED}</string><key>n</key><string>1</string></dict>`,
  ],
  ['<key>token</key><data>hunter2</data>', `<key>token</key><data>${REMOVED}</data>`],
  ['<key>secrets</key><array><string>hunter2</string></array>', `<key>secrets</key><array>${REMOVED}</array>`],
  ['<id>password</id><stringValue>hunter2</stringValue>', `<id>password</id><stringValue>${REMOVED}</stringValue>`],
  ['<Tag><Value>hunter2</Value><Key>token</Key></Tag>', `<Tag><Value>${REMOVED}</Value><Key>token</Key></Tag>`],
  ['&lt;db password=&quot;hunter2&quot;/&gt;', `&lt;db password=&quot;${REMOVED}&quot;/&gt;`],
])('XML %j', (text, expected) => {
  expect(redactText(text)).toBe(expected);
});

it.each([
  ['{"a":1,"password":"a\\"hunter2"}\n{"jwt" : "hunter2"}', `{"a":1,"password":"${REMOVED}"}\n{"jwt" : "${REMOVED}"}`],
  [
    '{"a":"{\\"ticket\\":\\"a\\\\\\"hunter2\\\\\\\\\\",\\"b\\":1}"}x',
    `{"a":"{\\"ticket\\":\\"${REMOVED}\\",\\"b\\":1}"}x`,
  ],
  ['{"Name":"db-password","Value":"hunter2"}\n{}', `{"Name":"db-password","Value":"${REMOVED}"}\n{}`],
  ['db_password = "hunter2"\nsize = "3"', `db_password = "${REMOVED}"\nsize = "3"`],
  ['text="login with password=\'hunter2\'"', `text="login with password='${REMOVED}'"`],
  ['password="hunter2', `password="${REMOVED}`],
])('quoted values in %j', (text, expected) => {
  expect(redactText(text)).toBe(expected);
});

it.each([
  '<NextToken>a</NextToken><Tag><Key>size</Key><Value>3</Value></Tag>',
  '<Tag><Key>token</Key></Tag><Value>3</Value>',
  '<Tag><Key>Environment</Key><Value>prod</Value></Tag><Environment>prod</Environment>',
  '<Password></Password><Password/><db password="" port="1"/><br>',
  '<add key="size" value="3"/><add key="token"/><add value="3"/>',
  'a < b && token > c',
  '<entry name="size">3</entry><entry key="NextToken">a</entry><a href="password">b</a>',
  '<dict><key>size</key><string>3</string></dict><string>a</string>',
  '<Tag><Value>3</Value></Tag><Tag><Key>token</Key></Tag>',
  'size="3" NextToken="t" SecretArn="a"',
  'eyJ2ZXJzaW9uIjoidjEifQ and eyJ2ZXJzaW9uIjoidjEifQ.a.b',
  'https://a.b/c?x=1',
  'https://a.b/c?nextToken=1&zipcode=2&design=3',
  'https://a.b:8443/c@d',
  'GET /c?x=1&nextToken=1 HTTP/1.1',
  'https://a.b/c?to=https%3A%2F%2Fc.d%3FnextToken%3D1\\u0026continuation-token\\u003d2',
  'git clone ssh://git@a.b/c',
  'arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/db-password-AbCdEf',
  'really? yes & no',
  'the secret access key of the user',
  '-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----',
  'mailto:a@b.example',
])('%s is left as it is', (text) => {
  expect(redactText(text)).toBe(text);
});
