import type { RenderOptions } from '../report/index.ts';
import { type Io, type Output, renderOptions } from './io.ts';

/** What every command is handed: the streams, the version, and where to leave the exit status. */
export interface Shell {
  readonly io: Io;
  readonly version: string;
  status: number;
  /** How text for this stream is to be dressed, with what the command line says about colours. */
  dress(output: Output): Required<RenderOptions>;
}

/** Makes the shell of one call. */
export function createShell(io: Io, version: string, colourAllowed: () => boolean): Shell {
  return { io, version, status: 0, dress: (output) => renderOptions(io, output, colourAllowed()) };
}
