import type { Constant, Origin } from './constant.ts';
import { teachingNotes } from './originals.ts';

const resilience4j: Origin = { source: 'Resilience4j documentation, CircuitBreaker: default', date: '2025' };
const albHealth: Origin = {
  source: 'AWS Application Load Balancer user guide, health checks: default',
  date: '2025',
};
const awsRetry: Origin = { source: 'AWS SDKs reference guide, standard retry mode: default', date: '2025' };
const sreBook: Origin = {
  source: 'B. Beyer et al., "Site Reliability Engineering" (Google, 2016), chapter 21 "Handling overload"',
  date: '2016',
};

const vrrp: Origin = { source: 'IETF RFC 9568 (VRRP), section 6.1: default', date: '2024' };

const hpa: Origin = {
  source: 'Kubernetes documentation (kubernetes.io), Horizontal Pod Autoscaling: default',
  date: '2025',
};
const eureka: Origin = {
  source:
    'Spring Cloud Netflix documentation, Eureka: defaults of leaseRenewalIntervalInSeconds, leaseExpirationDurationInSeconds and registryFetchIntervalSeconds',
  date: '2025',
};
const kubelet: Origin = {
  source:
    'Kubernetes documentation (kubernetes.io), Pod lifecycle, container restarts: initial delay of the exponential backoff',
  date: '2025',
};
const istio: Origin = {
  source: 'Istio documentation (istio.io), Performance and Scalability, version 1.24: CPU of a sidecar proxy',
  date: '2024',
};
const startupStudy: Origin = {
  source:
    'M. Mao, M. Humphrey, "A performance study on the VM startup time in the cloud", IEEE CLOUD 2012: Linux on EC2',
  date: '2012',
};

/** Settings of retries, breakers and health checks, and the pauses that they have to bridge. */
export const resilience: readonly Constant[] = [
  {
    name: 'retry.attempts',
    summary: 'Tries of a call in all, the first included',
    dimension: 'count',
    values: [
      { profile: 'cloud-2026', value: '3', ...sreBook },
      { profile: 'classroom', value: '5', ...teachingNotes },
    ],
    note: 'Waits of 1, 2, 4 and 8 s before the further four tries. Tries multiply over layers: three tries in each of three layers are 27 calls.',
  },
  {
    name: 'retry.base',
    summary: 'Wait before the first repetition; it doubles with each',
    dimension: 'time',
    values: [
      { profile: 'cloud-2026', value: '1s', ...awsRetry },
      { profile: 'classroom', value: '1s', ...teachingNotes },
    ],
    note: 'Upper end: the wait is drawn between 0 and it (full jitter). Doubling alone, or a small jitter added, leaves clients that failed together in step.',
  },
  {
    name: 'retry.cap',
    summary: 'Longest wait before a repetition',
    dimension: 'time',
    values: [
      { profile: 'cloud-2026', value: '20s', ...awsRetry },
      { profile: 'classroom', value: '60s', ...teachingNotes },
    ],
    note: '',
  },
  {
    name: 'retry.budget',
    summary: 'Repetitions that a client may add, as a share of its requests',
    dimension: 'ratio',
    values: [{ profile: 'cloud-2026', value: '10%', ...sreBook }],
    note: 'Teaching material has none. It bounds the extra load when everything fails, which backoff only defers.',
  },
  {
    name: 'breaker.failures',
    summary: 'Failures in a row at which a breaker opens',
    dimension: 'count',
    values: [{ profile: 'classroom', value: '5', ...teachingNotes }],
    note: 'In a row: the usual sample code never resets its count, and at 0.1 % of random errors opens every 5,000 calls. Where a rate decides instead, see breaker.failureRate.',
  },
  {
    name: 'breaker.failureRate',
    summary: 'Share of failures at which a breaker opens',
    dimension: 'ratio',
    values: [{ profile: 'cloud-2026', value: '50%', ...resilience4j }],
    note: 'Of the last 100 calls.',
  },
  {
    name: 'breaker.minimumCalls',
    summary: 'Calls that must have been seen before the failure rate counts',
    dimension: 'count',
    values: [{ profile: 'cloud-2026', value: '100', ...resilience4j }],
    note: '',
  },
  {
    name: 'breaker.open',
    summary: 'Time a breaker stays open before it tries again',
    dimension: 'time',
    values: [
      { profile: 'cloud-2026', value: '60s', ...resilience4j },
      { profile: 'classroom', value: '60s', ...teachingNotes },
    ],
    note: '',
  },
  {
    name: 'breaker.probes',
    summary: 'Calls let through to find out whether a breaker may close',
    dimension: 'count',
    values: [
      { profile: 'cloud-2026', value: '10', ...resilience4j },
      { profile: 'classroom', value: '2', ...teachingNotes },
    ],
    note: 'Some notes let a single one decide.',
  },
  {
    name: 'health.interval',
    summary: 'Time between two health checks of a server',
    dimension: 'time',
    values: [
      { profile: 'cloud-2026', value: '30s', ...albHealth },
      { profile: 'classroom', value: '5s..30s', ...teachingNotes },
    ],
    note: '"Traffic never reaches a failing server" is wrong: it does for up to interval × threshold, 15 to 90 s here.',
  },
  {
    name: 'health.threshold',
    summary: 'Failed health checks after which a server is taken out',
    dimension: 'count',
    values: [
      { profile: 'cloud-2026', value: '2', ...albHealth },
      { profile: 'classroom', value: '3', ...teachingNotes },
    ],
    note: '',
  },
  {
    name: 'health.timeout',
    summary: 'Time after which a health check without answer has failed',
    dimension: 'time',
    values: [{ profile: 'cloud-2026', value: '5s', ...albHealth }],
    note: '',
  },
  {
    name: 'discovery.heartbeat',
    summary: 'Time between two heartbeats of an instance to a registry of services',
    dimension: 'time',
    values: [{ profile: 'cloud-2026', value: '30s', ...eureka }],
    note: '',
  },
  {
    name: 'discovery.expire',
    summary: 'Time without a heartbeat after which a registry of services forgets an instance',
    dimension: 'time',
    values: [{ profile: 'cloud-2026', value: '90s', ...eureka }],
    note: 'Eureka looks for such instances once a minute, and for a while forgets nobody when many go at once; neither is in the 90 s.',
  },
  {
    name: 'discovery.refresh',
    summary: 'Time between two copies of the list of instances that a caller takes',
    dimension: 'time',
    values: [{ profile: 'cloud-2026', value: '30s', ...eureka }],
    note: 'Where names are the list, it is the time to live of their answers.',
  },
  {
    name: 'failover.database',
    summary: 'Time until a standby serves in place of a failed primary',
    dimension: 'time',
    values: [
      {
        profile: 'cloud-2026',
        value: '60s..120s',
        source: 'Amazon RDS user guide, Multi-AZ deployments: typical',
        date: '2025',
      },
    ],
    note: '',
  },
  {
    name: 'failover.address',
    summary: 'Time until the other one of a pair has taken over the address of one that failed',
    dimension: 'time',
    values: [
      {
        profile: 'cloud-2026',
        value: '3.6s',
        source:
          'derived from the defaults of VRRP (IETF RFC 9568, section 6.1): 3 advertisements of 1 s, and a skew of (256 − 100)/256 s at priority 100',
        date: '2024',
      },
    ],
    note: 'Counted from the last advertisement: the failure is up to one of them later, so this is the upper end. Whoever starts from cold takes longer.',
  },
  {
    name: 'failover.heartbeat',
    summary: 'Time between two heartbeats of one that serves to the one that stands by',
    dimension: 'time',
    values: [{ profile: 'cloud-2026', value: '1s', ...vrrp }],
    note: '',
  },
  {
    name: 'failover.missed',
    summary: 'Heartbeats in a row that fail to come before the other one takes over',
    dimension: 'count',
    values: [{ profile: 'cloud-2026', value: '3', ...vrrp }],
    note: 'VRRP waits for the skew of the priority beside these.',
  },
  {
    name: 'lat.write.strong',
    summary: 'Write that is confirmed by a second zone or region',
    dimension: 'time',
    values: [
      {
        profile: 'cloud-2026',
        value: '0.7ms..3.9ms',
        source: 'derived: one rtt.az and one db.write.disk, within a region',
        date: '2026',
      },
      { profile: 'classroom', value: '100ms', ...teachingNotes },
    ],
    note: 'The 100 ms of teaching material is a quorum across regions; where the quorum stands decides.',
  },
  {
    name: 'lat.write.eventual',
    summary: 'Write that is confirmed by the nearest copy alone',
    dimension: 'time',
    values: [{ profile: 'classroom', value: '5ms', ...teachingNotes }],
    note: '',
  },
  {
    name: 'pause.gc.g1',
    summary: 'Pause for garbage collection that the JVM aims at by default (G1)',
    dimension: 'time',
    values: [
      {
        profile: 'cloud-2026',
        value: '200ms',
        source: 'Oracle HotSpot garbage collection tuning guide: default of MaxGCPauseMillis',
        date: '2025',
      },
    ],
    note: 'An aim and no measurement. ZGC aims at less than 1 ms.',
  },
  {
    name: 'autoscale.target',
    summary: 'Share of the CPU in use that an autoscaler steers to',
    dimension: 'ratio',
    values: [{ profile: 'cloud-2026', value: '80%', ...hpa }],
    note: 'What Kubernetes takes where no metric is named. Many set it lower: what is above it is all there is until new instances have started.',
  },
  {
    name: 'autoscale.every',
    summary: 'Time between two looks of an autoscaler',
    dimension: 'time',
    values: [{ profile: 'cloud-2026', value: '15s', ...hpa }],
    note: '',
  },
  {
    name: 'autoscale.cooldown',
    summary: 'Time over which the highest number wanted counts before an autoscaler takes instances out',
    dimension: 'time',
    values: [{ profile: 'cloud-2026', value: '5min', ...hpa }],
    note: 'Kubernetes calls it the downscale stabilization window.',
  },
  {
    name: 'autoscale.tolerance',
    summary: 'Distance from its target at which an autoscaler begins to act',
    dimension: 'ratio',
    values: [{ profile: 'cloud-2026', value: '10%', ...hpa }],
    note: '',
  },
  {
    name: 'memory.restart',
    summary: 'Time from when an instance is killed for want of memory until it serves again',
    dimension: 'time',
    values: [{ profile: 'cloud-2026', value: '10s', ...kubelet }],
    note: 'The pause before a container is started again; the start of the program comes on top. Kubernetes doubles it for one that dies again and again: `restart-backoff`.',
  },
  {
    name: 'memory.restart.longest',
    summary: 'Longest pause before an instance that is killed again and again is started anew',
    dimension: 'time',
    values: [{ profile: 'cloud-2026', value: '5min', ...kubelet }],
    note: 'The pause doubles with each kill up to this.',
  },
  {
    name: 'memory.restart.reset',
    summary:
      'Time that an instance has to run until the pause before its next restart is the first one again',
    dimension: 'time',
    values: [{ profile: 'cloud-2026', value: '10min', ...kubelet }],
    note: 'Of an instance that was killed before; the first restart of any takes `memory.restart`.',
  },
  {
    name: 'sidecar.cpu',
    summary: 'CPU time that a proxy beside an instance takes for a request and its answer',
    dimension: 'time',
    values: [{ profile: 'cloud-2026', value: '200us', ...istio }],
    note: '0.20 vCPU at 1000 requests of 1 KB a second and two worker threads; 0.35 to 0.6 vCPU in versions 1.3 to 1.16.',
  },
  {
    name: 'autoscale.boot',
    summary: 'Time from the order of an instance until it serves',
    dimension: 'time',
    values: [{ profile: 'cloud-2026', value: '97s', ...startupStudy }],
    note: 'Of a whole virtual machine, without the program on it; later studies found shorter ones. A container on a machine that runs already starts in seconds, a runtime that must warm up takes minutes.',
  },
];
