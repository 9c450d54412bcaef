import { exitStatus } from './exit-status.ts';
import type { Io, Output } from './io.ts';

/**
 * The streams of this process. A reader that goes away (`tenfold … | head`) is no error: what it does not
 * want is dropped, and the run ends with the status it would have had. A result that cannot be written, on a
 * full disk for instance, ends the process with a line that says so.
 */
export function processIo(): Io {
  return {
    cwd: process.cwd(),
    env: process.env,
    stdout: outputOf(process.stdout, (error) => {
      process.stderr.write(`error: standard output cannot be written: ${error.message}\n`);
      process.exit(exitStatus.faulty);
    }),
    // Where messages cannot be written, there is no place to say so.
    stderr: outputOf(process.stderr, () => undefined),
    readStdin,
    onInterrupt: (handler) => {
      process.once('SIGINT', handler);
      return () => {
        process.removeListener('SIGINT', handler);
      };
    },
    now: () => performance.now(),
  };
}

/** Longer input is no design, and the reader of designs says so; no reason to wait for the rest. */
const MOST_CHARACTERS = 10 * 1024 * 1024;

async function readStdin(): Promise<string> {
  process.stdin.setEncoding('utf8');
  let text = '';
  for await (const chunk of process.stdin) {
    text += chunk;
    if (text.length > MOST_CHARACTERS) break;
  }
  return text;
}

function outputOf(stream: NodeJS.WriteStream, failed: (error: Error) => void): Output {
  let open = true;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    open = false;
    if (error.code !== 'EPIPE') failed(error);
  });
  return {
    write: (chunk) => {
      if (open) stream.write(chunk);
    },
    isTTY: stream.isTTY === true,
    get columns() {
      // A terminal that does not know its width says 0.
      return stream.columns || undefined;
    },
  };
}
