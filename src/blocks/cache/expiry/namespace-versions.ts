import { type OptionNames, requireOptions } from '../../require-options.ts';
import { refuseState, requireMaximum, requireVersion } from './require.ts';

/** How many namespaces, and where versions begin. */
export interface NamespaceVersionsOptions {
  /** Namespaces whose version is remembered, from 1 to 2^28; beyond it the one used longest ago is forgotten. */
  readonly maxNamespaces: number;
  /**
   * The first version given out, a whole number ≥ 0, default 1. Where the versions are lost at a restart but what
   * was stored under them is not, take a number that rises from start to start, such as the time.
   */
  readonly firstVersion?: number;
}

/** A snapshot of {@link NamespaceVersions}. */
export interface NamespaceVersionsState {
  readonly version: 1;
  readonly nextVersion: number;
  /** Longest unused first. */
  readonly namespaces: readonly (readonly [namespace: string, version: number])[];
}

const OPTIONS: OptionNames<NamespaceVersionsOptions> = { maxNamespaces: true, firstVersion: true };

/**
 * Versions of namespaces, written into the keys of their entries: raising one makes all entries of the namespace
 * unreachable at once, without finding them; they leave by eviction or expiry.
 *
 * - NV-1 A namespace keeps its version until it is bumped or forgotten.
 * - NV-2 No version is given out twice, by any namespace: after a bump no old key can come back.
 * - NV-3 A namespace that was forgotten gets a new version: that costs misses and never an old value.
 * - NV-4 Different pairs of namespace and key never make the same stored key.
 */
export class NamespaceVersions {
  private readonly maxNamespaces: number;
  /** In the order of their last use. */
  private readonly versions = new Map<string, number>();
  private nextVersion: number;

  constructor(options: NamespaceVersionsOptions) {
    requireOptions('NamespaceVersions', options, OPTIONS);
    const { maxNamespaces, firstVersion = 1 } = options;
    requireMaximum('maxNamespaces', maxNamespaces);
    if (!(Number.isSafeInteger(firstVersion) && firstVersion >= 0)) {
      throw new RangeError(`firstVersion must be a whole number ≥ 0, got ${firstVersion}`);
    }
    this.maxNamespaces = maxNamespaces;
    this.nextVersion = firstVersion;
  }

  /** Namespaces remembered. */
  get size(): number {
    return this.versions.size;
  }

  version(namespace: string): number {
    const version = this.versions.get(namespace);
    if (version === undefined) return this.bump(namespace);
    this.versions.delete(namespace);
    this.versions.set(namespace, version);
    return version;
  }

  /** Makes all entries of the namespace unreachable; returns its new version. */
  bump(namespace: string): number {
    this.versions.delete(namespace);
    if (this.versions.size === this.maxNamespaces) {
      for (const longestUnused of this.versions.keys()) {
        this.versions.delete(longestUnused);
        break;
      }
    }
    const version = this.nextVersion++;
    this.versions.set(namespace, version);
    return version;
  }

  /** The key under which an entry of the namespace is stored now. */
  keyOf(namespace: string, key: string): string {
    // With the length in front, no mark inside a name can be taken for the one after it.
    return `${namespace.length}:${namespace}:${this.version(namespace)}:${key}`;
  }

  snapshot(): NamespaceVersionsState {
    return { version: 1, nextVersion: this.nextVersion, namespaces: [...this.versions] };
  }

  /** @throws RangeError when the state is not a snapshot, or holds more namespaces than fit */
  static restore(options: NamespaceVersionsOptions, state: NamespaceVersionsState): NamespaceVersions {
    const what = 'NamespaceVersions';
    requireVersion(what, state);
    const { nextVersion, namespaces } = state;
    const made = new NamespaceVersions(options);
    if (!Number.isSafeInteger(nextVersion) || !Array.isArray(namespaces)) refuseState(what);
    if (namespaces.length > made.maxNamespaces) refuseState(what);
    const seen = new Set<number>();
    for (const entry of namespaces as readonly unknown[]) {
      if (!Array.isArray(entry)) refuseState(what);
      const [namespace, version] = entry as [string, number];
      if (typeof namespace !== 'string' || made.versions.has(namespace)) refuseState(what);
      if (!Number.isSafeInteger(version) || version >= nextVersion || seen.has(version)) refuseState(what);
      seen.add(version);
      made.versions.set(namespace, version);
    }
    made.nextVersion = Math.max(nextVersion, made.nextVersion);
    return made;
  }
}
