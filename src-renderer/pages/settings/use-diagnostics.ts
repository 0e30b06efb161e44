import type { Diagnostics } from '#shared/contract/api/app.ts';
import { host } from '../../client/index.ts';
import { useQuery, type Query } from '../../composables/use-query.ts';

export type DiagnosticsQuery = Query<Diagnostics | null>;

export function useDiagnostics(): DiagnosticsQuery {
  return useQuery<Diagnostics | null>({ initial: null, load: () => host.call.app.diagnostics({}) });
}
