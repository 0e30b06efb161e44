/** How even the classes of a set are. Pure. */
export interface ClassRow {
  label: number;
  name: string;
  train: number;
  test: number;
  /** Shares of their part. */
  trainShare: number;
  testShare: number;
  /** Lengths of the bars, against the largest class of the same part. */
  trainBar: number;
  testBar: number;
}

export interface ClassBalance {
  rows: ClassRow[];
  /** Largest training class over the smallest; Infinity when one is empty. */
  ratio: number;
  /** Names of the classes without a training or test sample. */
  empty: string[];
  /** Accuracy on the test part of always answering with the largest class of it. */
  majority: number;
}

export function classBalance(info: {
  classes: readonly string[];
  classCounts: { train: readonly number[]; test: readonly number[] };
}): ClassBalance {
  const part = (counts: readonly number[]) => ({
    sum: counts.reduce((sum, count) => sum + count, 0),
    most: Math.max(0, ...counts),
    least: Math.min(...counts),
  });
  const { train, test } = info.classCounts;
  const [ofTrain, ofTest] = [part(train), part(test)];
  const share = (count: number, whole: number) => (whole === 0 ? 0 : count / whole);
  return {
    rows: info.classes.map((name, label) => {
      const [inTrain, inTest] = [train[label] ?? 0, test[label] ?? 0];
      return {
        label,
        name,
        train: inTrain,
        test: inTest,
        trainShare: share(inTrain, ofTrain.sum),
        testShare: share(inTest, ofTest.sum),
        trainBar: share(inTrain, ofTrain.most),
        testBar: share(inTest, ofTest.most),
      };
    }),
    ratio: ofTrain.least === 0 ? Infinity : ofTrain.most / ofTrain.least,
    empty: info.classes.filter((_, label) => !train[label] || !test[label]),
    majority: share(ofTest.most, ofTest.sum),
  };
}
