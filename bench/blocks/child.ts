/** One contender in a process of its own: `child.ts '<race, contender, operations as JSON>'` prints its seconds. */
import { raceNamed } from './races.ts';

export interface Leg {
  readonly race: string;
  readonly contender: string;
  readonly operations: number;
}

const { race, contender, operations } = JSON.parse(process.argv[2]!) as Leg;
const work = await raceNamed(race).contenders[contender]!();
await work(Math.ceil(operations / 4));
const begun = process.cpuUsage();
const done = await work(operations);
const { user, system } = process.cpuUsage(begun);
if (done !== operations) throw new Error(`${contender} did ${done} of ${operations} operations of ${race}`);
process.stdout.write(JSON.stringify((user + system) / 1e6));
