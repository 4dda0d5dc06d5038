/**
 * Changes to a graph between import and writing: small, named, in one ordered list,
 * {@link io.portolan.converter.passes.PassPipeline#standard()}. Every pass works on any graph and keeps what the graph
 * computes and the names of its inputs and outputs.
 */
package io.portolan.converter.passes;
