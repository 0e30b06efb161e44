import { topics, type TopicName } from '#shared/contract/topics/index.ts';
import type { Reply } from '#shared/contract/wire/index.ts';

/**
 * A push as it travels. A payload that breaks its topic's schema reaches the window as `host-error`, so that the
 * defect is seen instead of a page that silently stops following.
 */
export function encodePush(topic: TopicName, payload: unknown): Reply {
  const schema = topics[topic];
  const parsed = schema.safeParse(payload);
  if (parsed.success) return { type: 'push', topic, payload: parsed.data };
  const issue = parsed.error.issues[0];
  const message = `a push of ${topic} does not fit its schema at "${issue?.path.join('.') ?? ''}": ${issue?.message ?? ''}`;
  return { type: 'push', topic: 'host-error', payload: { code: 'internal', message } };
}
