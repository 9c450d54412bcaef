/** The constant that says how many cores the largest machine has. */
export const MACHINE_CORES = 'cap.machine.cores';

/** The constant by whose price the cores of a machine with so many are paid for. */
export function corePrice(cores: number, constant: (name: string) => number): string {
  return cores > constant('cap.machine.cores.general') ? 'cost.core.large' : 'cost.core';
}
