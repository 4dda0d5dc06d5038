/**
 * Conversion of any TensorFlow graph to ONNX: {@link io.portolan.converter.TensorFlowConverter} imports, simplifies, writes, checks and compares;
 * {@link io.portolan.converter.ExportOptions} determine the passes of its {@link io.portolan.converter.PassPipeline}.
 */
package io.portolan.converter;
