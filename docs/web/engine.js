import * as ort from "./node_modules/onnxruntime-web/dist/ort.wasm.bundle.min.mjs";
import { readMetadata } from "./metadata.js";
import { toSample } from "./preprocess.js";

// Classifies in this browser. A server's page has another module of this name.

const DEMO = "demo/model.onnx";
const EXAMPLES = ["connected_0", "disconnected_0", "connected_1", "disconnected_1"];

/** More would need headers that a plain server of files does not send. */
ort.env.wasm.numThreads = 1;

function softmax(logits) {
  const largest = Math.max(...logits);
  const weights = logits.map((logit) => Math.exp(logit - largest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

class Engine {
  #session;
  #metadata;

  constructor(url, session, metadata) {
    this.#session = session;
    this.#metadata = metadata;
    this.name = url.split("/").pop();
    this.about = "The model runs in this browser: no image leaves it.";
    this.width = metadata.width;
    this.height = metadata.height;
    this.examples = url === DEMO ? EXAMPLES.map((name) => ({ name, url: `demo/images/${name}.png` })) : [];
  }

  /** @param {Blob} file an image */
  async classify(file) {
    const { labels, frames, height, width } = this.#metadata;
    const shape = frames === 0 ? [1, height, width, 3] : [1, frames, height, width, 3];
    const sample = new ort.Tensor("float32", await toSample(file, this.#metadata), shape);
    const start = performance.now();
    const answers = await this.#session.run({ [this.#session.inputNames[0]]: sample });
    const milliseconds = performance.now() - start;
    const logits = [...answers[this.#session.outputNames[0]].data];
    if (!logits.every(Number.isFinite)) throw new Error("the model's answer is not finite; check its weights");
    const probabilities = softmax(logits);
    const chosen = logits.indexOf(Math.max(...logits));
    return { label: labels[chosen], confidence: probabilities[chosen], labels, logits, probabilities, milliseconds, timed: "in the model" };
  }
}

/** Loads the model that the address names after ?model=, or the demo's. */
export async function open() {
  const url = new URLSearchParams(location.search).get("model") ?? DEMO;
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`There is no model at ${url} (${answer.status}). README.md says how to make the demo's.`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const metadata = readMetadata(bytes);
  return new Engine(url, await ort.InferenceSession.create(bytes), metadata);
}
