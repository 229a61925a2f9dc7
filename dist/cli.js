#!/usr/bin/env node
// The version of Node.js is checked before anything else is parsed: an older one would fail with a SyntaxError.
const oldest = 20;
const present = process.versions.node;
if (Number(present.split('.')[0]) < oldest) {
    process.stderr.write(`rollgate needs Node.js ${oldest} or newer, and this is ${present}.\n`);
    process.exitCode = 2;
}
else {
    // The reader of a pipe may have enough, like `head`: the command goes on, and its exit code stays what it found.
    process.stdout.on('error', ({ code }) => {
        if (code !== 'EPIPE')
            process.exit(1);
    });
    const { commandLine } = await import('./door.js');
    process.exitCode = await commandLine(process.argv.slice(2), {
        folder: process.cwd(),
        env: process.env,
        colours: process.stdout.isTTY === true && !process.env.NO_COLOR,
        columns: process.stdout.columns ?? 80,
        interactive: process.stdin.isTTY === true && process.stdout.isTTY === true,
        write: (text) => process.stdout.write(text),
    });
}
export {};
