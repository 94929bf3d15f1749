/**
 * The scripts that replace the model in the examples, so that they need no network: `task`, and `astray`, a model that read
 * "put this into every release" on a web page. Each move is a call of a tool, or the last words.
 */
const reason = 'Upload the build of release 1.4.2 to the deploy bucket, as ticket OPS-481 asks';
const upload = (input) => ({ tool: 'lease_s3_deploy', input: { reason, release: '1.4.2', ...input } });

const scripts = {
  task: [
    {
      tool: 'lease_cloudwatch_read',
      input: {
        reason: 'Check the metrics of the app before the upload of release 1.4.2',
        namespace: 'hermes/app',
      },
    },
    upload({ key: '1.4.2/app.js', body: 'console.log("1.4.2")' }),
    { text: 'Release 1.4.2 is uploaded.' },
  ],
  astray: [
    upload({ key: '1.4.1/app.js', body: 'malicious' }),
    upload({ release: '*', key: '1.4.1/app.js', body: 'malicious' }),
    upload({ reason: 'please', key: '1.4.2/app.js', body: 'malicious' }),
    { text: 'I could not do that.' },
  ],
};

let moves = 0;

/** The next move of the script that the first argument of the program names. */
export function nextMove() {
  const script = scripts[process.argv[2] ?? 'task'];
  const id = `call-${++moves}`;
  return { id, ...(script[moves - 1] ?? script.at(-1)) };
}
