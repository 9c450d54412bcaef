import { type KindFinding, quantity, type Settling } from '../../design/index.ts';
import { formatQuantity } from '../../quantities/index.ts';

/** The memory of an instance for requests, and what one of them takes of it, from its arrival to its answer. */
export const memoryFields = {
  memory: quantity(
    'size',
    {
      is: 'Memory of an instance that requests in progress share; with `memory-per-request`, who finds no room is refused; without either, there is no bound.',
    },
    { above: 0 },
  ).optional(),
  'memory-per-request': quantity(
    'size',
    { is: 'How much of it a request takes from its arrival to its answer.' },
    { above: 0 },
  ).optional(),
};

interface WrittenMemory {
  readonly memory?: number | undefined;
  readonly 'memory-per-request'?: number | undefined;
}

/** How many requests have room in an instance at once; null = no bound. */
export function roomOf(written: WrittenMemory, settling: Settling): number | null {
  const { memory, 'memory-per-request': each } = written;
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
  const room = Math.floor(memory / each);
  if (room >= 1) return room;
  settling.refuse({
    code: 'out-of-range',
    setting: ['memory-per-request'],
    message: `no request of ${formatQuantity(each, 'size')} would ever have room`,
    expected: `at most the memory, ${formatQuantity(memory, 'size')}`,
  });
  return null;
}

/** Reports memory that is never full, and what is never reached because memory is full before. */
export function checkMemory(
  written: { readonly workers?: number | null | undefined; readonly queue?: number | null | undefined },
  settings: { readonly room?: number; readonly workers: number | null; readonly queue: number | null },
): KindFinding[] {
  const { room, workers, queue } = settings;
  if (room === undefined) return [];
  const idle = (setting: string, message: string): KindFinding[] => [
    { code: 'idle-knob', setting: [setting], message },
  ];
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
