import type { CopyVersions } from './caching/copy-versions.ts';
import type { OwnCopiesOfUsers } from './caching/own-copies.ts';
import type { Connections } from './connections.ts';
import type { Deadlines } from './deadlines.ts';
import type { Faults } from './faults/faults.ts';
import type { Legs } from './legs.ts';
import type { Messages } from './messages/messages.ts';
import type { Onces } from './once.ts';
import type * as op from './program/instructions.ts';
import type { Protections } from './protection/protections.ts';
import type { Followers } from './replicas/followers.ts';
import type { Quorums } from './replicas/quorums.ts';
import type { Resolvers } from './resolvers.ts';
import type { Routing } from './routing.ts';
import type { Tracer } from './tracing/tracer.ts';

const USER = 70 satisfies typeof op.USER;
const LEG = 48 satisfies typeof op.LEG;
const VANISH = 52 satisfies typeof op.VANISH;
const SPAN_BEGIN = 50 satisfies typeof op.SPAN_BEGIN;
const SPAN_END = 51 satisfies typeof op.SPAN_END;
const NAME = 76 satisfies typeof op.NAME;
const QUORUM_BEGIN = 90 satisfies typeof op.QUORUM_BEGIN;
const MEMBER_BEGIN = 100 satisfies typeof op.MEMBER_BEGIN;
const PUBLISH = 80 satisfies typeof op.PUBLISH;
const RESOLVE = 49 satisfies typeof op.RESOLVE;
const DUE = 60 satisfies typeof op.DUE;
const ROUTE = 46 satisfies typeof op.ROUTE;
const ON_INSTANCE = 59 satisfies typeof op.ON_INSTANCE;
const ASK_COPY = 58 satisfies typeof op.ASK_COPY;
const KEEP_COPY = 65 satisfies typeof op.KEEP_COPY;
const VERSION = 66 satisfies typeof op.VERSION;
const COUNTED = 67 satisfies typeof op.COUNTED;
const OUT_OF_MEMORY = 57 satisfies typeof op.OUT_OF_MEMORY;

/** Hands the instructions that not every request does to who can do them. */
export class RareInstructions {
  private readonly code: Int32Array;
  /** Does all those before LINK, most of which are of protected calls: requests may do many. */
  readonly protections: Protections;
  private readonly faults: Faults | null;
  private readonly legs: Legs;
  private readonly resolvers: Resolvers | null;
  private readonly connections: Connections;
  private readonly deadlines: Deadlines | null;
  private readonly routing: Routing;
  private readonly tracer: Tracer | null;
  private readonly messages: Messages | null;
  private readonly onces: Onces | null;
  private readonly copies: OwnCopiesOfUsers | null;
  private readonly quorums: Quorums | null;
  private readonly followers: Followers | null;
  private readonly versions: CopyVersions | null;

  constructor(
    code: Int32Array,
    protections: Protections,
    faults: Faults | null,
    legs: Legs,
    resolvers: Resolvers | null,
    connections: Connections,
    deadlines: Deadlines | null,
    routing: Routing,
    tracer: Tracer | null,
    messages: Messages | null,
    onces: Onces | null,
    copies: OwnCopiesOfUsers | null,
    quorums: Quorums | null,
    followers: Followers | null,
    versions: CopyVersions | null,
  ) {
    this.code = code;
    this.protections = protections;
    this.faults = faults;
    this.legs = legs;
    this.resolvers = resolvers;
    this.connections = connections;
    this.deadlines = deadlines;
    this.routing = routing;
    this.tracer = tracer;
    this.messages = messages;
    this.onces = onces;
    this.copies = copies;
    this.quorums = quorums;
    this.followers = followers;
    this.versions = versions;
  }

  /**
   * Does the instruction at `pc`, LINK or one after it.
   * @returns where the frame goes on, or −1 when it waits or is no more
   */
  execute(frame: number, pc: number, fp: number): number {
    const opcode = this.code[pc]!;
    if (opcode >= MEMBER_BEGIN) return this.followers!.execute(frame, pc, fp);
    if (opcode >= QUORUM_BEGIN) return this.quorums!.execute(frame, pc, fp);
    if (opcode >= PUBLISH) return this.messages!.execute(frame, pc, fp);
    if (opcode >= NAME) return this.onces!.execute(frame, pc, fp);
    if (opcode === ASK_COPY || opcode === KEEP_COPY) return this.copies!.execute(frame, pc, fp);
    if (opcode === VERSION) return this.versions!.execute(frame, pc, fp);
    if (opcode === COUNTED) return this.protections.execute(frame, pc, fp);
    if (opcode >= USER) return this.connections.execute(frame, pc, fp);
    if (opcode >= DUE) return this.deadlines!.execute(frame, pc, fp);
    if (opcode === ON_INSTANCE) return this.routing.onInstance(pc, fp);
    if (opcode === OUT_OF_MEMORY) return this.faults!.execute(frame, pc, fp);
    if (opcode >= VANISH) return this.protections.execute(frame, pc, fp);
    if (opcode === LEG) return this.legs.execute(frame, pc, fp);
    if (opcode === RESOLVE) return this.resolvers!.execute(frame, pc, fp);
    if (opcode === ROUTE) return this.routing.execute(frame, pc);
    if (opcode === SPAN_BEGIN || opcode === SPAN_END) return this.tracer!.execute(frame, pc, fp);
    return this.faults!.execute(frame, pc, fp);
  }
}
