import { insertionSort, mergeSort } from './sort-events.ts';

/**
 * The event set: what is to happen, in order of (time, sequence of pushing). Events of the same time come
 * out first in, first out, always.
 *
 * A ladder queue (Tang, Goh & Thng, ACM TOMACS 15(3), 2005) on typed arrays: a short sorted `bottom`, above
 * it rungs of buckets that are sorted only when their turn comes, above them an unsorted `top`. While few
 * events are pending everything stands in the bottom, which is then a plain sorted array, the fastest
 * structure there is for a handful of events. Cost per event is about the same at 100 and at 100,000
 * pending, for any mix of times, ties included; nothing is allocated per event.
 *
 * An event is a time (seconds, finite, not before the last one popped) and a payload (an int32). There is no
 * cancelling: who pushed an event can tell by its own state whether it still matters, and where many do not, has them
 * swept out together.
 */
export class Calendar {
  /** Time of the event popped last, in seconds. An array of one, so that reading it makes no heap number. */
  readonly now = new Float64Array(1);

  /** Time of the event that is being pushed. */
  private readonly pushed = new Float64Array(1);
  // Bottom: ascending, from `head` to `tail`.
  private bottomTime = new Float64Array(INITIAL_BOTTOM);
  private bottomPayload = new Int32Array(INITIAL_BOTTOM);
  private head = INITIAL_BOTTOM >> 1;
  private tail = INITIAL_BOTTOM >> 1;

  /** Length of the bottom from which on its later half is handed upwards. */
  private spillAt = BOTTOM_LIMIT;

  // Nodes of the linked lists that rungs and top are made of.
  private nodeTime = new Float64Array(INITIAL_NODES);
  private nodePayload = new Int32Array(INITIAL_NODES);
  private nodeNext = new Int32Array(INITIAL_NODES);
  private freeNode = NONE;
  private usedNodes = 0;
  private freeNodes = 0;

  // Top: events at or after `topStart`, in the order of pushing.
  private topStart = Number.POSITIVE_INFINITY;
  private topHead = NONE;
  private topTail = NONE;
  private topCount = 0;

  // Of the list that was swept last.
  private sweptTail = NONE;
  private sweptCount = 0;

  private readonly rungs: Rung[] = [];
  private depth = 0;

  /** Number of pending events. */
  get size(): number {
    return this.tail - this.head + this.usedNodes - this.freeNodes;
  }

  push(time: number, payload: number): void {
    // Small enough to be inlined wherever it is called; a time passed on as an argument would become a heap number.
    this.pushed[0] = time;
    this.insert(payload);
  }

  private insert(payload: number): void {
    const time = this.pushed[0]!;
    if (time >= this.topStart) {
      this.appendTop(time, payload);
      return;
    }
    for (let r = 0; r < this.depth; r++) {
      const rung = this.rungs[r]!;
      const bucket = rung.bucketOf(time);
      if (bucket > rung.current) {
        this.appendBucket(rung, bucket, this.newNode(time, payload));
        return;
      }
    }
    this.insertBottom(payload);
  }

  /** Takes out the earliest event: sets `now` to its time and returns its payload. The calendar must not be empty. */
  pop(): number {
    if (this.head === this.tail) this.refillBottom();
    const at = this.head++;
    this.now[0] = this.bottomTime[at]!;
    return this.bottomPayload[at]!;
  }

  /** Time of the earliest event; Infinity when there is none. */
  peekTime(): number {
    if (this.size === 0) return Number.POSITIVE_INFINITY;
    if (this.head === this.tail) this.refillBottom();
    return this.bottomTime[this.head]!;
  }

  /**
   * Takes out all events that do not matter any more, in time proportional to all that are pending; the others keep
   * their order. For timers, most of which are cancelled long before they are due.
   *
   * @param isOver asked once of each pending event, by its payload
   */
  sweep(isOver: (payload: number) => boolean): void {
    let tail = this.head;
    for (let at = this.head; at < this.tail; at++) {
      if (isOver(this.bottomPayload[at]!)) continue;
      this.bottomTime[tail] = this.bottomTime[at]!;
      this.bottomPayload[tail++] = this.bottomPayload[at]!;
    }
    this.tail = tail;
    for (let r = 0; r < this.depth; r++) {
      const rung = this.rungs[r]!;
      for (let bucket = rung.current + 1; bucket < rung.buckets; bucket++) {
        rung.first[bucket] = this.sweepList(rung.first[bucket]!, isOver);
        rung.final[bucket] = this.sweptTail;
        rung.counts[bucket] = this.sweptCount;
      }
    }
    this.topHead = this.sweepList(this.topHead, isOver);
    this.topTail = this.sweptTail;
    this.topCount = this.sweptCount;
  }

  /** Gives the nodes of a list back that are over; returns its new head, and leaves its tail and its length. */
  private sweepList(first: number, isOver: (payload: number) => boolean): number {
    let head = NONE;
    this.sweptTail = NONE;
    this.sweptCount = 0;
    for (let node = first; node !== NONE; ) {
      const next = this.nodeNext[node]!;
      if (isOver(this.nodePayload[node]!)) {
        this.nodeNext[node] = this.freeNode;
        this.freeNode = node;
        this.freeNodes++;
      } else {
        if (head === NONE) head = node;
        else this.nodeNext[this.sweptTail] = node;
        this.nodeNext[node] = NONE;
        this.sweptTail = node;
        this.sweptCount++;
      }
      node = next;
    }
    return head;
  }

  private insertBottom(payload: number): void {
    const time = this.pushed[0]!;
    const size = this.tail - this.head;
    if (size >= this.spillAt) {
      const spilled = this.spillBottom();
      // What is left may be of one time, and cannot be cut however often it is tried.
      this.spillAt = Math.max(BOTTOM_LIMIT, 2 * (this.tail - this.head));
      if (spilled) {
        this.insert(payload);
        return;
      }
    }
    const times = this.bottomTime;
    // Position after all events of the same or an earlier time.
    let at = this.tail;
    if (size > SEARCH_LIMIT) {
      let low = this.head;
      while (low < at) {
        const middle = (low + at) >> 1;
        if (times[middle]! <= time) low = (middle + 1) | 0;
        else at = middle;
      }
    } else {
      while (at > this.head && times[at - 1]! > time) at--;
    }
    if (at - this.head < this.tail - at && this.head > 0) {
      this.shiftLeft(at);
      at--;
    } else {
      if (this.tail === times.length) {
        this.roomBottom();
        this.insert(payload);
        return;
      }
      this.shiftRight(at);
    }
    this.bottomTime[at] = time;
    this.bottomPayload[at] = payload;
  }

  /** Moves what is before `at` one place to the front. */
  private shiftLeft(at: number): void {
    const times = this.bottomTime;
    const payloads = this.bottomPayload;
    for (let i = this.head; i < at; i++) {
      times[i - 1] = times[i]!;
      payloads[i - 1] = payloads[i]!;
    }
    this.head--;
  }

  /** Moves `at` and what is behind it one place to the back. */
  private shiftRight(at: number): void {
    const times = this.bottomTime;
    const payloads = this.bottomPayload;
    for (let i = this.tail; i > at; i--) {
      times[i] = times[i - 1]!;
      payloads[i] = payloads[i - 1]!;
    }
    this.tail++;
  }

  /** The bottom reached the end of its array: centre it, in a larger one when it is more than half full. */
  private roomBottom(): void {
    const size = this.tail - this.head;
    const length = size * 2 > this.bottomTime.length ? this.bottomTime.length * 2 : this.bottomTime.length;
    const head = (length - size) >> 1;
    const times = length === this.bottomTime.length ? this.bottomTime : new Float64Array(length);
    const payloads = length === this.bottomPayload.length ? this.bottomPayload : new Int32Array(length);
    if (times === this.bottomTime) {
      times.copyWithin(head, this.head, this.tail);
      payloads.copyWithin(head, this.head, this.tail);
    } else {
      times.set(this.bottomTime.subarray(this.head, this.tail), head);
      payloads.set(this.bottomPayload.subarray(this.head, this.tail), head);
    }
    this.bottomTime = times;
    this.bottomPayload = payloads;
    this.head = head;
    this.tail = head + size;
  }

  /**
   * Hands the later half of a long bottom to the top or to a new rung. False when that cannot be done:
   * all its events are of one time, or the ladder is at its full depth.
   */
  private spillBottom(): boolean {
    const times = this.bottomTime;
    let cut = (this.head + this.tail) >>> 1;
    const pivot = times[cut]!;
    while (cut > this.head && times[cut - 1]! === pivot) cut--;
    if (cut === this.head) {
      if (times[this.tail - 1]! === pivot) return false;
      while (times[cut]! === pivot) cut++;
    }
    if (this.depth === 0) {
      this.spillToTop(cut);
      return true;
    }
    if (this.depth === MAX_RUNGS) return false;
    const last = times[this.tail - 1]!;
    const rung = this.newRung(times[cut]!, last, this.tail - cut);
    if (rung === null) return false;
    for (let i = cut; i < this.tail; i++) {
      const node = this.newNode(times[i]!, this.bottomPayload[i]!);
      this.appendBucket(rung, rung.bucketOf(times[i]!), node);
    }
    this.tail = cut;
    return true;
  }

  /** With no rungs, everything in the top is later than the bottom, so the spilled half goes in front of it. */
  private spillToTop(cut: number): void {
    let next = this.topHead;
    for (let i = this.tail - 1; i >= cut; i--) {
      const node = this.newNode(this.bottomTime[i]!, this.bottomPayload[i]!);
      this.nodeNext[node] = next;
      if (next === NONE) this.topTail = node;
      next = node;
    }
    this.topHead = next;
    this.topCount += this.tail - cut;
    this.topStart = this.bottomTime[cut]!;
    this.tail = cut;
  }

  private refillBottom(): void {
    this.head = this.bottomTime.length >> 2;
    this.tail = this.head;
    this.spillAt = BOTTOM_LIMIT;
    while (this.head === this.tail) {
      if (this.depth === 0) {
        this.takeTop();
        continue;
      }
      const rung = this.rungs[this.depth - 1]!;
      const bucket = rung.nextBucket();
      if (bucket === NONE) {
        this.depth--;
        continue;
      }
      const first = rung.first[bucket]!;
      const count = rung.counts[bucket]!;
      rung.first[bucket] = NONE;
      rung.counts[bucket] = 0;
      if (count <= BUCKET_LIMIT || this.depth === MAX_RUNGS || !this.splitList(first, count)) {
        this.listToBottom(first, count);
      }
    }
  }

  /** Empties the top into the bottom (few events or all of one time) or into the first rung. */
  private takeTop(): void {
    const first = this.topHead;
    const count = this.topCount;
    this.topHead = NONE;
    this.topTail = NONE;
    this.topCount = 0;
    if (count <= BUCKET_LIMIT) {
      this.listToBottom(first, count);
      this.topStart = Number.POSITIVE_INFINITY;
      return;
    }
    const split = this.splitList(first, count);
    if (!split) this.listToBottom(first, count);
    // Later events than these belong to the next top; an equal time was pushed later, so it does too.
    this.topStart = split ? this.rungs[0]!.last : this.bottomTime[this.tail - 1]!;
  }

  /** Spreads a list over the buckets of a new rung; false when its times cannot be told apart by buckets. */
  private splitList(first: number, count: number): boolean {
    const times = this.nodeTime;
    let earliest = Number.POSITIVE_INFINITY;
    let latest = Number.NEGATIVE_INFINITY;
    for (let node = first; node !== NONE; node = this.nodeNext[node]!) {
      const time = times[node]!;
      if (time < earliest) earliest = time;
      if (time > latest) latest = time;
    }
    const rung = this.newRung(earliest, latest, count);
    if (rung === null) return false;
    for (let node = first; node !== NONE; ) {
      const next = this.nodeNext[node]!;
      this.appendBucket(rung, rung.bucketOf(times[node]!), node);
      node = next;
    }
    return true;
  }

  private newRung(earliest: number, latest: number, count: number): Rung | null {
    const buckets = Math.max(2, Math.ceil(count / PER_BUCKET));
    const perWidth = (buckets - 1) / (latest - earliest);
    if (!Number.isFinite(perWidth)) return null;
    let rung = this.rungs[this.depth];
    if (rung === undefined) {
      rung = new Rung();
      this.rungs.push(rung);
    }
    rung.open(earliest, latest, perWidth, buckets);
    this.depth++;
    return rung;
  }

  /** Sorts a list into the empty bottom, keeping the order of equal times. */
  private listToBottom(first: number, count: number): void {
    if (this.head + count > this.bottomTime.length) {
      this.bottomTime = new Float64Array(count * 4);
      this.bottomPayload = new Int32Array(count * 4);
      this.head = count;
      this.tail = count;
    }
    const times = this.bottomTime;
    const payloads = this.bottomPayload;
    const head = this.head;
    let tail = head;
    let sorted = true;
    for (let node = first; node !== NONE; ) {
      const next = this.nodeNext[node]!;
      times[tail] = this.nodeTime[node]!;
      payloads[tail] = this.nodePayload[node]!;
      if (tail > head && times[tail]! < times[tail - 1]!) sorted = false;
      tail++;
      this.nodeNext[node] = this.freeNode;
      this.freeNode = node;
      node = next;
    }
    this.freeNodes += count;
    this.tail = tail;
    if (sorted) return;
    if (count <= BUCKET_LIMIT) insertionSort(times, payloads, head, tail);
    else mergeSort(times, payloads, head, tail);
  }

  private appendTop(time: number, payload: number): void {
    const node = this.newNode(time, payload);
    if (this.topTail === NONE) this.topHead = node;
    else this.nodeNext[this.topTail] = node;
    this.topTail = node;
    this.topCount++;
  }

  private appendBucket(rung: Rung, bucket: number, node: number): void {
    this.nodeNext[node] = NONE;
    if (rung.first[bucket] === NONE) rung.first[bucket] = node;
    else this.nodeNext[rung.final[bucket]!] = node;
    rung.final[bucket] = node;
    rung.counts[bucket] = rung.counts[bucket]! + 1;
  }

  private newNode(time: number, payload: number): number {
    let node = this.freeNode;
    if (node !== NONE) {
      this.freeNode = this.nodeNext[node]!;
      this.freeNodes--;
    } else {
      if (this.usedNodes === this.nodeTime.length) this.growNodes();
      node = this.usedNodes++;
    }
    this.nodeTime[node] = time;
    this.nodePayload[node] = payload;
    this.nodeNext[node] = NONE;
    return node;
  }

  private growNodes(): void {
    const length = this.nodeTime.length * 2;
    const times = new Float64Array(length);
    const payloads = new Int32Array(length);
    const next = new Int32Array(length);
    times.set(this.nodeTime);
    payloads.set(this.nodePayload);
    next.set(this.nodeNext);
    this.nodeTime = times;
    this.nodePayload = payloads;
    this.nodeNext = next;
  }
}

const NONE = -1;
const INITIAL_BOTTOM = 256;
const INITIAL_NODES = 256;
/** A bottom longer than this hands its later half upwards. */
const BOTTOM_LIMIT = 64;
/** Up to this length of the bottom, looking from the end is faster than halving. */
const SEARCH_LIMIT = 12;
/** A bucket of more events than this is split into a rung of its own. */
const BUCKET_LIMIT = 48;
/** Events a bucket gets on average when a rung is opened. */
const PER_BUCKET = 4;
const MAX_RUNGS = 10;

/** One rung: equal buckets over a span of time, of which those up to `current` have been used up. */
class Rung {
  start = 0;
  last = 0;
  perWidth = 0;
  buckets = 0;
  current = -1;
  first = new Int32Array(0);
  final = new Int32Array(0);
  counts = new Int32Array(0);

  open(start: number, last: number, perWidth: number, buckets: number): void {
    this.start = start;
    this.last = last;
    this.perWidth = perWidth;
    this.buckets = buckets;
    this.current = -1;
    if (this.first.length < buckets) {
      this.first = new Int32Array(buckets * 2);
      this.final = new Int32Array(buckets * 2);
      this.counts = new Int32Array(buckets * 2);
    }
    this.first.fill(NONE, 0, buckets);
    this.counts.fill(0, 0, buckets);
  }

  /** Equal times always get the same bucket. Before the rung: −1; behind it: the last. */
  bucketOf(time: number): number {
    const position = (time - this.start) * this.perWidth;
    if (position < 0) return -1;
    return position < this.buckets ? position | 0 : this.buckets - 1;
  }

  /** Moves on to the next bucket that holds anything; NONE when there is none. */
  nextBucket(): number {
    for (let bucket = this.current + 1; bucket < this.buckets; bucket++) {
      if (this.first[bucket] !== NONE) {
        this.current = bucket;
        return bucket;
      }
    }
    return NONE;
  }
}
