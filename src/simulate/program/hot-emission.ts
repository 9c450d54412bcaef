import type { PlanCall } from '../../design/plan.ts';
import type { Label } from '../label.ts';
import type { Assembly } from './assembly.ts';
import * as op from './instructions.ts';

/** What is needed of an emitter. */
interface Code {
  readonly assembly: Assembly;
  label(): Label;
  place(label: Label): void;
  placeOf(what: string): string;
  emit(opcode: number, a?: number | Label, b?: number | Label, c?: number | Label): void;
}

/**
 * Emits a read, which is passed over where the instance keeps the item in its own memory.
 *
 * @param slot the slot of its key, −1 for that of the request
 * @param name of the operation that reads
 * @param owner the component that reads; null where a traffic begins
 */
export function emitHotKeys(
  code: Code,
  { hotKeys }: PlanCall,
  slot: number,
  name: string,
  owner: number | null,
  body: () => void,
): void {
  if (hotKeys === undefined || owner === null) {
    body();
    return;
  }
  const { assembly } = code;
  const { instances } = assembly.component(owner);
  const spec = assembly.atPlace(code.placeOf('hot-keys'), () => {
    const before = assembly.hotItems.filter((each) => each.of === name).length;
    const of = `${name} hot-keys${before === 0 ? '' : ` #${before + 1}`}`;
    return assembly.hotItems.push({ ...hotKeys, of: name, name: of, component: owner, instances }) - 1;
  });
  const served = code.label();
  code.emit(op.USE_KEY, slot);
  code.emit(op.ASK_MEMORY, spec, served);
  body();
  code.emit(op.USE_KEY, slot);
  code.emit(op.KEEP_IN_MEMORY, spec);
  code.place(served);
}
