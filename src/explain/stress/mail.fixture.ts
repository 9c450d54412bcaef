/**
 * A service with room for four times its load that publishes a mail for every request, and one that sends mails and is
 * full at 1.6 times the load.
 *
 * @param queue further settings of the queue between them
 */
export const mail = (queue: object) => ({
  name: 'mail',
  traffic: { buyers: { call: 'api.buy', rate: '500/s', timeout: '1s' } },
  components: {
    api: {
      kind: 'service',
      cores: 2,
      operations: { buy: [{ compute: 'exponential(1ms)' }, { publish: 'mails' }] },
    },
    mails: { kind: 'queue', consumer: 'mailer.send', concurrency: 8, ...queue },
    mailer: { kind: 'service', cores: 4, operations: { send: [{ compute: 'exponential(5ms)' }] } },
  },
  goals: { buyers: { success: '99.9%' }, mails: { 'age p99': '2s' } },
});
