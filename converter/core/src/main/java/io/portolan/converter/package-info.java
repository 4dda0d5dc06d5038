/**
 * Conversion of any TensorFlow graph to ONNX: {@link io.portolan.converter.TensorFlowConverter} imports, simplifies, writes, checks and compares.
 */
package io.portolan.converter;
