/**
 * Passes: rewrites of the graph between import and writing, each small and named, in one ordered list,
 * {@link io.portolan.converter.passes.PassPipeline#standard()}. Every pass works on any graph and preserves its results and the names
 * of its inputs and outputs.
 */
package io.portolan.converter.passes;
