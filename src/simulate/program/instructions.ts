/**
 * The instruction set that operations are compiled to. An instruction is four int32: opcode and three
 * operands. Wherever an operand is called `slot`, it is a local of the running activation.
 */
export const WIDTH = 4;

/** Hold a server of station a for a time drawn from sampler b, then go on; c: where to go when refused. */
export const COMPUTE = 0;
/** Take a server of station a and keep it; c: where to go when refused. */
export const ACQUIRE = 1;
/** Give back the server of station a. */
export const RELEASE = 2;
/** Let the time drawn from sampler a pass. */
export const DELAY = 3;
/** Run the code at a as an activation of its own; b: size of the present activation; c: slot of the callee's instance, or −1 for instance 0. */
export const CALL = 4;
/** Back to the caller. */
export const RETURN = 5;
/** Go to a. */
export const JUMP = 6;
/** Go to a when the last answer was a failure. */
export const CHECK = 7;
/** Let balancer a choose an instance, into slot b; c: slot of two locals for the time, 0 where it is not asked for. */
export const PICK = 8;
/** Tell balancer a that the request to the instance in slot b is over; c as in PICK. */
export const SETTLE = 9;
/** Choose the instance that has the key by placement a, into slot b; c: the data whose key it is. */
export const NODE = 10;
/** Look the key up in cache a. */
export const LOOKUP = 11;
/** Put the key into cache a. */
export const FILL = 12;
/** Take the key out of cache a. */
export const DROP = 13;
/** Go to a when the last lookup was a hit. */
export const IF_HIT = 14;
/** Draw a key of key space a (−1: a key never used before) into slot b. */
export const DRAW_KEY = 15;
/** The calls that follow are about the key in slot a (−1: the key the request came with). */
export const USE_KEY = 16;
/** Exchange the key in slot a with the key the request came with. */
export const SWAP_KEY = 25;
/** Go on at one of the targets of choice a. */
export const CHOOSE = 17;
/** Slot a becomes b. */
export const SET = 18;
/** Count slot a down; unless it reached 0, go to b. */
export const LOOP = 19;
/** Fail with reason a and go to b. */
export const FAIL = 20;
/** Start the branches of fork a as frames of their own and wait for them; b: size of the activation. */
export const FORK = 21;
/** Start the code at a as a frame of its own and wait for it, at most as long as timer b says; c: size of the activation. */
export const SPAWN = 22;
/** End of a frame that FORK or SPAWN started. */
export const END = 23;
/** End of a request of traffic a. */
export const FINISH = 24;
/** A call with retry a begins; slot b counts its failed attempts, slot b + 1 keeps the last delay. */
export const RETRYING = 26;
/** An attempt of retry a is over, slots as in RETRYING; where there is another one, go to c after its delay. */
export const RETRY = 27;
/** Ask breaker a for leave; slot b keeps the permit, b + 1 and b + 2 the time; c: where to go with it. */
export const PERMIT = 28;
/** Report to breaker a how the call ended that slots b to b + 2 are of. */
export const REPORT = 29;
/** Ask limiter a for leave; b: the reason and c: where to go when refused. */
export const LIMIT = 30;
/** Start the code at a as a frame of its own, and further ones as hedge timer b (below 0: hedge policy −1 − b) says; wait for the first answer; c: size of the activation. */
export const HEDGE = 31;
/** What failed so far is made up for. */
export const RECOVER = 32;
/** Ask concurrency limit a for a place; slots b and b + 1 keep the time; c: where to go with it. */
export const OCCUPY = 33;
/** Give the place of concurrency limit a back that slots b and b + 1 are of; c: the caller's own refusals, as a table. */
export const VACATE = 34;
/** Ask throttle a for leave; b: the reason and c: where to go when refused. */
export const PASS = 35;
/** Tell throttle a whether the call was accepted. */
export const ACCEPT = 36;
/** A call of hedge policy a begins (c = 0) or is over (c = 1); slots b and b + 1 keep the time. */
export const HEDGING = 37;
/** As LOOKUP (b = 0), FILL (1) and DROP (2), for a cache a of whose entries more is known than that they are there; c = 1: the cache of the instance, a being that of instance 0. */
export const KEEP = 38;
/** After a hit: where the entry is due, start fetch a as a frame of its own at b, for which nobody waits; c: size of the activation. */
export const REFRESH = 39;
/** After a miss: fetch a begins, unless the same key is being fetched; then wait for that, and go on at b. */
export const FETCH = 40;
/** Fetch a has brought the item; go to b when that must not be kept, because the key was dropped meanwhile. */
export const BROUGHT = 41;
/** Fetch a has ended; whoever waits for it goes on. Go to b when it was a refresh. */
export const FETCHED = 42;
/** Ask client limit a (below 0: that of the traffic by tier limit −1 − a) for leave, for the client whose key the request carries; b: the reason and c: where to go when refused. */
export const ADMIT = 43;
/** What ADMIT let the frame's request have of counters that are read and written apart is written now. */
export const COUNTED = 67;
/**
 * Ask one of the resolvers of name a where to go, and go on there, after the time of a lookup where it has to make one. With
 * c, not −1, who has to make one goes on there first, and slot b keeps whom was asked; without c but with b, not −1, that one is asked.
 */
export const RESOLVE = 49;
/** Go on where routes a send the request. */
export const ROUTE = 46;
/** A message goes over link a (from × components + to), where faults may delay it or keep it from arriving; c: where to go then. Where instances stand apart, b is 2 more than the slot of the callee's instance, negative for an answer; else 0. */
export const LINK = 44;
/** The request comes to the instance in slot b (−1: instance 0) of those from number a on; c: where to go when it is turned away. */
export const ENTER = 45;
/** Let balancer a, which knows of health, choose an instance, into slot b, the time into the next two where it is asked for; c: where to go when none is well. */
export const PICK_WELL = 47;
/** A message goes to or from the callee, whose instance is in slot b (−1: instance 0), by leg a: takes its time, and is counted. */
export const LEG = 48;
/** Go to a where the instance that it runs on is number b. */
export const ON_INSTANCE = 59;
/** Of traced code alone. Span a begins, nested b deep in its activation; c: slot that counts failed attempts, 0 = none. */
export const SPAN_BEGIN = 50;
/** Of traced code alone. All spans of the activation end that are nested b deep and deeper, span a among them. */
export const SPAN_END = 51;
/** The end of work that nobody waits for any more: who asked for it has died, or has cancelled it. */
export const VANISH = 52;
/** The frame is a message that work is cancelled, and has come to where it was sent. */
export const CANCEL = 53;
/** The branch of a request that a user may have given up has come to its end. */
export const LATE = 54;
/** Go on at b where the instance keeps the item of the present key in its memory, for reads a. */
export const ASK_MEMORY = 55;
/** The instance has the item of the present key, for reads a, and keeps it where it is hot. */
export const KEEP_IN_MEMORY = 56;
/** The instance that it runs on, of component a, has no memory left: it is killed, with all that it does. */
export const OUT_OF_MEMORY = 57;
/** Go to b where the user who asks has a copy of its own of the item, of copies a; slot c and the next keep which it is. */
export const ASK_COPY = 58;
/** The item that slot b and the next keep has come: the user has a copy of it, of copies a. */
export const KEEP_COPY = 65;
/** Which version a copy is of: of what was looked up in cache a (b 0), or put into it (b 1); c 1: of the instance's cache, a being that of instance 0. With b 2, a store gave out an item of data a. */
export const VERSION = 66;
/** Fail with reason a and go to b where the deadline is over that the frame has been told of. */
export const DUE = 60;
/** From here on the frame's deadline is budget a from now, unless it ends sooner. */
export const TELL = 61;
/** As SPAWN, at most until the frame's deadline, and as long as budget b says: a later one is told of the sooner. */
export const SPAWN_DUE = 62;
/** What follows is told of no deadline; slot a and the next keep the present one. */
export const UNTELL = 63;
/** The deadline that slot a and the next keep is in force again. */
export const RETELL = 64;
/** The request is of one of the users of source a, by chance. */
export const USER = 70;
/** The user asks over a connection of source a: the one that is there, or a new one, by what is to do for that at place c; its number goes into slot b. */
export const CONNECT = 71;
/** The request over the connection in slot b, of source a, is over. */
export const DISCONNECT = 72;
/** What follows comes over no connection of a user. */
export const UNCONNECTED = 73;
/** Go on at place a by the connection that the request came over: none, one that was there, one that resumed a session, a new one. */
export const BY_CONNECTION = 74;
/** What balancer a does next is for the connection whose number is in slot b; c = 0: that which the request came over, whose number goes there. */
export const OVER = 75;

/** From here on the frame does the nth call made at place a of its request, n being in slot c, one more each time; slot b and the next keep the name of the request. */
export const NAME = 76;
/** The frame goes on for the request whose name slot a and the next keep. */
export const UNNAME = 77;
/** Ask guard a whether the steps that follow have been done for the request; b: where to go on when they have, c: when they may not be done. */
export const ONCE = 78;
/** The steps of guard a are over. */
export const ONCE_DONE = 79;

/** Hand the message of the present key to channel a; c: where to go when that does not take it. */
export const PUBLISH = 80;
/** The end of a frame that handed a message of channel a to its consumer b, and knows how that ended. */
export const DELIVERED = 81;

/** A read (c even) or a write (odd) of quorum a begins, of an item of data c ÷ 2 − 1; slot b and those behind it keep what it has to know. */
export const QUORUM_BEGIN = 90;
/** The frame asks the replica of quorum a whose turn is c; slots as in QUORUM_BEGIN. */
export const QUORUM_ASK = 91;
/** A replica of quorum a has done its part of a read (b = 0) or of a write (1). */
export const REPLICA = 92;
/** The answer of a replica of quorum a to a read has come; slots as in QUORUM_BEGIN. */
export const QUORUM_ANSWER = 93;
/** Enough replicas of quorum a have answered; b and c as in QUORUM_BEGIN. */
export const QUORUM_END = 94;

/** A read (c even) or a write (odd) of the members of shards a begins, of an item of data c ÷ 2 − 1: slot b and those behind it keep what it has to know, the instance to ask among it. */
export const MEMBER_BEGIN = 100;
/** It is over; operands as in MEMBER_BEGIN. */
export const MEMBER_END = 101;
/** A member of followers a has done its part of a read. */
export const MEMBER_READ = 102;
/** A write is committed on the primary of followers a; c: where to go on a member that is none. */
export const COMMIT = 103;
/** It goes to followers a by frames of their own that start at b, for which nobody waits; c: size of the activation. */
export const SHIP = 104;
/** Wait until enough of followers a have the write; c: where to go where that cannot be any more. */
export const CONFIRMED = 105;
/** The frame has come to the follower in slot b with a write of followers a; c: where to go where the connection has broken. */
export const RECEIVE = 106;
/** The follower says so to its primary by a frame that starts at b; a and c as in SHIP. */
export const ACKNOWLEDGE = 107;
/** The primary of followers a hears it. */
export const ACKNOWLEDGED = 108;
/** The follower has applied the write of followers a; who fetches goes on at b. */
export const APPLY = 109;
/** A message with a write of followers a was lost. */
export const UNSENT = 110;
/** Take the next write that a follower of followers a has not applied; c: where to go where there is none. */
export const FETCH_NEXT = 111;

/** Locals every activation has: where to return to, and which instance of its component it runs on. */
export const SLOT_RETURN = 0;
export const SLOT_INSTANCE = 1;
export const FIRST_LOCAL = 2;
