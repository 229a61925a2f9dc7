import { setFlagsFromString } from 'node:v8';
// The first line is printed before anything heavy is loaded, so that a reader of the log sees at once that it
// runs. An older Node.js could not even parse the rest, and would fail with a SyntaxError.
const command = (process.env.INPUT_COMMAND || 'deploy').replace(/[^\w-]/g, '');
const closing = process.env.STATE_started === 'true';
// A run that ended by itself left nothing to close, and its post says nothing. Two things may still be open: a ledger
// that main may have locked, and statuses that are not written yet.
const { STATE_lock, STATE_unsaid } = process.env;
const isOpen = Boolean(STATE_lock || STATE_unsaid);
if (!closing || isOpen)
    process.stdout.write(closing ? 'Rollgate: closing what is still open\n' : `Rollgate: ${command}\n`);
const wanted = 24;
const known = Number(process.versions.node.split('.')[0]) >= wanted;
if (!known) {
    process.stdout.write(`::error title=Node.js ${wanted} is needed::Rollgate runs on Node.js ${wanted}, and this is ${process.versions.node}: use a runner of version 2.327.1 or newer, or start it with Node.js ${wanted}.\n`);
    process.exitCode = 1;
}
if (known && (!closing || isOpen)) {
    const { enter } = await import('./door.js');
    // The space for young objects stays at the 8 MB that it has by now. By itself V8 lets it grow to 64 MB for the answers of
    // an engine, which are read and dropped, and gives none of that back. The flag is read at each growth; an action cannot
    // start Node.js with options.
    setFlagsFromString('--semi-space-growth-factor=1');
    await enter(closing);
}
