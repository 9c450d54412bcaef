/** How many instances there should be: decisions of an autoscaler, on measurements that its caller takes. */
export {
  Autoscaler,
  type AutoscalerOptions,
  type AutoscalerState,
  restoreAutoscaler,
} from './autoscaler.ts';
