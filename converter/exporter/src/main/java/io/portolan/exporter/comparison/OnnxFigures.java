package io.portolan.exporter.comparison;

/**
 * The exported model.
 *
 * @param bytes size of the file
 * @param milliseconds median time of a call with one image in ONNX Runtime on the CPU
 * @param threads number of threads of the call
 */
public record OnnxFigures(long bytes, double milliseconds, int threads) {}
