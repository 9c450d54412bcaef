import type { Calendar } from '../kernel/index.ts';
import * as event from './events.ts';

/**
 * What happens to a system besides its requests: faults, probes of health, the moves of an autoscaler. Each has its
 * numbers, and is called when one of them is due.
 */
export class Controls {
  private readonly calendar: Calendar;
  private readonly firsts: number[] = [];
  private readonly acts: ((number: number) => void)[] = [];
  private next = 0;

  constructor(calendar: Calendar) {
    this.calendar = calendar;
  }

  /**
   * Reserves numbers for something that happens.
   * @param act called with one of the numbers, counted from 0, when it is due
   * @returns what to add to a number in `at`
   */
  reserve(count: number, act: (number: number) => void): number {
    const first = this.next;
    this.firsts.push(first);
    this.acts.push(act);
    this.next += count;
    return first;
  }

  /** Puts a number on the calendar. */
  at(time: number, subject: number): void {
    this.calendar.push(time, event.CONTROL + 8 * subject);
  }

  /** How much is on the calendar, requests included. */
  get pending(): number {
    return this.calendar.size;
  }

  /** Takes those numbers off the calendar, among `count` from `first` on, that do not matter any more. */
  sweep(first: number, count: number, isOver: (number: number) => boolean): void {
    this.calendar.sweep((payload) => {
      const number = (payload >>> 3) - first;
      return (payload & 7) === event.CONTROL && number >= 0 && number < count && isOver(number);
    });
  }

  /** A number is due. */
  run(subject: number): void {
    let i = this.firsts.length - 1;
    while (this.firsts[i]! > subject) i--;
    this.acts[i]!(subject - this.firsts[i]!);
  }
}
