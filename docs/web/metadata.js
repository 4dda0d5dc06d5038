// What a model file says about itself: the entries "portolan.…" of its metadata_props.

/** Fields of ModelProto and StringStringEntryProto in onnx.proto. */
const METADATA_PROPS = 14;
const KEY = 1;
const VALUE = 2;

/** The wire format of protocol buffers, as far as a walk over the fields of one message needs it. */
class Fields {
  #bytes;
  #position = 0;

  constructor(bytes) {
    this.#bytes = bytes;
  }

  /** Number and contents of each field; contents are null for numbers. */
  *[Symbol.iterator]() {
    while (this.#position < this.#bytes.length) {
      const tag = this.#varint();
      if (tag >= 2 ** 32) throw new Error("not an ONNX file");
      yield [Math.floor(tag / 8), this.#contents(tag % 8)];
    }
  }

  #contents(wireType) {
    switch (wireType) {
      case 0:
        this.#varint();
        return null;
      case 1:
        this.#take(8);
        return null;
      case 2:
        return this.#take(this.#varint());
      case 5:
        this.#take(4);
        return null;
      default:
        throw new Error("not an ONNX file");
    }
  }

  #take(length) {
    const end = this.#position + length;
    if (end > this.#bytes.length) throw new Error("not an ONNX file, or not a whole one");
    const taken = this.#bytes.subarray(this.#position, end);
    this.#position = end;
    return taken;
  }

  /** As a double: exact up to 2^53, and a length beyond that is none. */
  #varint() {
    let value = 0;
    for (let factor = 1; factor < 2 ** 63; factor *= 128) {
      const byte = this.#take(1)[0];
      value += (byte % 128) * factor;
      if (byte < 128) return value;
    }
    // Negative numbers take a tenth byte.
    this.#take(1);
    return value;
  }
}

function properties(bytes) {
  const text = new TextDecoder();
  const found = new Map();
  for (const [field, contents] of new Fields(bytes)) {
    if (field === METADATA_PROPS && contents !== null) {
      const entry = new Map(new Fields(contents));
      found.set(text.decode(entry.get(KEY)), text.decode(entry.get(VALUE)));
    }
  }
  return found;
}

/**
 * @param {Uint8Array} bytes of an ONNX file
 * @returns labels; frames (0 for a still image), height and width of the input; mean and std of its three channels
 * @throws {Error} if it is no ONNX file, or Portolan did not write it
 */
export function readMetadata(bytes) {
  const found = properties(bytes);
  const get = (key) => {
    const value = found.get(`portolan.${key}`);
    if (!value) throw new Error(`metadata portolan.${key} is missing; export the model with Portolan`);
    return value;
  };
  const size = (key) => {
    const value = Number(get(key));
    if (!Number.isInteger(value) || value < 1) throw new Error(`metadata portolan.${key} is garbled`);
    return value;
  };
  const numbers = (key) => {
    const values = get(key).split(",").map(Number);
    if (values.length !== 3 || !values.every(Number.isFinite)) throw new Error(`metadata portolan.${key} is garbled`);
    return values;
  };
  if (get("format") !== "1") throw new Error(`metadata portolan.format is ${get("format")}; this page reads 1`);
  return {
    labels: get("labels").split("\n"),
    frames: get("input.layout") === "NTHWC" ? size("input.frames") : 0,
    height: size("input.height"),
    width: size("input.width"),
    mean: numbers("input.mean"),
    std: numbers("input.std"),
  };
}
