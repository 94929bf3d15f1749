/** Loaded into a measured program: tells its largest resident set (kB) and its processor time (µs) on file descriptor 3 at its end. */
process.once('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  require('node:fs').writeSync(3, JSON.stringify({ maxRSS, processorTime: userCPUTime + systemCPUTime }));
});
