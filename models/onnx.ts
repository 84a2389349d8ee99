/**
 * Writes ONNX models: the few protobuf messages of onnx.proto (IR version 8, opset 17)
 * that a text encoder's graph consists of. Field numbers are those of
 * https://github.com/onnx/onnx/blob/v1.12.0/onnx/onnx.proto.
 */

/** TensorProto.DataType. */
export const DataType = {
  float: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  float16: 10,
  bfloat16: 16,
} as const;
export type DataType = (typeof DataType)[keyof typeof DataType];

/** A dimension by number, or by the name of what varies. */
export type Dimension = number | string;

export interface ValueInfo {
  name: string;
  type: DataType;
  shape: readonly Dimension[];
}

/** An integer, a list of integers; floats are marked, as a whole number may be one. */
export type Attribute = number | readonly number[] | { float: number };

export interface Node {
  op: string;
  inputs: readonly string[];
  outputs: readonly string[];
  attributes: Readonly<Record<string, Attribute>>;
}

/** A constant: its bytes (little-endian), or where they lie in a file beside the model. */
export interface Initializer {
  name: string;
  type: DataType;
  shape: readonly number[];
  data: Uint8Array | { location: string; offset: number; length: number };
}

export interface Graph {
  name: string;
  inputs: readonly ValueInfo[];
  outputs: readonly ValueInfo[];
  nodes: readonly Node[];
  initializers: readonly Initializer[];
}

const IR_VERSION = 8;
const OPSET = 17;

/** The bytes of a ModelProto. */
export function writeModel(graph: Graph, producer = 'tagscope'): Uint8Array<ArrayBuffer> {
  const opset = new Message().integer(2, OPSET);
  return new Message()
    .integer(1, IR_VERSION)
    .text(2, producer)
    .message(7, graphMessage(graph))
    .message(8, opset)
    .bytes();
}

function graphMessage(graph: Graph): Message {
  const message = new Message();
  for (const node of graph.nodes) message.message(1, nodeMessage(node));
  message.text(2, graph.name);
  for (const initializer of graph.initializers) message.message(5, tensorMessage(initializer));
  for (const input of graph.inputs) message.message(11, valueMessage(input));
  for (const output of graph.outputs) message.message(12, valueMessage(output));
  return message;
}

function nodeMessage(node: Node): Message {
  const message = new Message();
  for (const input of node.inputs) message.text(1, input);
  for (const output of node.outputs) message.text(2, output);
  message.text(3, node.outputs[0] ?? '').text(4, node.op);
  for (const [name, value] of Object.entries(node.attributes)) {
    message.message(5, attributeMessage(name, value));
  }
  return message;
}

// AttributeProto.AttributeType
const FLOAT = 1;
const INT = 2;
const INTS = 7;

function attributeMessage(name: string, value: Attribute): Message {
  const message = new Message().text(1, name);
  if (typeof value === 'number') return message.integer(3, value).integer(20, INT);
  if ('float' in value) return message.float(2, value.float).integer(20, FLOAT);
  for (const item of value) message.integer(8, item);
  return message.integer(20, INTS);
}

// TensorProto.DataLocation
const EXTERNAL = 1;

function tensorMessage({ name, type, shape, data }: Initializer): Message {
  const message = new Message();
  for (const size of shape) message.integer(1, size);
  message.integer(2, type).text(8, name);
  if (data instanceof Uint8Array) return message.raw(9, data);
  for (const [key, value] of Object.entries(data)) {
    message.message(13, new Message().text(1, key).text(2, String(value)));
  }
  return message.integer(14, EXTERNAL);
}

function valueMessage({ name, type, shape }: ValueInfo): Message {
  const dimensions = new Message();
  for (const size of shape) {
    const dimension = new Message();
    if (typeof size === 'number') dimension.integer(1, size);
    else dimension.text(2, size);
    dimensions.message(1, dimension);
  }
  const tensor = new Message().integer(1, type).message(2, dimensions);
  return new Message().text(1, name).message(2, new Message().message(1, tensor));
}

// Wire types (https://protobuf.dev/programming-guides/encoding).
const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

const encoder = new TextEncoder();

/** One message in the making: a list of pieces, joined once at the end. */
class Message {
  readonly #pieces: Uint8Array[] = [];
  #length = 0;

  integer(field: number, value: number): this {
    return this.#varint(field * 8 + VARINT).#varint(value);
  }

  float(field: number, value: number): this {
    const piece = new Uint8Array(4);
    new DataView(piece.buffer).setFloat32(0, value, true);
    return this.#varint(field * 8 + FIXED32).#piece(piece);
  }

  text(field: number, value: string): this {
    return this.raw(field, encoder.encode(value));
  }

  raw(field: number, value: Uint8Array): this {
    return this.#varint(field * 8 + LENGTH_DELIMITED)
      .#varint(value.length)
      .#piece(value);
  }

  message(field: number, inner: Message): this {
    this.#varint(field * 8 + LENGTH_DELIMITED).#varint(inner.#length);
    for (const piece of inner.#pieces) this.#piece(piece);
    return this;
  }

  bytes(): Uint8Array<ArrayBuffer> {
    const all = new Uint8Array(this.#length);
    let at = 0;
    for (const piece of this.#pieces) {
      all.set(piece, at);
      at += piece.length;
    }
    return all;
  }

  #piece(piece: Uint8Array): this {
    this.#pieces.push(piece);
    this.#length += piece.length;
    return this;
  }

  // Seven bits a byte, the lowest first; a negative number is its 64-bit complement.
  #varint(value: number): this {
    const bytes: number[] = [];
    let rest = BigInt.asUintN(64, BigInt(value));
    do {
      const low = Number(rest & 0x7fn);
      rest >>= 7n;
      bytes.push(rest === 0n ? low : low | 0x80);
    } while (rest !== 0n);
    return this.#piece(Uint8Array.from(bytes));
  }
}
