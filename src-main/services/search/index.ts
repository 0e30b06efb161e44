export { createSearchReader, type SearchReader } from './read-searches.ts';
export { createSearchService, type SearchService } from './search-service.ts';
