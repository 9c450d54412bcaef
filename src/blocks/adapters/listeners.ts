/** Takes a listener away again, by `using`, by hand, or not at all. */
export interface Subscription extends Disposable {
  dispose(): void;
}

/** Those who listen to the decisions of one adapter. A listener that throws stops neither the call nor the others. */
export class Listeners<Event> {
  private listeners: readonly ((event: Event) => void)[] = [];

  /** False while nobody listens: then no event needs to be made. */
  get any(): boolean {
    return this.listeners.length > 0;
  }

  add(listener: (event: Event) => void): Subscription {
    // Its own object, so that the same function added twice is two listeners.
    const own = (event: Event): void => listener(event);
    this.listeners = [...this.listeners, own];
    const dispose = (): void => {
      this.listeners = this.listeners.filter((each) => each !== own);
    };
    return { dispose, [Symbol.dispose]: dispose };
  }

  tell(event: Event): void {
    for (const listener of this.listeners) {
      try {
        listener(event);
      } catch {
        // What an observer does wrong is no reason to fail the observed.
      }
    }
  }
}
