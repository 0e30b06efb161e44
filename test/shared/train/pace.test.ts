import { describe, expect, it } from 'vitest';
import { Pace } from '#shared/train/pace.ts';

describe('the pace of a training', () => {
  it('is unknown before the first step, and its end is not guessed in the first seconds', () => {
    const pace = new Pace(100);
    expect(pace.stepsPerSecond()).toBeNull();
    pace.goesOn(0);
    expect(pace.stepsPerSecond()).toBeNull();
    pace.mark(5, 1);
    expect(pace.stepsPerSecond()).toBe(5);
    expect(pace.secondsFor(100)).toBeNull();
    pace.mark(5, 2);
    expect(pace.secondsFor(100)).toBe(20);
  });

  it('forgets a slow start: the throughput is that of the last ten seconds', () => {
    const pace = new Pace(1000);
    pace.goesOn(0);
    pace.mark(1, 10);
    for (let second = 11; second <= 25; second++) pace.mark(20, second);
    expect(pace.stepsPerSecond()).toBeCloseTo(20, 9);
  });

  it('does not count the evaluation between epochs as training', () => {
    const pace = new Pace(10);
    pace.goesOn(0);
    pace.mark(10, 1);
    pace.goesOn(61);
    pace.mark(10, 62);
    expect(pace.stepsPerSecond()).toBe(10);
    // And looks back over short epochs, so that it does not jump with each of them.
    pace.goesOn(70);
    pace.mark(1, 71);
    expect(pace.stepsPerSecond()).toBe(21 / 3);
  });

  it('tells the end from whole epochs, evaluation included, and lets no outlier move it', () => {
    const pace = new Pace(10);
    let now = 0;
    for (const seconds of [30, 4, 4, 50, 4]) {
      pace.epochBegins(now);
      pace.goesOn(now);
      pace.mark(10, now + 1);
      now += seconds;
      pace.epochEnds(now);
    }
    expect(pace.secondsFor(25)).toBe(2.5 * 4);
    // Of an even number of epochs it is the mean of the two in the middle.
    const two = new Pace(10);
    for (const [from, to] of [
      [0, 2],
      [2, 6],
    ] as const) {
      two.epochBegins(from);
      two.epochEnds(to);
    }
    expect(two.secondsFor(10)).toBe(3);
  });

  it('does not take the rest of an epoch that was begun before a pause for a whole one', () => {
    const pace = new Pace(10);
    pace.goesOn(0);
    pace.mark(1, 0.1);
    pace.epochEnds(0.2);
    expect(pace.secondsFor(10)).toBeNull();
  });
});
