import { expect, it } from 'vitest';
import { createPublisher } from '#main/services/task/publisher.ts';

it('tells every listener, even behind one that throws, and none that left', () => {
  const errors: unknown[] = [];
  const heard: string[] = [];
  const { publish, subscribe } = createPublisher((error) => errors.push(error));
  subscribe(() => {
    throw new Error('a window that is gone');
  });
  const leave = subscribe((topic) => heard.push(`first ${topic}`));
  subscribe((topic, payload) => heard.push(`second ${topic} ${JSON.stringify(payload)}`));
  publish('runs-changed', { run: 'a' });
  leave();
  publish('runs-changed', { run: null });
  expect(heard).toEqual([
    'first runs-changed',
    'second runs-changed {"run":"a"}',
    'second runs-changed {"run":null}',
  ]);
  expect(errors).toHaveLength(2);
});
