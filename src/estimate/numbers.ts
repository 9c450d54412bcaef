import { formatQuantity } from '../quantities/index.ts';

/** Numbers as the sheet writes them in its workings. */
export const rateText = (value: number): string => formatQuantity(value, 'rate');
export const timeText = (value: number): string => formatQuantity(value, 'time');
export const sizeText = (value: number): string => formatQuantity(value, 'size');
export const shareText = (value: number): string => formatQuantity(value, 'ratio');

/** A number of things, with all its digits up to a billion. */
export function countText(value: number): string {
  if (value >= 1e9 || !Number.isInteger(value)) return formatQuantity(value, 'count');
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}
