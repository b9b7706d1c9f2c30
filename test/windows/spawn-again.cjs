// For Node under Wine 8 only, whose CreateProcess fails once in some thousand starts with an error that libuv does not know:
// "spawn UNKNOWN". The next attempt starts the program.
const childProcess = require('node:child_process');
const { syncBuiltinESMExports } = require('node:module');

const ATTEMPTS = 3;

for (const name of ['fork', 'spawn']) {
  const start = childProcess[name];
  childProcess[name] = function startAgain(...options) {
    for (let attempt = 1; ; attempt++) {
      try {
        return start.apply(this, options);
      } catch (error) {
        if (error.code !== 'UNKNOWN' || attempt === ATTEMPTS) throw error;
        console.error(`${name}: ${error.message} (Wine), attempt ${attempt} of ${ATTEMPTS}`);
      }
    }
  };
}
syncBuiltinESMExports();
