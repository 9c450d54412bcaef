import type { Constant } from './constant.ts';
import { latencyList2012, teachingNotes } from './originals.ts';

/** Reaching another machine; pairs of regions are in regions.ts. */
export const network: readonly Constant[] = [
  {
    name: 'rtt.dc',
    summary: 'Round trip between two machines in one data centre or availability zone',
    dimension: 'time',
    values: [
      {
        profile: 'cloud-2026',
        value: '0.1ms..0.3ms',
        source:
          'IBM Cloud VPC documentation, measured within a zone: 0.08–0.10 ms (2024); EC2 pings within a zone: 0.26 ms mean (O. Sol, 2009)',
        date: '2024',
      },
      { profile: 'classroom', value: '0.5ms', ...latencyList2012 },
    ],
    note: 'Teaching material agrees on 0.5 ms; clouds have become quicker. 0.5 ms is 160 times less than an 80 ms transatlantic round trip, not the often quoted 300: that compares with 150 ms, California to the Netherlands in the original list.',
  },
  {
    name: 'rtt.az',
    summary: 'Round trip between two availability zones of one region',
    dimension: 'time',
    values: [
      {
        profile: 'cloud-2026',
        value: '0.6ms..2.4ms',
        source:
          'IBM Cloud VPC documentation, monthly means between zones of ten regions: 0.63–2.9 ms; Azure promises less than 2 ms, Google Cloud less than 1 ms at p95',
        date: '2024',
      },
    ],
    note: '',
  },
  {
    name: 'net.fibre.km',
    summary: 'Time that light takes for a kilometre of fibre',
    dimension: 'time',
    values: [
      {
        profile: 'cloud-2026',
        value: '5us',
        source:
          'arithmetic: 299,792 km/s ÷ 1.468, the refractive index of Corning SMF-28 at 1550 nm, is 204,000 km/s',
        date: '2021',
      },
    ],
    note: 'Rounded to 200,000 km/s. Nothing that goes through a cable is quicker; half as much again in practice, see net.route.',
  },
  {
    name: 'net.route',
    summary: 'How many times longer a message takes between regions than light in a straight fibre',
    dimension: 'ratio',
    values: [
      {
        profile: 'cloud-2026',
        value: '1.5x (1.2x..2.4x)',
        source:
          'arithmetic: median, and 90 % of the 28 pairs, of round trips measured between regions over light in fibre along the great circle',
        date: '2025',
      },
    ],
    note: 'Least across oceans, most between neighbours, where the time within the regions counts.',
  },
  {
    name: 'rtt.edge',
    summary: 'Round trip from a user to the nearest edge of a content delivery network',
    dimension: 'time',
    values: [{ profile: 'classroom', value: '10ms', ...teachingNotes }],
    note: 'Teaching example: a user in Sydney reaches an edge in 10 ms and Virginia in 200 ms. With 95 % hits at the edge the mean is 20 ms, not 10.',
  },
  {
    name: 'net.bandwidth',
    summary: 'Bandwidth of the network card of one machine',
    dimension: 'bandwidth',
    values: [
      {
        profile: 'cloud-2026',
        value: '12.5Gbit/s',
        source:
          'Amazon EC2 documentation: general purpose instances of the seventh generation, "up to" (a burst)',
        date: '2025',
      },
      { profile: 'classroom', value: '1Gbit/s', ...latencyList2012 },
    ],
    note: 'Small instances hold the burst for minutes only; what lasts is a small part of it.',
  },
  {
    name: 'net.bandwidth.flow',
    summary: 'Most that a single connection gets between two machines of a cloud',
    dimension: 'bandwidth',
    values: [
      {
        profile: 'cloud-2026',
        value: '5Gbit/s',
        source: 'Amazon EC2 documentation: single flow outside a cluster placement group',
        date: '2025',
      },
    ],
    note: '',
  },
  {
    name: 'tls.roundTrips',
    summary: 'Round trips of a full TLS handshake, on top of the one of TCP',
    dimension: 'count',
    values: [
      { profile: 'cloud-2026', value: '1', source: 'RFC 8446 (TLS 1.3)', date: '2018' },
      { profile: 'classroom', value: '2', source: 'RFC 5246 (TLS 1.2)', date: '2008' },
    ],
    note: '',
  },
  {
    name: 'dns.delegation.ttl',
    summary: 'Time a resolver keeps which servers a top-level domain, or a name under it, has',
    dimension: 'time',
    values: [
      {
        profile: 'cloud-2026',
        value: '2d',
        source:
          'Root and .com zones, TTL of NS records: 172800 s, as quoted in dns-operations (lists.dns-oarc.net), "Prime TTL values for TLD and root server delegations"',
        date: '2009-12',
      },
    ],
    note: 'A resolver may keep what the name says of its own servers instead, often for a day or an hour.',
  },
  {
    name: 'dns.ttl',
    summary: 'Time a resolver keeps a name that points to a service',
    dimension: 'time',
    values: [
      {
        profile: 'cloud-2026',
        value: '60s',
        source: 'Amazon Route 53 documentation: alias records that point to a load balancer',
        date: '2025',
      },
      { profile: 'classroom', value: '60s..300s', ...teachingNotes },
    ],
    note: 'Teaching material calls fail-over by DNS both "instant" and "minutes to hours". After a change clients arrive at the old address for up to one such time, half of it on average, and longer behind resolvers that ignore it.',
  },
  {
    name: 'cap.proxy.conns',
    summary: 'Connections that one reverse proxy holds open',
    dimension: 'count',
    values: [
      {
        profile: 'cloud-2026',
        value: '100k..2M',
        source:
          'upper end: WhatsApp, "1 million is so 2011", 2 million on one server (2012); lower end: common practice with raised limits',
        date: '2012',
      },
      { profile: 'classroom', value: '10k', ...teachingNotes },
    ],
    note: '10,000 was the goal of the 1990s (the "C10K problem"). Connections are not requests: 10,000 connections that each hold a request for 100 ms carry 100,000 requests/s, by Little\'s law.',
  },
  {
    name: 'proxy.conn.memory',
    summary: 'Memory of an idle keep-alive connection in a reverse proxy',
    dimension: 'size',
    values: [
      {
        profile: 'cloud-2026',
        value: '250B',
        source: 'nginx.org: 10,000 inactive HTTP keep-alive connections take about 2.5 MB',
        date: '2025',
      },
    ],
    note: 'Without TLS state and the buffers of the kernel, which take many times as much.',
  },
  {
    name: 'tcp.retransmission',
    summary: 'Pause after which a lost message is sent again; it doubles with each loss',
    dimension: 'time',
    values: [
      {
        profile: 'cloud-2026',
        value: '200ms',
        source: 'Linux kernel, TCP_RTO_MIN: a fifth of a second',
        date: '2025',
      },
    ],
    note: 'The least timeout, which is what short round trips come to. RFC 6298 asks for 1 s, and before the first answer of a connection Linux waits that long too.',
  },
  {
    name: 'tcp.giveUp',
    summary: 'Time after which a caller that hears nothing, and has no timeout of its own, gives up',
    dimension: 'time',
    values: [
      {
        profile: 'cloud-2026',
        value: '127s',
        source:
          'Linux kernel documentation, ip-sysctl: tcp_syn_retries of 6, the first after 1 s, each later one after twice as long',
        date: '2025',
      },
    ],
    note: 'For a new connection. One that is established is given up after some 15 minutes (tcp_retries2).',
  },
];
