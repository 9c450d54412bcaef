import { choice, type KindFinding, quantity, type Settling, section } from '../../design/index.ts';
import { formatQuantity } from '../../quantities/index.ts';

/** The memory of an instance for requests, and what one of them takes of it, from its arrival to its answer. */
export const memoryFields = {
  memory: quantity(
    'size',
    {
      is: 'Memory of an instance, which requests in progress share; with `memory-per-request`; without either, there is no bound.',
    },
    { above: 0 },
  ).optional(),
  'memory-per-request': quantity(
    'size',
    { is: 'How much of it a request takes from its arrival to its answer.' },
    { above: 0 },
  ).optional(),
  'memory-base': quantity('size', {
    is: 'How much of it the program takes without any request.',
    default: '0B',
  }).optional(),
  'when-full': choice(['refuse', 'kill'], {
    is: 'What happens when a request finds no room: it is refused, or the instance is killed with all that it does.',
    default: 'refuse',
  }).optional(),
  restart: quantity(
    'time',
    { is: 'Of `kill`: until the instance is back, empty; the constant memory.restart unless said.' },
    { above: 0 },
  ).optional(),
  'restart-backoff': section('a restart backoff', {
    cap: quantity(
      'time',
      { is: 'The longest that a restart takes; the constant memory.restart.longest unless said.' },
      { above: 0 },
    ).optional(),
    reset: quantity(
      'time',
      {
        is: 'An instance that ran so long restarts as after its first kill; the constant memory.restart.reset unless said.',
      },
      { above: 0 },
    ).optional(),
  })
    .meta({
      description:
        'Of `kill`: each restart of an instance takes twice as long as the one before; without it, all take `restart`.',
    })
    .optional(),
};

interface WrittenMemory {
  readonly memory?: number | undefined;
  readonly 'memory-per-request'?: number | undefined;
  readonly 'memory-base'?: number | undefined;
  readonly 'when-full'?: 'refuse' | 'kill' | undefined;
  readonly restart?: number | undefined;
  readonly 'restart-backoff'?:
    | { readonly cap?: number | undefined; readonly reset?: number | undefined }
    | undefined;
}

/** The memory of an instance as interpreters read it. */
export interface MemorySettings {
  /** Requests that have room in it at once; absent = no bound. */
  readonly room?: number;
  /** Of an instance, bytes, and the least that has room for one request; with `room`. */
  readonly memory?: { readonly size: number; readonly least: number };
  /** Where an instance that has no room left is killed: seconds until it is back. */
  readonly restart?: number;
  /** Where that doubles from kill to kill: seconds that it is at most, and of running after which it begins anew. */
  readonly restartBackoff?: { readonly cap: number; readonly reset: number };
}

/** What is written of memory, with the defaults. */
export function settleMemory(written: WrittenMemory, settling: Settling): MemorySettings {
  const room = roomOf(written, settling);
  if (room === null) return {};
  const { memory: size = 0, 'memory-per-request': each = 0, 'memory-base': base = 0 } = written;
  const bounded = { room, memory: { size, least: base + each } };
  if (written['when-full'] !== 'kill') return bounded;
  const restart = written.restart ?? settling.constant('memory.restart');
  const backoff = written['restart-backoff'];
  if (backoff === undefined) return { ...bounded, restart };
  const cap = backoff.cap ?? settling.constant('memory.restart.longest');
  if (cap < restart) {
    settling.refuse({
      code: 'out-of-range',
      setting: ['restart-backoff', ...(backoff.cap === undefined ? [] : ['cap'])],
      message: `a restart takes ${formatQuantity(restart, 'time')}, longer than the longest, ${formatQuantity(cap, 'time')}`,
      expected: `a \`cap\` of at least ${formatQuantity(restart, 'time')}`,
    });
  }
  const reset = backoff.reset ?? settling.constant('memory.restart.reset');
  return { ...bounded, restart, restartBackoff: { cap, reset } };
}

/** How many requests have room in an instance at once; null = no bound. */
function roomOf(written: WrittenMemory, settling: Settling): number | null {
  const { memory, 'memory-per-request': each, 'memory-base': base = 0 } = written;
  if (memory === undefined && each === undefined) return null;
  if (memory === undefined || each === undefined) {
    const [said, missing] =
      memory === undefined ? ['memory-per-request', 'memory'] : ['memory', 'memory-per-request'];
    settling.refuse({
      code: 'missing-key',
      setting: [said],
      message: `\`${said}\` alone bounds nothing`,
      expected: `\`${missing}\` beside it, such as ${missing === 'memory' ? '2GB' : '10MB'}`,
    });
    return null;
  }
  if (base >= memory) {
    settling.refuse({
      code: 'out-of-range',
      setting: ['memory-base'],
      message: `the program takes ${formatQuantity(base, 'size')} of ${formatQuantity(memory, 'size')}, and leaves no room for requests`,
      expected: `less than the memory, ${formatQuantity(memory, 'size')}`,
    });
    return null;
  }
  const room = Math.floor((memory - base) / each);
  if (room >= 1) return room;
  settling.refuse({
    code: 'out-of-range',
    setting: ['memory-per-request'],
    message: `no request of ${formatQuantity(each, 'size')} would ever have room`,
    expected: `at most the memory${base === 0 ? '' : ' less its base'}, ${formatQuantity(Math.max(0, memory - base), 'size')}`,
  });
  return null;
}

/** Reports words about memory without effect: of what never happens, of memory that is never full, and what it keeps others from. */
export function checkMemory(
  written: WrittenMemory & {
    readonly workers?: number | null | undefined;
    readonly queue?: number | null | undefined;
  },
  settings: MemorySettings & { readonly workers: number | null; readonly queue: number | null },
): KindFinding[] {
  const { room, workers, queue } = settings;
  const idle = (setting: string, message: string): KindFinding[] => [
    { code: 'idle-knob', setting: [setting], message },
  ];
  if (room === undefined) {
    return (['memory-base', 'when-full', 'restart', 'restart-backoff'] as const).flatMap((word) =>
      written[word] === undefined
        ? []
        : idle(word, 'there is no bound: `memory` and `memory-per-request` give one'),
    );
  }
  const restarts = (['restart', 'restart-backoff'] as const).filter((word) => written[word] !== undefined);
  const refuses = written['when-full'] !== 'kill';
  const unused = refuses
    ? restarts.flatMap((word) => idle(word, 'without `when-full: kill` nothing is killed'))
    : [];
  const { restart, restartBackoff } = settings;
  const flat =
    restartBackoff !== undefined && restartBackoff.cap === restart
      ? idle(
          'restart-backoff',
          `a restart takes as long as the longest, ${formatQuantity(restart, 'time')}, and never grows`,
        )
      : [];
  return [...unused, ...flat, ...checkRoom(room, written, { workers, queue }, idle)];
}

/** Reports memory that is never full, and what is never reached because memory is full before. */
function checkRoom(
  room: number,
  written: { readonly workers?: number | null | undefined; readonly queue?: number | null | undefined },
  { workers, queue }: { readonly workers: number | null; readonly queue: number | null },
  idle: (setting: string, message: string) => KindFinding[],
): KindFinding[] {
  const fit = `${room} ${room === 1 ? 'request' : 'requests'} at once`;
  if (workers === null) return [];
  if (queue !== null && room >= workers + queue) {
    return idle(
      'memory',
      `there is room for ${fit}, and workers and queue let in no more than ${workers + queue}`,
    );
  }
  if (room > workers) return [];
  const full = `memory is full with ${fit}`;
  return [
    ...(written.workers == null ? [] : idle('workers', full)),
    ...(written.queue == null ? [] : idle('queue', full)),
  ];
}
