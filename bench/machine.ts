import { cpus, release, type } from 'node:os';

/** What this is measured on, and when. */
export function machine(): string {
  const processors = cpus();
  const day = new Date().toISOString().slice(0, 10);
  return `${processors.length} × ${processors[0]!.model.trim()}, ${type()} ${release()}, Node ${process.version}, ${day}`;
}
