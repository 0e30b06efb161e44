import '../composables/no-eval.ts';
import { toErrorData, type ErrorData } from '#shared/base/errors.ts';
import { estimateDeployment } from '#shared/export/estimate/estimate-deployment.ts';
import type { EstimateOptions, EstimateResult } from '#shared/export/estimate/types.ts';
import type { ResolvedModel } from '#shared/model/resolve.ts';

/** What is asked: a network, and what it is to be deployed on. */
export interface EstimateQuestion {
  model: ResolvedModel;
  options: EstimateOptions;
}

/** `error`: the estimate itself has failed; what keeps a network from being deployed is in the result. */
export type EstimateAnswer = { result: EstimateResult } | { error: ErrorData };

/** Lowers and plans networks beside the page, which stays quick meanwhile. */
self.onmessage = ({ data: { model, options } }: MessageEvent<EstimateQuestion>) => {
  self.postMessage(answerTo(model, options));
};

function answerTo(model: ResolvedModel, options: EstimateOptions): EstimateAnswer {
  try {
    return { result: estimateDeployment(model, options) };
  } catch (error) {
    return { error: toErrorData(error) };
  }
}
