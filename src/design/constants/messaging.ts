import type { Constant } from './constant.ts';

/** How queues hand messages on. */
export const messaging: readonly Constant[] = [
  {
    name: 'queue.visibility',
    summary: 'How long a message that was handed to a consumer is hidden from the others',
    dimension: 'time',
    values: [
      {
        profile: 'cloud-2026',
        value: '30s',
        source: 'Amazon SQS developer guide, visibility timeout: default',
        date: '2025',
      },
    ],
    note: 'A consumer that takes longer than this works on a message that another one is handed as well.',
  },
];
