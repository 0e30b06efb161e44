import protobuf from 'protobufjs/light.js';

/**
 * The messages of an ONNX file that Bitsmith reads and writes, by the field numbers of the public ONNX specification
 * (IR, section "Serialization"). Fields that are not listed are skipped.
 */
const one = (id: number, type: string) => ({ id, type });
const many = (id: number, type: string) => ({ id, type, rule: 'repeated', options: { packed: false } });
const packed = (id: number, type: string) => ({ id, type, rule: 'repeated', options: { packed: true } });

const MESSAGES = {
  Model: {
    irVersion: one(1, 'int64'),
    producerName: one(2, 'string'),
    producerVersion: one(3, 'string'),
    modelVersion: one(5, 'int64'),
    documentation: one(6, 'string'),
    graph: one(7, 'Graph'),
    opsetImport: many(8, 'OperatorSet'),
    metadata: many(14, 'Entry'),
    functions: many(25, 'Function'),
  },
  OperatorSet: { domain: one(1, 'string'), version: one(2, 'int64') },
  Entry: { key: one(1, 'string'), value: one(2, 'string') },
  Function: { name: one(1, 'string') },
  Graph: {
    node: many(1, 'Node'),
    name: one(2, 'string'),
    initializer: many(5, 'Tensor'),
    input: many(11, 'Value'),
    output: many(12, 'Value'),
    valueInfo: many(13, 'Value'),
    sparseInitializer: many(15, 'SparseTensor'),
  },
  Node: {
    input: many(1, 'string'),
    output: many(2, 'string'),
    name: one(3, 'string'),
    opType: one(4, 'string'),
    attribute: many(5, 'Attribute'),
    domain: one(7, 'string'),
  },
  Attribute: {
    name: one(1, 'string'),
    f: one(2, 'float'),
    i: one(3, 'int64'),
    s: one(4, 'bytes'),
    t: one(5, 'Tensor'),
    floats: many(7, 'float'),
    ints: many(8, 'int64'),
    type: one(20, 'int32'),
  },
  Tensor: {
    dims: many(1, 'int64'),
    dataType: one(2, 'int32'),
    floatData: packed(4, 'float'),
    int32Data: packed(5, 'int32'),
    int64Data: packed(7, 'int64'),
    name: one(8, 'string'),
    rawData: one(9, 'bytes'),
    doubleData: packed(10, 'double'),
    externalData: many(13, 'Entry'),
    dataLocation: one(14, 'int32'),
  },
  SparseTensor: { values: one(1, 'Tensor') },
  Value: { name: one(1, 'string'), type: one(2, 'TypeOfValue') },
  TypeOfValue: { tensorType: one(1, 'TensorType') },
  TensorType: { elementType: one(1, 'int32'), shape: one(2, 'TensorShape') },
  TensorShape: { dim: many(1, 'Dimension') },
  Dimension: { value: one(1, 'int64'), parameter: one(2, 'string') },
};

/** Numbers of the element types. */
export const ELEMENT = { float: 1, int32: 6, int64: 7, double: 11 } as const;
/** Numbers of the attribute types. */
export const ATTRIBUTE = { float: 1, int: 2, string: 3, tensor: 4, floats: 6, ints: 7 } as const;
/** `data_location` of a tensor whose data are in another file. */
export const EXTERNAL = 1;

const nested = Object.fromEntries(Object.entries(MESSAGES).map(([name, fields]) => [name, { fields }]));

/** The outermost message. */
export const ModelMessage = protobuf.Root.fromJSON({ nested }).lookupType('Model');
