/**
 * A typed, single-assignment form of an ONNX graph.
 *
 * <p>Every {@link io.portolan.converter.ir.Value} has an element type and a shape from the moment it exists, because
 * {@link io.portolan.converter.ir.GraphBuilder} runs the type inference of the
 * {@link io.portolan.converter.ir.Op} that makes it. Dimensions may be symbolic ({@code 8*batch}). What loops and branches
 * run are graphs within the graph, which see its values. Nothing here knows TensorFlow or protobuf: frontends and the writer
 * translate at the edges.
 */
package io.portolan.converter.ir;
