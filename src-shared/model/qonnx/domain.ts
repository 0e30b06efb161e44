/** Where the operators of QONNX are registered. */
export const QONNX_DOMAIN = 'qonnx.custom_op.general';
/** Names that the domain had before. */
export const LEGACY_DOMAINS: readonly string[] = ['onnx.brevitas', 'finn.custom_op.general'];

/** What is written: read by every version of the QONNX tools. */
export const WRITTEN_OPSET = 13;
export const WRITTEN_IR = 8;

/** Versions of the standard operators that are read. */
export const OLDEST_OPSET = 7;
export const NEWEST_OPSET = 25;

/** Key of the model's metadata under which the specification is kept that the file was made of. */
export const SPEC_KEY = 'bitsmith.model';
