export { createExportService } from './service.ts';
