/** What a probe finds. */
export interface Probe {
  available: boolean;
  /** Adapter or processor; null when missing. */
  name: string | null;
  /** Why it cannot be used here; null when available. */
  reason: string | null;
  /** What a person can do about it; null when available. */
  remedy: string | null;
  /** True for an adapter that computes on the processor: correct, but slow. */
  software: boolean;
}

/** A compute back end: one folder, one line in the registry. Its id is TensorFlow.js's name for it. */
export interface BackEnd {
  id: 'tensorflow' | 'webgpu' | 'wasm';
  title: string;
  /** Looks whether it can be used here. Never throws. */
  probe(): Promise<Probe>;
  /** Makes it TensorFlow.js's current back end. @throws when it is not available */
  activate(): Promise<void>;
}

export function missing(reason: string, remedy: string): Probe {
  return { available: false, name: null, reason, remedy, software: false };
}
