// From pixels to the model's input, as io.portolan.images.ImagePreprocessor does it, to the last bit.

const CHANNELS = 3;
const LEVELS = 256;
const FRACTION = 2 ** 22;

/** Pillow's convert("L"). @param {Uint8ClampedArray} rgba of stored colours; alpha is ignored */
export function toGrey(rgba) {
  const grey = new Uint8Array(rgba.length / 4);
  for (let i = 0; i < grey.length; i++) {
    grey[i] = (rgba[4 * i] * 19595 + rgba[4 * i + 1] * 38470 + rgba[4 * i + 2] * 7471 + 0x8000) >> 16;
  }
  return grey;
}

/** The source pixels that one target pixel is made of, and their fixed-point weights. */
function windowAt(position, length, newLength) {
  const scale = length / newLength;
  const support = Math.max(scale, 1);
  const centre = (position + 0.5) * scale;
  const start = Math.max(Math.trunc(centre - support + 0.5), 0);
  const end = Math.min(Math.trunc(centre + support + 0.5), length);
  const triangle = Array.from({ length: end - start }, (_, i) => Math.max(0, 1 - Math.abs((start + i - centre + 0.5) / support)));
  const total = triangle.reduce((sum, weight) => sum + weight, 0);
  return { start, weights: triangle.map((weight) => Math.trunc((weight / total) * FRACTION + 0.5)) };
}

/** Resizes every line and transposes on the way, so that doing it twice resizes both axes and lies as before. */
function resizeLines(source, lines, length, newLength) {
  const target = new Uint8Array(newLength * lines);
  for (let position = 0; position < newLength; position++) {
    const { start, weights } = windowAt(position, length, newLength);
    for (let line = 0; line < lines; line++) {
      let sum = FRACTION / 2;
      for (let i = 0; i < weights.length; i++) sum += source[line * length + start + i] * weights[i];
      target[position * lines + line] = Math.min(Math.trunc(sum / FRACTION), 255);
    }
  }
  return target;
}

/** Pillow's resize(…, BILINEAR) of a grey image. */
export function resize(grey, width, height, newWidth, newHeight) {
  return resizeLines(resizeLines(grey, height, width, newWidth), newWidth, height, newHeight);
}

/** Three equal channels, normalised; every operation rounds to float32. @returns (height, width, 3), row-major */
export function normalize(grey, { mean, std }) {
  const table = new Float32Array(LEVELS * CHANNELS);
  for (let level = 0; level < LEVELS; level++) {
    for (let channel = 0; channel < CHANNELS; channel++) {
      const centred = Math.fround(Math.fround(level / 255) - Math.fround(mean[channel]));
      table[level * CHANNELS + channel] = centred / Math.fround(std[channel]);
    }
  }
  const input = new Float32Array(grey.length * CHANNELS);
  for (let i = 0; i < input.length; i++) input[i] = table[grey[Math.trunc(i / CHANNELS)] * CHANNELS + (i % CHANNELS)];
  return input;
}

/** An image file as one sample of the model's input; a video stands still. */
export async function toSample(file, metadata) {
  const image = await createImageBitmap(file, { colorSpaceConversion: "none", premultiplyAlpha: "none", imageOrientation: "none" });
  const { width, height } = image;
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  context.drawImage(image, 0, 0);
  image.close();
  const grey = toGrey(context.getImageData(0, 0, width, height).data);
  const frame = normalize(resize(grey, width, height, metadata.width, metadata.height), metadata);
  const frames = Math.max(metadata.frames, 1);
  const sample = new Float32Array(frames * frame.length);
  for (let i = 0; i < frames; i++) sample.set(frame, i * frame.length);
  return sample;
}
