/** A fixed number of users who think, ask and wait: exact mean value analysis. */
import type { Case, DesignModel, Expectation } from './case.ts';
import { within } from './case.ts';
import { server, steps } from './designs.ts';
import { latency, numberAt, station, throughput } from './figures.ts';
import { requests } from './length.ts';

/** Users who visit stations in turn; a demand is the mean of an exponential service time, in milliseconds. */
interface ClosedNetwork {
  readonly name: string;
  readonly users: number;
  readonly thinkSeconds: number;
  readonly demandsMs: Readonly<Record<string, number>>;
  readonly throughput: number;
  readonly response: number;
  readonly numbers?: Readonly<Record<string, number>>;
  readonly tolerances: readonly [throughput: number, response: number];
  readonly count: number;
  readonly quick?: boolean;
}

function closed(of: ClosedNetwork): DesignModel {
  const think = of.thinkSeconds === 0 ? '0s' : `exponential(${of.thinkSeconds}s)`;
  const stations = Object.entries(of.demandsMs);
  return {
    name: of.name,
    design: `
name: closed
network: { latency: 0s }
traffic: { users: { call: system.ask, users: ${of.users}, think: ${think} } }
components:
  system: { kind: service, operations: { ask: ${steps(...stations.map(([name]) => `call: ${name}.work`))} } }
${stations.map(([name, demand]) => server(name, `exponential(${demand}ms)`, { cores: 1 })).join('\n')}
`,
    length: requests(of.count, of.throughput),
    ...(of.quick === true ? { quick: requests(of.count / 10, of.throughput) } : {}),
    expect: [
      {
        what: 'throughput',
        paper: of.throughput,
        unit: '1/s',
        tolerance: within(of.tolerances[0]),
        read: throughput('users'),
      },
      {
        what: 'mean response',
        paper: of.response,
        unit: 's',
        tolerance: within(of.tolerances[1]),
        read: latency('users'),
      },
      ...Object.entries(of.numbers ?? {}).map(
        ([name, number]): Expectation => ({
          what: `number at ${name}`,
          paper: number,
          unit: '1',
          tolerance: within(0.02),
          read: numberAt(`${name}.cpu`),
        }),
      ),
    ],
  };
}

const interactive = { thinkSeconds: 15, demandsMs: { cpu: 605, 'disk-1': 2100, 'disk-2': 1350 } };
const business = { thinkSeconds: 0, demandsMs: { web: 9.8, app: 2.5, store: 0.72 } };
const businessWithDummy = { thinkSeconds: 0, demandsMs: { ...business.demandsMs, dummy: 9.8 } };
const tight = [0.01, 0.02] as const;
const both = [0.01, 0.01] as const;

function ebusiness(users: number, throughput: number, response: number, dummy = false): DesignModel {
  return closed({
    name: `N = ${users}${dummy ? ', with a dummy server' : ''}`,
    users,
    ...(dummy ? businessWithDummy : business),
    throughput,
    response,
    tolerances: both,
    count: 2e6,
    quick: users === 4,
  });
}

/** One master, then one of 16 slaves: on average each slave is visited every 16th time. */
function prefork(users: number, throughput: number, response: number): DesignModel {
  return {
    name: `N = ${users}`,
    design: `
name: prefork
network: { latency: 0s }
traffic: { clients: { call: httpd.get, users: ${users}, think: 0s } }
components:
  httpd: { kind: service, operations: { get: ${steps('call: master.work', 'call: slaves.work')} } }
${server('master', 'exponential(10.9ms)', { cores: 1 })}
${server('slaves', 'exponential(4.4ms)', { instances: 16, cores: 1, balance: 'random' })}
`,
    length: requests(1e6, throughput),
    expect: [
      {
        what: 'throughput',
        paper: throughput,
        unit: '1/s',
        tolerance: within(0.01),
        read: reader('clients', 'x'),
      },
      {
        what: 'mean response',
        paper: response,
        unit: 's',
        tolerance: within(0.01),
        read: reader('clients', 'r'),
      },
    ],
  };
}

function reader(traffic: string, figure: 'x' | 'r') {
  return figure === 'x' ? throughput(traffic) : latency(traffic);
}

function repairman(users: number, think: number, x: number, r: number, count = 4e6): DesignModel {
  return closed({
    name: `N = ${users}, Z = ${think} s`,
    users,
    thinkSeconds: think,
    demandsMs: { server: 1000 },
    throughput: x,
    response: r,
    tolerances: both,
    count,
    quick: users === 10,
  });
}

function sharedQueue(discipline: 'processor-sharing' | 'fifo'): DesignModel {
  const classOf = (traffic: string, x: number, r: number): Expectation[] => [
    {
      what: `throughput, ${traffic}`,
      paper: x,
      unit: '1/s',
      tolerance: within(0.01),
      read: throughput(traffic),
    },
    {
      what: `mean response, ${traffic}`,
      paper: r,
      unit: 's',
      tolerance: within(0.01),
      read: latency(traffic),
    },
  ];
  return {
    name: discipline === 'fifo' ? 'first come, first served' : 'processor sharing',
    design: `
name: shared-queue
traffic:
  steady: { call: server.work, users: 2, think: "erlang(2, 666.666666666667ms)" }
  bursty: { call: server.work, users: 2, think: "hyperexponential(mean: 216.666666666667ms, cv: 1.25706)" }
components:
${server('server', 'exponential(1s)', { cores: 1, discipline })}
`,
    length: requests(2e6, 1),
    quick: requests(2e5, 1),
    expect: [
      ...classOf('steady', 0.462908145482, 3.653844906782),
      ...classOf('bursty', 0.536528176401, 3.511003356956),
    ],
  };
}

/** The same utilisation, by users who wait for their answers and by users who do not. */
function openLike(rate: number, response: number, count: number): DesignModel {
  return {
    name: `open at the throughput of N = Z = ${rate < 0.8 ? 10 : rate < 0.92 ? 50 : 200}`,
    design: `
name: open
traffic: { users: { call: server.work, rate: ${rate}/s } }
components:
${server('server', 'exponential(1s)', { cores: 1 })}
`,
    length: requests(count, rate),
    expect: [
      { what: 'mean response', paper: response, unit: 's', tolerance: within(0.02), read: latency('users') },
    ],
  };
}

const classes: readonly (readonly [
  string,
  number,
  string,
  number,
  number,
  readonly [number, number, number],
])[] = [
  ['terminal-1', 5, 'exponential(20s)', 0.20997721, 3.81210821, [0.5, 0.04, 0.06]],
  ['terminal-2', 10, 'exponential(30s)', 0.29799664, 3.55742481, [0.4, 0.2, 0.3]],
  ['batch', 5, '0s', 0.6465103, 7.73382885, [1.2, 0.05, 0.06]],
];

function mixed(): DesignModel {
  const node = (index: number): string => {
    const operations = classes.map(
      ([name, , , , , demands]) => `${name}: [ { compute: exponential(${demands[index]}s) } ]`,
    );
    return `  node-${index + 1}: { kind: service, cores: 1, discipline: processor-sharing, operations: { ${operations.join(', ')} } }`;
  };
  const visit = (name: string): string =>
    `${name}: ${steps(...[1, 2, 3].map((n) => `call: node-${n}.${name}`))}`;
  return {
    name: '5 + 10 terminals and 5 batch jobs',
    design: `
name: mixed
network: { latency: 0s }
traffic:
${classes.map(([name, users, think]) => `  ${name}: { call: system.${name}, users: ${users}, think: ${think} }`).join('\n')}
components:
  system: { kind: service, operations: { ${classes.map(([name]) => visit(name)).join(', ')} } }
${[0, 1, 2].map(node).join('\n')}
`,
    length: requests(4e6, 1.15),
    expect: [
      ...classes.flatMap(([name, , , x, r]): Expectation[] => [
        {
          what: `throughput, ${name}`,
          paper: x,
          unit: '1/s',
          tolerance: within(0.02),
          read: throughput(name),
        },
        { what: `mean response, ${name}`, paper: r, unit: 's', tolerance: within(0.02), read: latency(name) },
      ]),
      ...([0.99999962, 0.10032393, 0.14078824] as const).map(
        (load, index): Expectation => ({
          what: `utilisation of node ${index + 1}`,
          paper: load,
          unit: '1',
          tolerance: within(0.02),
          read: station(`node-${index + 1}.cpu`, 'utilization'),
        }),
      ),
    ],
  };
}

export const closedNetworks: readonly Case[] = [
  {
    id: 'interactive-system',
    title: 'Terminals, a CPU and two disks',
    source: 'Lazowska et al., Quantitative System Performance (1984), §6.4 (demands); exact MVA (figures)',
    evidence: 'closed form',
    models: [
      closed({
        name: 'N = 1',
        users: 1,
        ...interactive,
        throughput: 0.0524796641301,
        response: 4.055,
        tolerances: tight,
        count: 1e6,
      }),
      closed({
        name: 'N = 2',
        users: 2,
        ...interactive,
        throughput: 0.103085937452,
        response: 4.40128837575,
        tolerances: tight,
        count: 1e6,
      }),
      closed({
        name: 'N = 3',
        users: 3,
        ...interactive,
        throughput: 0.151516492347,
        response: 4.79982478163,
        numbers: { cpu: 0.0975660194084, 'disk-1': 0.394656554667, 'disk-2': 0.235030040718 },
        tolerances: tight,
        count: 2e6,
        quick: true,
      }),
      closed({
        name: 'N = 10',
        users: 10,
        ...interactive,
        throughput: 0.400204622855,
        response: 9.98721761049,
        tolerances: tight,
        count: 2e6,
      }),
      closed({
        name: 'N = 50',
        users: 50,
        ...interactive,
        throughput: 0.476190473237,
        response: 90.0000006512,
        tolerances: tight,
        count: 4e6,
      }),
    ],
  },
  {
    id: 'httpd-prefork',
    title: 'A web server with a master and 16 slaves',
    source: 'Gunther, Analyzing Computer System Performance with Perl::PDQ (2011), §12.2.2',
    evidence: 'published figure and closed form',
    models: [
      prefork(1, 65.3594771242, 0.0153),
      prefork(2, 86.4138262122, 0.0231444444444),
      prefork(3, 90.9434234108, 0.0329875420067),
      prefork(4, 91.6473841601, 0.0436455446782),
      prefork(5, 91.7334589424, 0.0545057393196),
    ],
  },
  {
    id: 'three-tier-e-business',
    title: 'Web, application and database server under a load test without think time',
    source: 'Gunther, Analyzing Computer System Performance with Perl::PDQ (2011), §12.4.4',
    evidence: 'published figure and closed form',
    models: [
      ebusiness(1, 76.8049155146, 0.01302),
      ebusiness(2, 95.6197067662, 0.0209161904762),
      ebusiness(4, 101.622161993, 0.0393614928236),
      ebusiness(10, 102.040700878, 0.0980001108772),
      ebusiness(20, 102.040816326, 0.196),
      ebusiness(1, 43.8212094654, 0.02282, true),
      ebusiness(4, 79.7862531973, 0.0501339496431, true),
      ebusiness(10, 92.394525047, 0.108231521239, true),
      ebusiness(20, 97.0821405201, 0.206011114844, true),
    ],
  },
  {
    id: 'terminals-and-batch',
    title: 'Three populations share three nodes',
    source: 'Allen, Probability, Statistics and Queueing Theory (1990), example 6.3.4; exact multi-class MVA',
    evidence: 'published figure and closed form',
    models: [mixed()],
  },
  {
    id: 'machine-repairman',
    title: 'Machine repairman: a finite population at one server',
    source: 'Gunther, Perl::PDQ (2011), §4.8 (first); LINE solver, cqn_repairmen (last); exact MVA',
    evidence: 'published figure and closed form',
    models: [
      closed({
        name: 'N = 100, Z = 300 s, S = 0.63 s',
        users: 100,
        thinkSeconds: 300,
        demandsMs: { server: 630 },
        throughput: 0.332453152877,
        response: 0.794259686309,
        tolerances: both,
        count: 4e6,
      }),
      repairman(10, 10, 0.785417656893, 2.73207943855),
      repairman(20, 10, 0.998130950148, 10.0374509948),
      {
        name: 'N = 10, 30 % need repair',
        design: `
name: repairmen
network: { latency: 0s }
traffic: { machines: { call: floor.inspect, users: 10, think: exponential(1s) } }
components:
  floor: { kind: service, operations: { inspect: [ { choose: [ { probability: 30%, do: [ { call: repair.work } ] } ] } ] } }
${server('repair', 'exponential(1.5s)', { cores: 1 })}
`,
        length: requests(4e6, 2.2),
        quick: requests(4e5, 2.2),
        expect: [
          {
            what: 'inspections',
            paper: 2.22202732310341,
            unit: '1/s',
            tolerance: within(0.01),
            read: throughput('machines'),
          },
          {
            what: 'number in repair',
            paper: 7.77797267689659,
            unit: '1',
            tolerance: within(0.01),
            read: numberAt('repair.cpu'),
          },
          {
            what: 'utilisation',
            paper: 0.999912295,
            unit: '1',
            tolerance: within(0.01),
            read: station('repair.cpu', 'utilization'),
          },
        ],
      },
    ],
  },
  {
    id: 'discipline-does-not-matter',
    title: 'Equal exponential service: sharing and first come, first served give the same means',
    source: 'Baskett, Chandy, Muntz & Palacios, JACM 22(2) 1975; LINE solver, testCqnBcmpTheorem (figures)',
    evidence: 'published figure and closed form',
    models: [sharedQueue('processor-sharing'), sharedQueue('fifo')],
  },
  {
    id: 'open-against-closed',
    title: 'Open and closed load at the same utilisation: the open one waits 1.6 to 1.7 times as long',
    source: 'Schroeder, Wierman & Harchol-Balter, NSDI 2006 (principle); exact MVA and M/M/1 (figures)',
    evidence: 'closed form',
    models: [
      repairman(10, 10, 0.785417656893, 2.73207943855),
      openLike(0.785417656893, 4.66021568, 6e6),
      repairman(50, 50, 0.895212544496, 5.85265790497, 1.6e7),
      openLike(0.895212544496, 9.54312703934, 5e7),
      repairman(200, 200, 0.945647577161, 11.4952809379, 4e7),
      openLike(0.945647577161, 18.3984438554, 6e7),
    ],
  },
];
