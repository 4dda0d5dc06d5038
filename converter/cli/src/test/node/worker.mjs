// Answers requests, one line of JSON each, with the runtime that the first argument names.

import fs from 'node:fs';
import readline from 'node:readline';
import { measured, onnxRuntime } from './measure.mjs';

function floats(file) {
  const bytes = fs.readFileSync(file);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

async function onnxRuntimeNode() {
  const { default: ort } = await import('onnxruntime-node');
  return {
    version: ort.env.versions.node,
    run: ({ model, input, shape }) => onnxRuntime(ort, fs.readFileSync(model), floats(input), shape),
  };
}

async function openCvJs() {
  const { default: loading } = await import('@techstark/opencv-js');
  const cv = await loading;

  function net(file) {
    cv.FS_createDataFile('/', 'model.onnx', fs.readFileSync(file), true, true, true);
    try {
      return cv.readNetFromONNX('/model.onnx');
    } finally {
      cv.FS_unlink('/model.onnx');
    }
  }

  // A matrix of JavaScript has two axes and a blob made of it is channels-first: only a net gives it the input's shape.
  function shaped({ input, shape, reshape }, owned) {
    const columns = shape.slice(2).reduce((product, size) => product * size);
    const image = owned(cv.matFromArray(shape[1], columns, cv.CV_32FC1, floats(input)));
    const noSize = new cv.Size(0, 0);
    const blob = owned(cv.blobFromImage(image, 1, noSize, new cv.Scalar(0, 0, 0, 0), false, false, cv.CV_32F));
    const reshaping = owned(net(reshape));
    reshaping.setInput(blob, '');
    return owned(reshaping.forward(''));
  }

  return {
    version: /OpenCV (\S+)/.exec(cv.getBuildInformation())[1],
    run: async request => {
      const all = [];
      const owned = one => {
        all.push(one);
        return one;
      };
      try {
        const input = shaped(request, owned);
        const model = owned(net(request.model));
        return await measured(async () => {
          model.setInput(input, '');
          const output = model.forward('');
          const logits = Float32Array.from(output.data32F);
          output.delete();
          return logits;
        });
      } catch (thrown) {
        throw thrown instanceof Error ? thrown : new Error(cv.exceptionFromPtr(thrown).msg);
      } finally {
        all.forEach(one => one.delete());
      }
    },
  };
}

const RUNTIMES = { 'onnxruntime-node': onnxRuntimeNode, 'opencv-js': openCvJs };

function say(answer) {
  console.log(JSON.stringify(answer));
}

const runtime = await RUNTIMES[process.argv[2]]();
say({ version: runtime.version });
for await (const line of readline.createInterface({ input: process.stdin })) {
  say(await runtime.run(JSON.parse(line)).catch(refused => ({ refused: refused.message })));
}
