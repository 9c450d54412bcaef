import type { BlamedPart, BlameKind } from '../../report/blame.ts';
import type { SpanSpec } from '../model.ts';

/** What the time of a frame is charged to while it is in a span, as indices of parts. */
export interface ChargedTo {
  /** From the beginning of the span on. */
  readonly begins: number;
  /** While it waits for a server, and while it has one. */
  readonly queued: number;
  readonly served: number;
  /** What failed attempts within it become. */
  readonly failed: number;
}

/** Time outside of all spans. */
export const OTHER = 0;
/** Waiting for an instance that is gone, until the caller gives up. */
export const GONE = 1;

/** What time can be charged to, each once, and which span charges what. */
export class BlameParts {
  readonly all: BlamedPart[] = [];
  private readonly numbers = new Map<string, number>();

  constructor() {
    this.part('other', 'outside of all steps');
    this.part('timeout', 'an instance that is gone');
  }

  of(spec: SpanSpec): ChargedTo {
    const { component, about = component } = spec;
    const alone = (part: number): ChargedTo => ({ begins: part, queued: part, served: part, failed: part });
    switch (spec.kind) {
      case 'service': {
        const served = this.part('service', about);
        return { begins: served, queued: this.part('queueing', about), served, failed: served };
      }
      case 'queue':
        return alone(
          this.part('queueing', spec.about === undefined ? `${component}: ${withoutFor(spec.name)}` : about),
        );
      case 'network':
        return alone(this.part('network', about === component ? component : `${component} → ${about}`));
      case 'wait':
        return alone(
          spec.name === 'wait'
            ? this.part('wait', component)
            : this.part('service', `${component}: ${spec.name}`),
        );
      case 'backoff':
        return alone(this.part('retry', `${about}: backoff`));
      case 'call':
        return this.guarded(spec.guard, about);
      case 'parallel':
      case 'refusal':
        // Where no branch ends the wait, whoever waited has died; and who is let in at once waits for nothing.
        return alone(GONE);
      default:
        return alone(OTHER);
    }
  }

  /** Whether time is what it is for good: a failed attempt makes it no other. */
  isSettled(part: number): boolean {
    const { kind } = this.all[part]!;
    return kind === 'retry' || kind === 'timeout';
  }

  private guarded(guard: SpanSpec['guard'], about: string): ChargedTo {
    if (guard === 'retries') {
      return {
        begins: OTHER,
        queued: OTHER,
        served: OTHER,
        failed: this.part('retry', `${about}: failed attempts`),
      };
    }
    const waits =
      guard === 'hedges' ? this.part('retry', `${about}: before a hedge`) : this.part('timeout', about);
    return { begins: waits, queued: waits, served: waits, failed: waits };
  }

  private part(kind: BlameKind, where: string): number {
    const key = `${kind} ${where}`;
    const there = this.numbers.get(key);
    if (there !== undefined) return there;
    this.numbers.set(key, this.all.length);
    return this.all.push({ kind, where }) - 1;
  }
}

const withoutFor = (name: string): string => name.replace(/^wait for /, '');
