/** "TnfS": these are bytes of a sketch. */
const MAGIC = 0x546e6653;

/** Bytes before the data: magic, version and kind, and four fields of the kind. */
const HEADER = 24;

const VERSION = 1;

/** What a sketch is made of, as it is written down. */
export interface SketchFields {
  /** Four whole numbers from 0 to 2^32 − 1 that say its shape. */
  readonly shape: readonly [number, number, number, number];
  readonly data: Uint8Array;
}

/** A header of 24 bytes, big-endian, and the data as they are. */
export function toBytes(kind: number, { shape, data }: SketchFields): Uint8Array {
  const bytes = new Uint8Array(HEADER + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC);
  view.setUint16(4, VERSION);
  view.setUint16(6, kind);
  for (let at = 0; at < 4; at++) view.setUint32(8 + 4 * at, shape[at]!);
  bytes.set(data, HEADER);
  return bytes;
}

/** @throws RangeError when these are not the bytes of a sketch of this kind and version */
export function fromBytes(kind: number, bytes: Uint8Array): SketchFields {
  if (!(bytes instanceof Uint8Array) || bytes.length < HEADER) {
    throw new RangeError(`bytes must be a Uint8Array of at least ${HEADER} bytes`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0) !== MAGIC || view.getUint16(6) !== kind) {
    throw new RangeError('bytes must be those of a sketch of this kind');
  }
  if (view.getUint16(4) !== VERSION) {
    throw new RangeError(`bytes must be of version ${VERSION}, got ${view.getUint16(4)}`);
  }
  const shape = [view.getUint32(8), view.getUint32(12), view.getUint32(16), view.getUint32(20)] as const;
  return { shape, data: bytes.slice(HEADER) };
}

/** Counters as little-endian bytes, whatever the machine. */
export function packed(counters: Uint32Array): Uint8Array {
  const bytes = new Uint8Array(4 * counters.length);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < counters.length; at++) view.setUint32(4 * at, counters[at]!, true);
  return bytes;
}

/** The reverse of {@link packed}, for bytes of the right length. */
export function unpacked(bytes: Uint8Array): Uint32Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const counters = new Uint32Array(bytes.length / 4);
  for (let at = 0; at < counters.length; at++) counters[at] = view.getUint32(4 * at, true);
  return counters;
}

/** @throws RangeError, because bytes that were cut or changed make no sketch */
export function refuseBytes(): never {
  throw new RangeError('bytes must be as they were written, got a shape and a length that do not fit');
}
