/** The block trace of libCacheSim, which this repository does not hold. */
import { existsSync, readFileSync } from 'node:fs';

/** A request: a key and the bytes it weighs. */
export interface Reference {
  readonly key: number;
  readonly bytes: number;
}

const RECORD_BYTES = 24;

/** The trace that TENFOLD_TRACE names, where there is one. */
export function traceFile(): string | null {
  const file = process.env['TENFOLD_TRACE'];
  return file !== undefined && existsSync(file) ? file : null;
}

/** Little-endian records of 32-bit time, 64-bit id, 32-bit size and 64-bit next access; keys are numbered afresh. */
export function readTrace(file: string): Reference[] {
  const bytes = readFileSync(file);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const numbers = new Map<bigint, number>();
  const references: Reference[] = [];
  for (let at = 0; at + RECORD_BYTES <= view.byteLength; at += RECORD_BYTES) {
    const id = view.getBigUint64(at + 4, true);
    const known = numbers.get(id);
    const key = known ?? numbers.size;
    if (known === undefined) numbers.set(id, key);
    references.push({ key, bytes: view.getUint32(at + 12, true) });
  }
  return references;
}
