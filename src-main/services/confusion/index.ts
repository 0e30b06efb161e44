export { createConfusionService } from './service.ts';
