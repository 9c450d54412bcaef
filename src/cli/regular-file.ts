import { closeSync, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';

/** No design and no list of values is longer than this. */
export const MOST_BYTES = 10 * 1024 * 1024;

/**
 * The text of a regular file. What it says of its own size is not relied on: of a longer one than `most`
 * bytes, no more than that is read.
 *
 * @throws Error that says why it is not read: no file, too long, or what the system says
 */
export function readRegularFile(path: string, most: number = MOST_BYTES): string {
  // Asked before it is opened: to open a named pipe is to wait for who writes to it.
  checkRegular(statSync(path));
  const file = openSync(path, 'r');
  try {
    const stats = fstatSync(file);
    checkRegular(stats);
    if (stats.size > most) throw tooLong(most);
    return readUpTo(file, most).toString('utf8');
  } finally {
    closeSync(file);
  }
}

/** @throws Error that says what it is, if it is no regular file */
export function checkRegular(stats: Stats): void {
  if (stats.isFile()) return;
  const devices = stats.isCharacterDevice() || stats.isBlockDevice();
  const what = stats.isFIFO()
    ? 'a pipe'
    : stats.isDirectory()
      ? 'a folder'
      : devices
        ? 'a device'
        : 'a socket';
  throw new Error(`it is ${what}, not a file`);
}

const CHUNK = 1024 * 1024;

function readUpTo(file: number, most: number): Buffer {
  const chunks: Buffer[] = [];
  let length = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(CHUNK);
    const read = readSync(file, chunk);
    if (read === 0) return Buffer.concat(chunks);
    length += read;
    if (length > most) throw tooLong(most);
    chunks.push(chunk.subarray(0, read));
  }
}

const tooLong = (most: number): Error => new Error(`it is longer than ${most / 1024 / 1024} MiB`);
