/**
 * A typed, single-assignment form of an ONNX graph.
 *
 * <p>Every {@link io.portolan.converter.ir.Value} has an element type and a shape from the moment it exists, because
 * {@link io.portolan.converter.ir.GraphBuilder} runs the type inference of the
 * {@link io.portolan.converter.ir.Op} that computes it. Dimensions may be symbolic ({@code 8*batch}). Loops and branches run
 * nested graphs, which can use the values of the enclosing ones. Nothing here depends on TensorFlow or protobuf: the importer and the
 * writer translate.
 */
package io.portolan.converter.ir;
