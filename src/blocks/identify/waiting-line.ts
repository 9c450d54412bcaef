/** What can stand in a {@link WaitingLine}: it knows its neighbours there. */
export interface InLine<Self> {
  older: Self | null;
  newer: Self | null;
}

/**
 * Entries in the order they came, with removal from anywhere at once. A Map keeps order as well, but goes over the
 * places of all that were taken out to find its oldest.
 */
export class WaitingLine<Entry extends InLine<Entry>> {
  oldest: Entry | null = null;
  private newest: Entry | null = null;

  /** Takes in an entry that stands in no line. */
  append(entry: Entry): void {
    entry.older = this.newest;
    if (this.newest === null) this.oldest = entry;
    else this.newest.newer = entry;
    this.newest = entry;
  }

  /** Takes out an entry of this line. */
  remove(entry: Entry): void {
    const { older, newer } = entry;
    if (older === null) this.oldest = newer;
    else older.newer = newer;
    if (newer === null) this.newest = older;
    else newer.older = older;
    entry.older = null;
    entry.newer = null;
  }

  *[Symbol.iterator](): Generator<Entry, void> {
    for (let entry = this.oldest; entry !== null; entry = entry.newer) yield entry;
  }
}
