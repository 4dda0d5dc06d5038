// How a model is run, for all JavaScript runtimes alike.

const MOST_RUNS = 9;
const MILLISECONDS = 500;

/** The result of a run, and the median time of those after it. */
export async function measured(run) {
  const logits = Array.from(await run());
  const times = [];
  const start = performance.now();
  while (times.length === 0 || (times.length < MOST_RUNS && performance.now() - start < MILLISECONDS)) {
    const before = performance.now();
    await run();
    times.push(performance.now() - before);
  }
  times.sort((one, other) => one - other);
  return { logits, milliseconds: times[times.length >> 1] };
}

/** Runs a model in ONNX Runtime, whichever package it comes from. */
export async function onnxRuntime(ort, model, input, shape, options) {
  const session = await ort.InferenceSession.create(model, options);
  try {
    const feeds = { [session.inputNames[0]]: new ort.Tensor('float32', input, shape) };
    return await measured(async () => (await session.run(feeds))[session.outputNames[0]].data);
  } finally {
    await session.release();
  }
}
