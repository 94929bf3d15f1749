#!/usr/bin/env node
/**
 * Starts the command line: one file with everything that it needs, and V8's compiled code for it, so that starting takes
 * no longer than the work. `npm run build` writes both (scripts/bundle.js).
 */
// At SIGUSR1 Node opens its inspector, through which every user of the machine can read what is in memory.
process.on('SIGUSR1', () => {});

const { readFileSync } = require('node:fs');
const inspector = require('node:inspector');
const { createRequire } = require('node:module');
const { dirname, join } = require('node:path');
const { Script, constants } = require('node:vm');

const RECOMMENDED_NODE = 22;
/** Source: `emitWarningIfUnsupportedVersion` of @aws-sdk/core. */
const SDK_NOTICE_OFF = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';
/** Commands whose standard error is read by a program, or is that of a command which they run. */
const QUIET_COMMANDS = ['credential-process', 'exec'];

const BUNDLE = join(__dirname, '..', 'dist', 'leasehold.js');

/** Ends a process that got the signal before it could listen to it. Whoever asked for the inspector by name has it. */
function demandNoDebugger() {
  const asked = [...process.execArgv, process.env.NODE_OPTIONS ?? ''].some((option) => option.includes('--inspect'));
  if (asked || inspector.url() === undefined) return;
  process.stderr.write(
    'error: a debugger was opened by SIGUSR1 while Leasehold started\n  hint:     start it again.\n',
  );
  process.exit(1);
}

/** Loads the bundle. Code that was compiled by another V8, or is missing, is compiled anew. */
function load() {
  const source = readIfThere(BUNDLE, 'utf8');
  if (source === undefined) {
    process.stderr.write(
      'error: Leasehold is not built yet\n  hint:     run `npm run build` in its folder, then try again.\n',
    );
    process.exitCode = 2;
    return undefined;
  }
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename: BUNDLE,
    cachedData: readIfThere(`${BUNDLE}.cache`),
    importModuleDynamically: constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(BUNDLE), module, BUNDLE, dirname(BUNDLE));
  return script;
}

function readIfThere(path, encoding) {
  try {
    return readFileSync(path, encoding);
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Says once that a later Node is better, and keeps the AWS SDK from saying so in seven lines, which could land in an
 * approver's question. Standard error of these commands belongs to another program.
 */
function recommendNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= RECOMMENDED_NODE) return;
  process.env[SDK_NOTICE_OFF] ??= 'true';
  if (QUIET_COMMANDS.includes(process.argv[2]) || require.main !== module) return;
  process.stderr.write(
    `note: Node ${RECOMMENDED_NODE} or later is recommended; this is Node ${process.versions.node}, which gets no more updates.\n`,
  );
}

/** CDKTF calls `util.isArray`, which Node 22 and later report as deprecated. Users of Leasehold cannot change that. */
function withoutNoticeOfCdktf() {
  const { emitWarning } = process;
  process.emitWarning = (warning, ...rest) => {
    if (!rest.includes('DEP0044')) emitWarning.call(process, warning, ...rest);
  };
}

demandNoDebugger();
recommendNode();
withoutNoticeOfCdktf();
exports.BUNDLE = BUNDLE;
exports.script = load();
