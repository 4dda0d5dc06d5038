/**
 * Reads TensorFlow graphs into the ONNX form. One {@link io.portolan.converter.tensorflow.OpDefinition} for each
 * TensorFlow op, found by name in a {@link io.portolan.converter.tensorflow.HandlerRegistry}.
 *
 * <p>Functions take the place of their calls first; the functions of branches and loops become graphs within the graph.
 */
package io.portolan.converter.tensorflow;
