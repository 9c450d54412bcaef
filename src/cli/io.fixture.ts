import type { Io } from './io.ts';

/** An Io that keeps what is written, for tests. */
export interface RecordedIo extends Io {
  readonly out: () => string;
  readonly err: () => string;
}

export interface RecordedIoOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly terminal?: boolean;
  readonly columns?: number;
  readonly now?: () => number;
}

export function recordedIo(options: RecordedIoOptions = {}): RecordedIo {
  const written = { out: '', err: '' };
  const output = (stream: 'out' | 'err') => ({
    write: (text: string) => {
      written[stream] += text;
    },
    isTTY: options.terminal ?? false,
    columns: options.columns,
  });
  return {
    cwd: options.cwd ?? process.cwd(),
    env: options.env ?? {},
    stdout: output('out'),
    stderr: output('err'),
    readStdin: async () => options.stdin ?? '',
    onInterrupt: () => () => undefined,
    now: options.now ?? (() => 0),
    out: () => written.out,
    err: () => written.err,
  };
}
