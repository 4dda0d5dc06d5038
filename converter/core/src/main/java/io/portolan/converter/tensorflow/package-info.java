/**
 * Import of TensorFlow graphs. There is one {@link io.portolan.converter.tensorflow.OpDefinition} for each TensorFlow op, found by
 * name in a {@link io.portolan.converter.tensorflow.HandlerRegistry}.
 *
 * <p>Function calls are inlined first; the functions of branches and loops become nested graphs.
 */
package io.portolan.converter.tensorflow;
