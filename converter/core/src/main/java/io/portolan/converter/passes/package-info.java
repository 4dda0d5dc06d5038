/**
 * Changes to a graph between import and writing: small, named, in one ordered list,
 * {@link io.portolan.converter.PassPipeline#standard()}. Every pass works on any graph and keeps what the graph
 * computes and the names of its inputs and outputs. Here are those that every export runs; passes for a form of Fourier
 * transforms, a type of weights or one runtime have packages of their own.
 */
package io.portolan.converter.passes;
