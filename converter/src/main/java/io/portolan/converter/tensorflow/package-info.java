/**
 * Reads TensorFlow graphs into the ONNX form. One {@link io.portolan.converter.tensorflow.OpDefinition} for each
 * TensorFlow op, found by name in a {@link io.portolan.converter.tensorflow.HandlerRegistry}.
 */
package io.portolan.converter.tensorflow;
